import Foundation
import VidimusCore

/// The device's protected keys, and its one protected number: what an app implements over the
/// Secure Enclave and the keychain.
///
/// Throw a ``DeviceError``; anything else counts as ``DeviceError/failed``. Each call has 10 s:
/// then its task is cancelled, the wallet goes on with `KeyStoreProblem.timeout`, and a late answer
/// is dropped. Several calls may come at once, on the few threads that all of Swift's tasks share.
/// What blocks, such as `SecKeyCreateSignature`, belongs on a dispatch queue of your own that
/// resumes a continuation.
public protocol KeyStore: Sendable {
    /// The algorithm of holder keys in hardware; `nil` where there is none, and the vault seals the
    /// holder key itself. Asked once for each wallet that is made or opened.
    var holderAlgorithm: HolderAlgorithm? { get async throws }

    /// Wraps a data key under a key that never leaves this device, and that is made on first use.
    ///
    /// - Returns: At most 4,096 bytes, different each time.
    func wrap(_ dataKey: DataKey) async throws -> Data

    /// Unwraps what ``wrap(_:)`` returned on this device, and puts it into `dataKey`.
    ///
    /// - Throws: ``DeviceError/notFound`` where this device has no wrapping key,
    ///   ``DeviceError/refused`` for bytes that its key did not wrap, ``DeviceError/invalidated``
    ///   where the device has destroyed the key.
    func unwrap(_ wrapped: Data, into dataKey: DataKey) async throws

    /// Makes a holder key under a name of 1 to 64 characters of `[a-z0-9-]`.
    ///
    /// - Returns: Its public part: 65 bytes `04‖x‖y` for P-256 (ANSI X9.63), 32 bytes for Ed25519.
    /// - Throws: ``DeviceError/unavailable`` where ``holderAlgorithm`` is `nil`,
    ///   ``DeviceError/refused`` where the name is taken, since a key is never replaced, or is not
    ///   such a name.
    func createHolderKey(named name: String) async throws -> Data

    /// Signs with a holder key.
    ///
    /// - Returns: 64 bytes; for P-256 `r‖s`, what CryptoKit calls the raw representation.
    /// - Throws: ``DeviceError/notFound`` for a name without a key.
    func sign(_ message: Data, withKeyNamed name: String) async throws -> Data

    /// Deletes a holder key. One that is not there is no error, so that a deletion can be repeated.
    func deleteHolderKey(named name: String) async throws

    /// The highest number that was ever raised here; `nil` before the first. By it the wallet
    /// notices that an older copy of its files was put in place, so keep it where a backup does not
    /// bring it back.
    func readAnchor() async throws -> Int64?

    /// Raises the number. A lower or equal one changes nothing and is no error.
    func raiseAnchor(to epoch: Int64) async throws

    /// Moves a number that is damaged to another name, so that a wallet that is made after this
    /// finds none; one that can be read stays. It is called when the wallet that the number
    /// belonged to was set aside. A store whose number cannot be damaged need not have it.
    func setDamagedAnchorAside() async throws

    /// A separate store of this device under a name of the form of a holder key's, such as a
    /// reader's beside a wallet's: with another wrapping key, another number and other holder keys,
    /// so that neither can read or change what is the other's. One name leads to one store, also
    /// after a restart. It makes no key yet and returns at once. It is asked of the app's store
    /// alone, never of a named one.
    func named(_ name: String) throws -> any KeyStore
}

extension KeyStore {
    /// Leaves a number as it is: that of this store cannot be damaged.
    public func setDamagedAnchorAside() async throws {}
}

/// The kind of a holder key.
public typealias HolderAlgorithm = VidimusCore.HolderAlgorithm

/// Shows the core a key store of the app's own.
final class ForeignKeyStore: VidimusCore.CoreKeyStore {
    private let store: any KeyStore
    private let limit = Duration.seconds(10)

    init(_ store: any KeyStore) {
        self.store = store
    }

    func holderAlgorithm() async throws -> VidimusCore.HolderAlgorithm? {
        try await asDevice(within: limit) { [store] in try await store.holderAlgorithm }
    }

    func wrap(dataKey: VidimusCore.DataKeySlot) async throws -> Data {
        try await asDevice(within: limit) { [store] in try await store.wrap(DataKey(dataKey)) }
    }

    func unwrap(wrapped: Data, into slot: VidimusCore.DataKeySlot) async throws {
        try await asDevice(within: limit) { [store] in try await store.unwrap(wrapped, into: DataKey(slot)) }
    }

    func createHolderKey(name: String) async throws -> Data {
        try await asDevice(within: limit) { [store] in try await store.createHolderKey(named: name) }
    }

    func sign(name: String, message: Data) async throws -> Data {
        try await asDevice(within: limit) { [store] in try await store.sign(message, withKeyNamed: name) }
    }

    func deleteHolderKey(name: String) async throws {
        try await asDevice(within: limit) { [store] in try await store.deleteHolderKey(named: name) }
    }

    func readAnchor() async throws -> Int64? {
        try await asDevice(within: limit) { [store] in try await store.readAnchor() }
    }

    func raiseAnchor(epoch: Int64) async throws {
        try await asDevice(within: limit) { [store] in try await store.raiseAnchor(to: epoch) }
    }

    func setDamagedAnchorAside() async throws {
        try await asDevice(within: limit) { [store] in try await store.setDamagedAnchorAside() }
    }

    func named(name: String) throws -> any VidimusCore.CoreKeyStore {
        do {
            return try store.named(name).forCore
        } catch {
            throw DeviceError(error).core
        }
    }
}

extension KeyStore {
    /// This store as the core sees it; one of the core's own is handed back as it is.
    package var forCore: any VidimusCore.CoreKeyStore {
        (self as? FileKeyStore)?.core ?? ForeignKeyStore(self)
    }
}
