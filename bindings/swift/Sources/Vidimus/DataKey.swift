import Foundation
import VidimusCore

/// The 32-byte key under which a wallet seals what it stores, on its way to or from a ``KeyStore``.
///
/// The bytes stand outside of Swift's memory, and are wiped when the call is over.
public struct DataKey: Sendable {
    let core: VidimusCore.DataKeySlot

    init(_ core: VidimusCore.DataKeySlot) {
        self.core = core
    }

    /// Reads the key of ``KeyStore/wrap(_:)``, in a buffer that is wiped afterwards.
    ///
    /// - Throws: ``DeviceError/notFound`` before a key was put and after the call is over; and what
    ///   `body` throws.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 32, alignment: 8)
        defer {
            buffer.wipe()
            buffer.deallocate()
        }
        do {
            // Word by word, in registers: nothing of the key is left behind on the way.
            for index in 0..<4 {
                let word = try core.word(index: index)
                buffer.storeBytes(of: word.bigEndian, toByteOffset: 8 * index, as: Int64.self)
            }
        } catch {
            throw DeviceError.notFound
        }
        return try body(UnsafeRawBufferPointer(buffer))
    }

    /// Puts the key that ``KeyStore/unwrap(_:into:)`` has unwrapped: 32 bytes. The caller wipes its
    /// own.
    ///
    /// - Throws: ``DeviceError/refused`` for another length.
    public func put(_ bytes: UnsafeRawBufferPointer) throws(DeviceError) {
        // No copy; nothing is written through it.
        let pointer = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        let data = pointer.map { Data(bytesNoCopy: $0, count: bytes.count, deallocator: .none) } ?? Data()
        do {
            try core.put(bytes: data)
        } catch {
            throw .refused
        }
    }

    /// Puts the key that ``KeyStore/unwrap(_:into:)`` has unwrapped, and wipes `bytes`.
    ///
    /// - Throws: ``DeviceError/refused`` for another length than 32.
    public func put(wiping bytes: inout Data) throws {
        defer { bytes.withUnsafeMutableBytes { $0.wipe() } }
        try bytes.withUnsafeBytes { try put($0) }
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Zeroes, in a way that the optimizer keeps.
    fileprivate func wipe() {
        guard let baseAddress else { return }
        #if canImport(Darwin)
            memset_s(baseAddress, count, 0, count)
        #else
            explicit_bzero(baseAddress, count)
        #endif
    }
}
