import Dispatch
import Foundation
import Vidimus

/// The key store of a phone, over any hardware and any keychain.
///
/// The hardware's keys are known by handles, and the handles stand in the keychain. A name that is taken stays taken.
public final class EnclaveKeyStore: KeyStore {
    private let enclave: any EnclaveKeys
    private let items: any KeychainItems
    /// Keychain and hardware block, which the threads of Swift's tasks must not. One call at a time: the hardware does no
    /// more, and so no two calls of this process make the same key.
    private let queue = DispatchQueue(label: "vidimus.keys", qos: .userInitiated)

    /// Takes the hardware and the keychain.
    public init(enclave: any EnclaveKeys, items: any KeychainItems) {
        self.enclave = enclave
        self.items = items
    }

    /// P-256; `nil` where there is no such hardware.
    public var holderAlgorithm: HolderAlgorithm? {
        get async throws(DeviceError) { enclave.isAvailable ? .p256 : nil }
    }

    /// Wraps a data key under this device's wrapping key, which is made on first use.
    ///
    /// - Throws: ``Vidimus/DeviceError/unavailable`` without such hardware, and what the hardware and the keychain say.
    public func wrap(_ dataKey: DataKey) async throws(DeviceError) -> Data {
        try await blocking { [self] () throws(DeviceError) in
            guard enclave.isAvailable else { throw .unavailable }
            return WrappedKey(sealed: try enclave.seal(dataKey, with: try wrappingKey())).encoded
        }
    }

    /// Unwraps what ``wrap(_:)`` returned on this device.
    ///
    /// - Throws: ``Vidimus/DeviceError/notFound`` where this device has no wrapping key, ``Vidimus/DeviceError/refused``
    ///   for bytes that its key did not wrap, and what the hardware and the keychain say.
    public func unwrap(_ wrapped: Data, into dataKey: DataKey) async throws(DeviceError) {
        try await blocking { [self] () throws(DeviceError) in
            guard let handle = try items.read(KeychainName.wrappingKey) else { throw .notFound }
            try enclave.open(try WrappedKey(encoded: wrapped).sealed, into: dataKey, with: handle)
        }
    }

    /// Makes a holder key under a name that is not taken.
    ///
    /// - Returns: Its public part: 65 bytes, `04‖x‖y`.
    /// - Throws: ``Vidimus/DeviceError/refused`` where the name is taken or is no name, ``Vidimus/DeviceError/unavailable``
    ///   without such hardware or without a passcode, and what else the hardware and the keychain say.
    public func createHolderKey(named name: String) async throws(DeviceError) -> Data {
        try await blocking { [self] () throws(DeviceError) in
            guard enclave.isAvailable else { throw .unavailable }
            let item = try KeychainName.holderKey(name)
            guard try items.read(item) == nil else { throw .refused }
            let key = try enclave.makeSigningKey()
            // Where another process was faster its key stays, and ours, whose handle nobody holds, is nothing.
            guard try items.add(key.handle, named: item) else { throw .refused }
            return key.publicKey
        }
    }

    /// Signs with a holder key.
    ///
    /// - Returns: 64 bytes, `r‖s`.
    /// - Throws: ``Vidimus/DeviceError/notFound`` for a name without a key, ``Vidimus/DeviceError/locked`` while the
    ///   phone is locked, ``Vidimus/DeviceError/invalidated`` where its passcode was removed, and what else the hardware and
    ///   the keychain say.
    public func sign(_ message: Data, withKeyNamed name: String) async throws(DeviceError) -> Data {
        try await blocking { [self] () throws(DeviceError) in
            guard let item = try? KeychainName.holderKey(name), let handle = try items.read(item) else {
                throw .notFound
            }
            return try enclave.sign(message, with: handle)
        }
    }

    /// Deletes a holder key; without its handle the hardware cannot use it ever again.
    ///
    /// - Throws: What the keychain says.
    public func deleteHolderKey(named name: String) async throws(DeviceError) {
        try await blocking { [self] () throws(DeviceError) in
            guard let item = try? KeychainName.holderKey(name) else { return }
            try items.delete(item)
        }
    }

    /// The highest number that was ever raised; `nil` before the first.
    ///
    /// - Throws: What the keychain says.
    public func readAnchor() async throws(DeviceError) -> Int64? {
        try await blocking { [self] () throws(DeviceError) in try Anchor(items: items).read() }
    }

    /// Raises the number, also against other processes.
    ///
    /// - Throws: ``Vidimus/DeviceError/refused`` for a number below zero, and what the keychain says.
    public func raiseAnchor(to epoch: Int64) async throws(DeviceError) {
        try await blocking { [self] () throws(DeviceError) in try Anchor(items: items).raise(to: epoch) }
    }

    /// The handle of the wrapping key, made where there is none.
    private func wrappingKey() throws(DeviceError) -> Data {
        if let handle = try items.read(KeychainName.wrappingKey) { return handle }
        let made = try enclave.makeSealingKey()
        if try items.add(made, named: KeychainName.wrappingKey) { return made }
        // Another process was faster; its key is the device's.
        guard let handle = try items.read(KeychainName.wrappingKey) else { throw .failed }
        return handle
    }

    private func blocking<Answer: Sendable>(
        _ work: @escaping @Sendable () throws(DeviceError) -> Answer
    ) async throws(DeviceError) -> Answer {
        let result: Result<Answer, DeviceError> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(DeviceError) {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
