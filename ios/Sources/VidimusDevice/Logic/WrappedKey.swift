import Foundation
import Vidimus

/// A wrapped data key as the vault stores it: one byte that says how it was made, and what the
/// hardware sealed.
///
/// The byte is there so that another way can be told apart one day. It needs no protection: another
/// value than the one that is known is refused.
struct WrappedKey: Equatable {
    private static let version: UInt8 = 1
    /// What the vault takes at most.
    private static let longest = 4096

    let sealed: Data

    init(sealed: Data) {
        self.sealed = sealed
    }

    /// - Throws: `DeviceError.refused` for what is none.
    init(encoded: Data) throws(DeviceError) {
        guard encoded.first == Self.version, (2...Self.longest).contains(encoded.count) else { throw .refused }
        // A slice keeps its indices; anyone who gets this may count from 0.
        sealed = Data(encoded.dropFirst())
    }

    var encoded: Data {
        Data([Self.version]) + sealed
    }
}
