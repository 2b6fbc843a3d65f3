import Foundation
import Vidimus

/// What makes and uses keys that never leave it: on a phone the Secure Enclave.
///
/// A key is known by its handle: bytes that mean something only to the hardware that made it, and
/// that may be stored anywhere. Each call may block for some milliseconds.
public protocol EnclaveKeys: Sendable {
    /// Whether there is such hardware.
    var isAvailable: Bool { get }

    /// Makes a key that seals. It can be used from the first unlock after a start on, also while
    /// the phone is locked.
    ///
    /// - Returns: Its handle.
    /// - Throws: What the hardware says.
    func makeSealingKey() throws(DeviceError) -> Data

    /// Seals a data key, differently each time.
    ///
    /// - Returns: At most 4,095 bytes.
    /// - Throws: ``Vidimus/DeviceError/invalidated`` where the hardware has destroyed the key, and
    ///   what else it says.
    func seal(_ dataKey: DataKey, with handle: Data) throws(DeviceError) -> Data

    /// Opens what ``seal(_:with:)`` returned with the same key, and puts it into `dataKey`.
    ///
    /// - Throws: ``Vidimus/DeviceError/refused`` for anything else,
    ///   ``Vidimus/DeviceError/invalidated`` where the hardware has destroyed the key, and what
    ///   else it says.
    func open(_ sealed: Data, into dataKey: DataKey, with handle: Data) throws(DeviceError)

    /// Seals something and opens it again. A handle may tell the public key, which is all that
    /// sealing takes, after the hardware has lost the private one: so it is on a phone that was
    /// erased and restored from a backup.
    ///
    /// - Throws: ``Vidimus/DeviceError/invalidated`` where the hardware has destroyed the key, and
    ///   what else it says.
    func prove(_ handle: Data) throws(DeviceError)

    /// Makes a P-256 key that signs, while the phone is unlocked and for as long as it has a
    /// passcode.
    ///
    /// - Throws: ``Vidimus/DeviceError/unavailable`` on a phone without a passcode, and what else
    ///   the hardware says.
    func makeSigningKey() throws(DeviceError) -> SigningKey

    /// Signs a message: ECDSA with SHA-256.
    ///
    /// - Returns: 64 bytes, `r‖s`.
    /// - Throws: ``Vidimus/DeviceError/invalidated`` where the hardware has destroyed the key, and
    ///   what else it says.
    func sign(_ message: Data, with handle: Data) throws(DeviceError) -> Data
}

/// A key that was made just now.
public struct SigningKey: Sendable {
    /// What names the key to its hardware: not secret, and useless elsewhere.
    public let handle: Data
    /// Its public part: 65 bytes, `04‖x‖y`.
    public let publicKey: Data

    /// Takes the public part and the handle.
    public init(handle: Data, publicKey: Data) {
        self.handle = handle
        self.publicKey = publicKey
    }
}
