import Foundation

/// Reads a PNG of shades of grey (RFC 2083), as far as a picture of a QR needs it: not interlaced.
public struct GreyPicture {
    /// How many pixels a row has.
    public let width: Int
    /// How many rows it has.
    public let height: Int
    private let dark: [Bool]

    struct Unreadable: Error {}

    /// The picture of a file.
    public init(png: Data) throws {
        let bytes = [UInt8](png)
        guard bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) else { throw Unreadable() }
        var (at, header, packed) = (8, [UInt8](), [UInt8]())
        while at + 12 <= bytes.count {
            let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
            let kind = String(decoding: bytes[at + 4..<at + 8], as: UTF8.self)
            guard at + 12 + length <= bytes.count else { throw Unreadable() }
            let content = bytes[at + 8..<at + 8 + length]
            if kind == "IHDR" { header = Array(content) }
            if kind == "IDAT" { packed += content }
            at += 12 + length
        }
        guard header.count == 13, header[9] == 0, header[12] == 0, [1, 8].contains(header[8]) else {
            throw Unreadable()
        }
        let depth = Int(header[8])
        width = header[0..<4].reduce(0) { $0 << 8 | Int($1) }
        height = header[4..<8].reduce(0) { $0 << 8 | Int($1) }
        let lines = try Self.unfiltered(inflate(packed.dropFirst(2)), height: height, length: (width * depth + 7) / 8)
        let columns = width
        dark = lines.flatMap { line in
            (0..<columns).map { x in
                depth == 8 ? line[x] < 128 : line[x / 8] & (0x80 >> (x % 8)) == 0
            }
        }
    }

    /// Whether a pixel is nearer to black than to white; counted from 0 at the top left.
    public func isDark(x: Int, y: Int) -> Bool { dark[y * width + x] }

    private static func unfiltered(_ bytes: [UInt8], height: Int, length: Int) throws -> [[UInt8]] {
        guard bytes.count == height * (length + 1) else { throw Unreadable() }
        var lines: [[UInt8]] = []
        for y in 0..<height {
            let start = y * (length + 1)
            var line = Array(bytes[start + 1..<start + 1 + length])
            let above = lines.last ?? Array(repeating: 0, count: length)
            for x in 0..<length {
                let (left, up, corner) = (x > 0 ? line[x - 1] : 0, above[x], x > 0 ? above[x - 1] : 0)
                switch bytes[start] {
                case 0: break
                case 1: line[x] &+= left
                case 2: line[x] &+= up
                case 3: line[x] &+= UInt8((Int(left) + Int(up)) / 2)
                case 4: line[x] &+= paeth(left, up, corner)
                default: throw Unreadable()
                }
            }
            lines.append(line)
        }
        return lines
    }

    private static func paeth(_ left: UInt8, _ up: UInt8, _ corner: UInt8) -> UInt8 {
        let guess = Int(left) + Int(up) - Int(corner)
        let distances = [left, up, corner].map { abs(guess - Int($0)) }
        if distances[0] <= distances[1], distances[0] <= distances[2] { return left }
        return distances[1] <= distances[2] ? up : corner
    }
}

/// Unpacks a stream of deflate (RFC 1951); what stands behind it is not looked at.
private func inflate(_ packed: some Sequence<UInt8>) throws -> [UInt8] {
    var bits = BitReader(Array(packed))
    var output: [UInt8] = []
    var isLast = false
    while !isLast {
        isLast = try bits.take(1) == 1
        switch try bits.take(2) {
        case 0:
            try bits.skipToByte()
            let length = try bits.take(16)
            _ = try bits.take(16)
            for _ in 0..<length { output.append(UInt8(try bits.take(8))) }
        case 1:
            let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
            try copy(&bits, Huffman(lengths), Huffman(Array(repeating: 5, count: 30)), into: &output)
        case 2:
            let (literals, distances) = try codes(&bits)
            try copy(&bits, literals, distances, into: &output)
        default: throw GreyPicture.Unreadable()
        }
    }
    return output
}

private func codes(_ bits: inout BitReader) throws -> (Huffman, Huffman) {
    let (literals, distances, known) = (try bits.take(5) + 257, try bits.take(5) + 1, try bits.take(4) + 4)
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var small = Array(repeating: 0, count: 19)
    for index in order.prefix(known) { small[index] = try bits.take(3) }
    let code = Huffman(small)
    var lengths: [Int] = []
    while lengths.count < literals + distances {
        switch try code.next(&bits) {
        case 16: lengths += Array(repeating: lengths.last ?? 0, count: try bits.take(2) + 3)
        case 17: lengths += Array(repeating: 0, count: try bits.take(3) + 3)
        case 18: lengths += Array(repeating: 0, count: try bits.take(7) + 11)
        case let length: lengths.append(length)
        }
    }
    return (Huffman(Array(lengths[..<literals])), Huffman(Array(lengths[literals...])))
}

private func copy(_ bits: inout BitReader, _ literals: Huffman, _ distances: Huffman, into output: inout [UInt8]) throws
{
    while true {
        let symbol = try literals.next(&bits)
        if symbol == 256 { return }
        if symbol < 256 {
            output.append(UInt8(symbol))
            continue
        }
        let index = symbol - 257
        let lengthBits = index < 8 || index == 28 ? 0 : (index - 4) / 4
        let base = index < 8 ? index + 3 : index == 28 ? 258 : ((4 + index % 4) << lengthBits) + 3
        let length = base + (try bits.take(lengthBits))
        let far = try distances.next(&bits)
        let farBits = far < 4 ? 0 : far / 2 - 1
        let distance = (far < 4 ? far + 1 : ((2 + far % 2) << farBits) + 1) + (try bits.take(farBits))
        guard distance <= output.count else { throw GreyPicture.Unreadable() }
        for _ in 0..<length { output.append(output[output.count - distance]) }
    }
}

private struct BitReader {
    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func take(_ count: Int) throws -> Int {
        guard at + count <= 8 * bytes.count else { throw GreyPicture.Unreadable() }
        defer { at += count }
        var value = 0
        for place in 0..<count {
            let bit = bytes[(at + place) / 8] >> UInt8((at + place) % 8) & 1
            value |= Int(bit) << place
        }
        return value
    }

    mutating func skipToByte() throws { at = (at + 7) / 8 * 8 }
}

/// A canonical prefix code, given by the length of each symbol's word.
private struct Huffman {
    private var words: [Int: Int] = [:]

    init(_ lengths: [Int]) {
        var word = 0
        for length in 1...15 {
            for (symbol, own) in lengths.enumerated() where own == length {
                words[length << 16 | word] = symbol
                word += 1
            }
            word <<= 1
        }
    }

    func next(_ bits: inout BitReader) throws -> Int {
        var word = 0
        for length in 1...15 {
            word = word << 1 | (try bits.take(1))
            if let symbol = words[length << 16 | word] { return symbol }
        }
        throw GreyPicture.Unreadable()
    }
}
