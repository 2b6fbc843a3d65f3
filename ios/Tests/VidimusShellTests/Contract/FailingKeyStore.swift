import Foundation

import protocol VidimusCore.CoreKeyStore
import func VidimusCore.memoryKeyStore

@testable import Vidimus

/// A phone's keys: those of another key store, and holder keys in its own hardware, as an iPhone
/// has them. It can be told to fail as the hardware does.
final class FailingKeyStore: KeyStore, @unchecked Sendable {
    /// What may fail.
    enum Use { case wrapping, making, signing }

    private let lock = NSLock()
    private var faults: [Use: DeviceError] = [:]
    private var current: any KeyStore
    private let hardware: any CoreKeyStore

    init(_ store: any KeyStore) throws {
        current = store
        hardware = try memoryKeyStore(hardware: .p256)
    }

    private var store: any KeyStore { lock.withLock { current } }

    /// From now on it is the key store of another phone.
    func become(_ other: any KeyStore) { lock.withLock { current = other } }

    /// From now on this use of a key fails so; `nil` for none.
    func fail(_ use: Use = .wrapping, with fault: DeviceError?) { lock.withLock { faults[use] = fault } }

    private func meet(_ use: Use) throws {
        if let fault = lock.withLock({ faults[use] }) { throw fault }
    }

    var holderAlgorithm: HolderAlgorithm? { .p256 }
    func wrap(_ dataKey: DataKey) async throws -> Data {
        try meet(.wrapping)
        return try await store.wrap(dataKey)
    }
    func unwrap(_ wrapped: Data, into dataKey: DataKey) async throws {
        try meet(.wrapping)
        try await store.unwrap(wrapped, into: dataKey)
    }
    func createHolderKey(named name: String) async throws -> Data {
        try meet(.making)
        return try await hardware.createHolderKey(name: name)
    }
    func sign(_ message: Data, withKeyNamed name: String) async throws -> Data {
        try meet(.signing)
        return try await hardware.sign(name: name, message: message)
    }
    func deleteHolderKey(named name: String) async throws { try await hardware.deleteHolderKey(name: name) }
    func readAnchor() async throws -> Int64? { try await store.readAnchor() }
    func raiseAnchor(to epoch: Int64) async throws { try await store.raiseAnchor(to: epoch) }
    func named(_ name: String) throws -> any KeyStore { try store.named(name) }
}
