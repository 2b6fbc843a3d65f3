import Foundation

/// What this process can read of itself.
enum ProcessMemory {
    /// In how many places a secret stands. It is given byte by byte with a mask on it, and is never
    /// put together here.
    static func places(of masked: [UInt8], mask: UInt8) throws -> Int {
        let file = open("/proc/self/mem", O_RDONLY)
        guard file >= 0 else { throw POSIXError(.EACCES) }
        defer { close(file) }
        let size = 1 << 20
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 4096)
        defer { buffer.deallocate() }
        var found = 0
        for region in try writableRegions() {
            var address = region.lowerBound
            while address < region.upperBound {
                let wanted = min(size, Int(region.upperBound - address))
                let read = pread(file, buffer.baseAddress, wanted, off_t(address))
                guard read >= masked.count else { break }
                found += count(masked, mask, in: UnsafeRawBufferPointer(rebasing: buffer[..<read]))
                // What begins at the end of this piece is found in the next one.
                address += UInt64(read == wanted && wanted == size ? read - masked.count + 1 : wanted)
            }
        }
        return found
    }

    /// The memory that stays while the process runs, in kilobytes.
    static func residentKilobytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line.flatMap { Int($0.split(separator: " ").dropLast().last ?? "") } ?? 0
    }

    private static func writableRegions() throws -> [Range<UInt64>] {
        try String(contentsOfFile: "/proc/self/maps", encoding: .utf8).split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            let ends = fields[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
            guard fields[1].hasPrefix("rw"), ends.count == 2, fields.last != "[vvar]" else { return nil }
            return ends[0]..<ends[1]
        }
    }

    private static func count(_ masked: [UInt8], _ mask: UInt8, in bytes: UnsafeRawBufferPointer) -> Int {
        guard let start = bytes.baseAddress, bytes.count >= masked.count else { return 0 }
        let first = Int32(masked[0] ^ mask)
        let end = bytes.count - masked.count + 1
        var found = 0
        var offset = 0
        while offset < end, let hit = memchr(start + offset, first, end - offset) {
            let at = UnsafeRawPointer(hit)
            let matches = masked.indices.allSatisfy { at.load(fromByteOffset: $0, as: UInt8.self) ^ mask == masked[$0] }
            if matches { found += 1 }
            offset = at - start + 1
        }
        return found
    }
}
