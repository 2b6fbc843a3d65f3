import Dispatch
import Foundation
import Vidimus

/// The key store of a phone, over any hardware and any keychain.
///
/// The hardware's keys are known by handles, and the handles stand in the keychain. A name that is
/// taken stays taken.
public final class EnclaveKeyStore: KeyStore {
    private let enclave: any EnclaveKeys
    private let items: any KeychainItems
    /// Keychain and hardware block, which the threads of Swift's tasks must not. One call at a
    /// time: the hardware does no more, and so no two calls of this process make the same key.
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

    /// Wraps a data key under this device's newest wrapping key, which is made on first use, and
    /// once more where the one that is there cannot be used any more. That one stays: no wallet
    /// loses the key that it was wrapped under.
    ///
    /// - Throws: ``Vidimus/DeviceError/unavailable`` without such hardware, and what the hardware
    ///   and the keychain say.
    public func wrap(_ dataKey: DataKey) async throws(DeviceError) -> Data {
        try await blocking { [self] () throws(DeviceError) in
            guard enclave.isAvailable else { throw .unavailable }
            return WrappedKey(sealed: try enclave.seal(dataKey, with: try provenKey())).encoded
        }
    }

    /// Unwraps what ``wrap(_:)`` returned on this device.
    ///
    /// - Throws: ``Vidimus/DeviceError/notFound`` where this device has no wrapping key,
    ///   ``Vidimus/DeviceError/refused`` for bytes that its key did not wrap, and what the hardware
    ///   and the keychain say.
    public func unwrap(_ wrapped: Data, into dataKey: DataKey) async throws(DeviceError) {
        try await blocking { [self] () throws(DeviceError) in
            let handles = try wrappingKeys()
            guard !handles.isEmpty else { throw .notFound }
            let sealed = try WrappedKey(encoded: wrapped).sealed
            var faults: [DeviceError] = []
            // What was sealed tells by itself under which key.
            for handle in handles.reversed() {
                do throws(DeviceError) {
                    return try enclave.open(sealed, into: dataKey, with: handle)
                } catch {
                    faults.append(error)
                }
            }
            throw Self.mostTelling(faults)
        }
    }

    /// Makes a holder key under a name that is not taken.
    ///
    /// - Returns: Its public part: 65 bytes, `04‖x‖y`.
    /// - Throws: ``Vidimus/DeviceError/refused`` where the name is taken or is no name,
    ///   ``Vidimus/DeviceError/unavailable`` without such hardware or without a passcode, and what
    ///   else the hardware and the keychain say.
    public func createHolderKey(named name: String) async throws(DeviceError) -> Data {
        try await blocking { [self] () throws(DeviceError) in
            guard enclave.isAvailable else { throw .unavailable }
            let item = try KeychainName.holderKey(name)
            guard try items.read(item) == nil else { throw .refused }
            let key = try enclave.makeSigningKey()
            // Where another process was faster its key stays, and ours, whose handle no one holds,
            // is nothing.
            guard try items.add(key.handle, named: item) else { throw .refused }
            return key.publicKey
        }
    }

    /// Signs with a holder key.
    ///
    /// - Returns: 64 bytes, `r‖s`.
    /// - Throws: ``Vidimus/DeviceError/notFound`` for a name without a key,
    ///   ``Vidimus/DeviceError/locked`` while the phone is locked,
    ///   ``Vidimus/DeviceError/invalidated`` where its passcode was removed, and what else the
    ///   hardware and the keychain say.
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
    /// - Throws: ``Vidimus/DeviceError/refused`` for a number below zero, and what the keychain
    ///   says.
    public func raiseAnchor(to epoch: Int64) async throws(DeviceError) {
        try await blocking { [self] () throws(DeviceError) in try Anchor(items: items).raise(to: epoch) }
    }

    /// A separate store: the same hardware, and other items in the keychain.
    ///
    /// - Throws: ``Vidimus/DeviceError/refused`` unless the name has 1 to 64 characters of
    ///   `[a-z0-9-]`.
    public func named(_ name: String) throws(DeviceError) -> any KeyStore {
        EnclaveKeyStore(enclave: enclave, items: try NamedItems(name, in: items))
    }

    /// The handles of the wrapping keys, the oldest first. None is ever deleted, so that their
    /// numbers have no gap.
    private func wrappingKeys() throws(DeviceError) -> [Data] {
        var handles: [Data] = []
        while let handle = try items.read(KeychainName.wrappingKey(handles.count + 1)) { handles.append(handle) }
        return handles
    }

    /// The handle of the newest wrapping key, with which was sealed and opened just now; of a new
    /// one where there is none, or where the newest is of no use. The keychain outlives the app and
    /// may come out of a backup: a handle in it need not be of this Enclave.
    private func provenKey() throws(DeviceError) -> Data {
        let handles = try wrappingKeys()
        if let newest = handles.last {
            do throws(DeviceError) {
                try enclave.prove(newest)
                return newest
            } catch {
                // Those pass, and are no reason for another key; with any other fault no wallet
                // would ever open here.
                if error == .locked || error == .unavailable { throw error }
            }
        }
        let made = try enclave.makeSealingKey()
        // Where this one fails as well nothing is wrong with the one before, and none is kept.
        try enclave.prove(made)
        let name = KeychainName.wrappingKey(handles.count + 1)
        if try items.add(made, named: name) { return made }
        // Another process was faster; its key, which it has proven too, is the device's.
        guard let handle = try items.read(name) else { throw .failed }
        try enclave.prove(handle)
        return handle
    }

    /// What counts of several keys' faults. One that cannot be used now may be the right one, and
    /// nothing is given up before it was asked; next, one that was destroyed may have been it.
    static func mostTelling(_ faults: [DeviceError]) -> DeviceError {
        if faults.contains(.locked) { return .locked }
        let others = faults.filter { $0 != .invalidated && $0 != .refused }
        return others.first ?? (faults.contains(.invalidated) ? .invalidated : .refused)
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
