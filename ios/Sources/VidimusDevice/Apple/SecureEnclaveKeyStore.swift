import Foundation
import Vidimus

/// The key store of an iPhone: keys in its Secure Enclave, their handles and the anchor in its
/// keychain.
///
/// Open a wallet with it at any time after the first unlock, also in the background. Before that,
/// which is after a start of the phone, each call throws ``Vidimus/DeviceError/locked``: try again
/// later, and lose nothing.
public struct SecureEnclaveKeyStore: KeyStore {
    private let keys: EnclaveKeyStore

    /// One for each wallet.
    ///
    /// - Parameters:
    ///   - service: The name of its items in the keychain, such as the app's bundle identifier.
    ///     Another one is another device to the wallet.
    ///   - accessGroup: The keychain access group that an app shares with its extensions, with the
    ///     team's prefix; `nil` for the first one of its entitlements.
    public init(service: String, accessGroup: String? = nil) {
        let keychain = Keychain(service: service, accessGroup: accessGroup)
        keys = EnclaveKeyStore(enclave: SecureEnclaveKeys(), items: keychain)
    }

    /// P-256: what the Secure Enclave has.
    public var holderAlgorithm: HolderAlgorithm? {
        get async throws(DeviceError) { try await keys.holderAlgorithm }
    }

    /// Wraps a data key under a key of the Secure Enclave, which is made on first use.
    public func wrap(_ dataKey: DataKey) async throws(DeviceError) -> Data {
        try await keys.wrap(dataKey)
    }

    /// Unwraps what ``wrap(_:)`` returned on this phone.
    public func unwrap(_ wrapped: Data, into dataKey: DataKey) async throws(DeviceError) {
        try await keys.unwrap(wrapped, into: dataKey)
    }

    /// Makes a holder key. The phone must be unlocked and have a passcode.
    public func createHolderKey(named name: String) async throws(DeviceError) -> Data {
        try await keys.createHolderKey(named: name)
    }

    /// Signs with a holder key. The phone must be unlocked.
    public func sign(_ message: Data, withKeyNamed name: String) async throws(DeviceError) -> Data {
        try await keys.sign(message, withKeyNamed: name)
    }

    /// Deletes a holder key.
    public func deleteHolderKey(named name: String) async throws(DeviceError) {
        try await keys.deleteHolderKey(named: name)
    }

    /// The highest number that was ever raised.
    public func readAnchor() async throws(DeviceError) -> Int64? {
        try await keys.readAnchor()
    }

    /// Raises the number. A lower or equal one changes nothing.
    public func raiseAnchor(to epoch: Int64) async throws(DeviceError) {
        try await keys.raiseAnchor(to: epoch)
    }

    /// Other items of the same service.
    public func named(_ name: String) throws(DeviceError) -> any KeyStore {
        try keys.named(name)
    }
}
