import Foundation
import VidimusCore

@testable import Vidimus

/// A key store written in Swift: it hands each call on to another one, and can be told to do worse.
///
/// Where there is no CryptoKit the other one is the core's: it is called through this one all the
/// same.
final class DelegatingKeyStore: Vidimus.KeyStore {
    /// What is done before a call is handed on: it may throw, or never return.
    typealias Obstacle = @Sendable (Call) async throws -> Void

    enum Call: Hashable, CaseIterable {
        case holderAlgorithm, wrap, unwrap, createHolderKey, sign, deleteHolderKey, readAnchor, raiseAnchor
    }

    private let store: any Vidimus.KeyStore
    private let obstacle: Locked<Obstacle?>
    private let masked = Locked<[UInt8]>([])

    init(_ store: any Vidimus.KeyStore, obstacle: Obstacle? = nil) {
        self.store = store
        self.obstacle = Locked(obstacle)
    }

    /// One like a phone's, with P-256 keys in its hardware.
    static func withHardware(obstacle: Obstacle? = nil) throws -> DelegatingKeyStore {
        DelegatingKeyStore(CoreKeyStore(core: try memoryKeyStore(hardware: .p256)), obstacle: obstacle)
    }

    /// From now on.
    func setObstacle(_ obstacle: Obstacle?) {
        self.obstacle.withLock { $0 = obstacle }
    }

    /// From now on one kind of call throws.
    func fail(_ call: Call, with error: any Error) {
        setObstacle { if $0 == call { throw error } }
    }

    /// Each byte of the last data key that was wrapped, with `DelegatingKeyStore.mask` on it.
    var maskedDataKey: [UInt8] { masked.withLock { $0 } }
    static let mask: UInt8 = 0xa7

    private func meet(_ call: Call) async throws {
        try await obstacle.withLock { $0 }?(call)
    }

    var holderAlgorithm: Vidimus.HolderAlgorithm? {
        get async throws {
            try await meet(.holderAlgorithm)
            return try await store.holderAlgorithm
        }
    }

    func wrap(_ dataKey: DataKey) async throws -> Data {
        try await meet(.wrap)
        let masked = try dataKey.withUnsafeBytes { $0.map { $0 ^ Self.mask } }
        self.masked.withLock { $0 = masked }
        return try await store.wrap(dataKey)
    }

    func unwrap(_ wrapped: Data, into dataKey: DataKey) async throws {
        try await meet(.unwrap)
        try await store.unwrap(wrapped, into: dataKey)
    }

    func createHolderKey(named name: String) async throws -> Data {
        try await meet(.createHolderKey)
        return try await store.createHolderKey(named: name)
    }

    func sign(_ message: Data, withKeyNamed name: String) async throws -> Data {
        try await meet(.sign)
        return try await store.sign(message, withKeyNamed: name)
    }

    func deleteHolderKey(named name: String) async throws {
        try await meet(.deleteHolderKey)
        try await store.deleteHolderKey(named: name)
    }

    func readAnchor() async throws -> Int64? {
        try await meet(.readAnchor)
        return try await store.readAnchor()
    }

    func raiseAnchor(to epoch: Int64) async throws {
        try await meet(.raiseAnchor)
        try await store.raiseAnchor(to: epoch)
    }

    func named(_ name: String) throws -> any Vidimus.KeyStore {
        DelegatingKeyStore(try store.named(name), obstacle: obstacle.withLock { $0 })
    }
}

/// A key store of the core's, called from Swift.
struct CoreKeyStore: Vidimus.KeyStore {
    let core: any VidimusCore.CoreKeyStore

    var holderAlgorithm: Vidimus.HolderAlgorithm? {
        get async throws { try await core.holderAlgorithm() }
    }
    func wrap(_ dataKey: DataKey) async throws -> Data { try await core.wrap(dataKey: dataKey.core) }
    func unwrap(_ wrapped: Data, into dataKey: DataKey) async throws {
        try await core.unwrap(wrapped: wrapped, into: dataKey.core)
    }
    func createHolderKey(named name: String) async throws -> Data { try await core.createHolderKey(name: name) }
    func sign(_ message: Data, withKeyNamed name: String) async throws -> Data {
        try await core.sign(name: name, message: message)
    }
    func deleteHolderKey(named name: String) async throws { try await core.deleteHolderKey(name: name) }
    func readAnchor() async throws -> Int64? { try await core.readAnchor() }
    func raiseAnchor(to epoch: Int64) async throws { try await core.raiseAnchor(epoch: epoch) }
    func named(_ name: String) throws -> any Vidimus.KeyStore { CoreKeyStore(core: try core.named(name: name)) }
}

/// Waits for as long as a test can last, whether it is cancelled or not: what hangs does not
/// listen.
func never() async {
    await withUnsafeContinuation { continuation in hanging.withLock { $0.append(continuation) } }
}

/// Kept, so that no task that hangs looks like a leak.
private let hanging = Locked<[UnsafeContinuation<Void, Never>]>([])
