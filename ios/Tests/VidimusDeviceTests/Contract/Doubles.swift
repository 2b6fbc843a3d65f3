import Dispatch
import Foundation
import VidimusCore

@testable import Vidimus
@testable import VidimusDevice

/// A keychain in memory, which several key stores may share as several processes share a phone's.
final class MemoryKeychain: KeychainItems, @unchecked Sendable {
    private let lock = NSLock()
    private var values: [String: Data] = [:]
    private var fault: Vidimus.DeviceError?
    private var missed: (name: String, work: @Sendable () -> Void)?

    /// From now on every call throws this; `nil` for none.
    func fail(with fault: Vidimus.DeviceError?) {
        lock.withLock { self.fault = fault }
    }

    /// What another process does once, right after a name was looked for in vain.
    func afterMissing(_ name: String, _ work: @escaping @Sendable () -> Void) {
        lock.withLock { missed = (name, work) }
    }

    /// As after the app was removed, or on a new phone.
    func forgetEverything() {
        lock.withLock { values = [:] }
    }

    var all: [String: Data] { lock.withLock { values } }

    func read(_ name: String) throws(Vidimus.DeviceError) -> Data? {
        let value = try call { $0[name] }
        let work = lock.withLock { () -> (@Sendable () -> Void)? in
            guard value == nil, missed?.name == name else { return nil }
            defer { missed = nil }
            return missed?.work
        }
        work?()
        return value
    }

    func add(_ value: Data, named name: String) throws(Vidimus.DeviceError) -> Bool {
        try call { values in
            guard values[name] == nil else { return false }
            values[name] = value
            return true
        }
    }

    func delete(_ name: String) throws(Vidimus.DeviceError) {
        try call { $0[name] = nil }
    }

    func names() throws(Vidimus.DeviceError) -> [String] {
        try call { $0.keys.shuffled() }
    }

    private func call<Answer>(_ body: (inout [String: Data]) -> Answer) throws(Vidimus.DeviceError) -> Answer {
        lock.lock()
        defer { lock.unlock() }
        if let fault { throw fault }
        return body(&values)
    }
}

/// Keys in memory that stand in for the Secure Enclave.
///
/// It proves what `EnclaveKeyStore` does with handles, names and faults. What the Enclave itself
/// does, and that its scheme seals, it does not prove: each key is a key store of the core's with
/// P-256 keys, so sealing is the core's own.
final class SoftwareEnclave: EnclaveKeys, @unchecked Sendable {
    private let lock = NSLock()
    private var keys: [Data: any VidimusCore.CoreKeyStore] = [:]
    private var fault: Vidimus.DeviceError?
    private var lost: [Data: Vidimus.DeviceError] = [:]
    let isAvailable: Bool

    init(isAvailable: Bool = true) {
        self.isAvailable = isAvailable
    }

    /// From now on every use of a key throws this; `nil` for none.
    func fail(with fault: Vidimus.DeviceError?) {
        lock.withLock { self.fault = fault }
    }

    /// Every key that was made so far can seal from now on, for which its handle is enough, and do
    /// nothing else: as after the phone was erased and its keychain came back from a backup.
    func loseKeys(_ fault: Vidimus.DeviceError) {
        lock.withLock { for handle in keys.keys { lost[handle] = fault } }
    }

    /// They are there again.
    func findKeys() {
        lock.withLock { lost = [:] }
    }

    /// How many keys were made.
    var count: Int { lock.withLock { keys.count } }

    func makeSealingKey() throws(Vidimus.DeviceError) -> Data {
        try make().handle
    }

    func seal(_ dataKey: DataKey, with handle: Data) throws(Vidimus.DeviceError) -> Data {
        let key = try key(handle)
        return try waiting { try await key.wrap(dataKey: dataKey.core) }
    }

    func open(_ sealed: Data, into dataKey: DataKey, with handle: Data) throws(Vidimus.DeviceError) {
        let key = try privateKey(handle)
        try waiting {
            do {
                try await key.unwrap(wrapped: sealed, into: dataKey.core)
            } catch VidimusCore.DeviceError.NotFound {
                // Its key is made with the first sealing; until then nothing is its own.
                throw VidimusCore.DeviceError.Refused
            }
        }
    }

    /// What a key of the core's has sealed it opens, so having it is proof enough.
    func prove(_ handle: Data) throws(Vidimus.DeviceError) {
        _ = try privateKey(handle)
    }

    func makeSigningKey() throws(Vidimus.DeviceError) -> SigningKey {
        let (handle, key) = try make()
        return SigningKey(handle: handle, publicKey: try waiting { try await key.createHolderKey(name: "key") })
    }

    func sign(_ message: Data, with handle: Data) throws(Vidimus.DeviceError) -> Data {
        let key = try privateKey(handle)
        return try waiting { try await key.sign(name: "key", message: message) }
    }

    private func make() throws(Vidimus.DeviceError) -> (handle: Data, key: any VidimusCore.CoreKeyStore) {
        guard let key = try? memoryKeyStore(hardware: .p256) else { throw .failed }
        let handle = Data(UUID().uuidString.utf8)
        lock.withLock { keys[handle] = key }
        return (handle, key)
    }

    private func key(_ handle: Data) throws(Vidimus.DeviceError) -> any VidimusCore.CoreKeyStore {
        lock.lock()
        defer { lock.unlock() }
        if let fault { throw fault }
        guard let key = keys[handle] else { throw .invalidated }
        return key
    }

    private func privateKey(_ handle: Data) throws(Vidimus.DeviceError) -> any VidimusCore.CoreKeyStore {
        let key = try key(handle)
        if let fault = lock.withLock({ lost[handle] }) { throw fault }
        return key
    }

    /// Waits as the Enclave lets one wait: on the key store's own queue, never on a thread of
    /// Swift's tasks.
    private func waiting<Answer: Sendable>(
        _ body: @escaping @Sendable () async throws -> Answer
    ) throws(Vidimus.DeviceError) -> Answer {
        let answer = Box<Result<Answer, Vidimus.DeviceError>?>(nil)
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            do {
                answer.value = .success(try await body())
            } catch {
                answer.value = .failure(Vidimus.DeviceError(error))
            }
            done.signal()
        }
        done.wait()
        return try (answer.value ?? .failure(.failed)).get()
    }
}

/// One value, written before a signal and read after it.
private final class Box<Value>: @unchecked Sendable {
    var value: Value
    init(_ value: Value) { self.value = value }
}

extension EnclaveKeyStore {
    /// One on a separate phone.
    static func ofAnotherPhone() -> EnclaveKeyStore {
        EnclaveKeyStore(enclave: SoftwareEnclave(), items: MemoryKeychain())
    }
}
