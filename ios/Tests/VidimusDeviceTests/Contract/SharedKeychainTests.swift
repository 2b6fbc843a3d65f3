import Foundation
import Testing
import VidimusTestSupport

@testable import Vidimus
@testable import VidimusDevice

/// Two processes, an app and its extension, on one keychain: neither undoes what the other did.
@Suite struct SharedKeychain {
    let items = MemoryKeychain()

    private var anchor: Anchor { Anchor(items: items) }

    @Test func theAnchorRisesAndNeverSinks() throws {
        #expect(try anchor.read() == nil)
        for (raised, stands) in [(0, 0), (5, 5), (5, 5), (2, 5), (40, 40), (39, 40), (Int64.max, Int64.max), (1, .max)]
        {
            try anchor.raise(to: raised)
            #expect(try anchor.read() == stands)
            #expect(items.all.count == 1, "what is lower is taken away")
        }
        #expect(throws: DeviceError.refused) { try anchor.raise(to: -1) }
    }

    /// How many calls the slower process made before the faster one came.
    @Test(arguments: 0..<3)
    func theHigherOfTwoNumbersStandsHoweverTheyMeet(_ calls: Int) throws {
        for (slow, fast) in [(Int64(6), Int64(9)), (9, 6), (7, 7)] {
            items.forgetEverything()
            try anchor.raise(to: 5)
            let interrupted = Interrupted(items: items, after: calls) { [items] in
                #expect(throws: Never.self) { try Anchor(items: items).raise(to: fast) }
            }
            try Anchor(items: interrupted).raise(to: slow)
            #expect(interrupted.wasInterrupted)
            #expect(try anchor.read() == max(slow, fast))
        }
    }

    @Test func whatAKilledProcessLeftIsTakenAwayByTheNext() throws {
        for epoch in 1...3 {
            _ = try items.add(Data(), named: "anchor.000000000000000000\(epoch)")
        }
        #expect(try anchor.read() == 3)
        try anchor.raise(to: 2)
        #expect(try anchor.read() == 3)
        #expect(items.all.count == 1)
    }

    @Test func otherNamesAreNoNumbers() throws {
        for name in ["anchor.9", "anchor.", "anchor.-000000000000000009", "anchor.+000000000000000009", "wrapping-key"]
        {
            _ = try items.add(Data(), named: name)
        }
        #expect(try anchor.read() == nil)
    }

    @Test func twoProcessesThatWrapForTheFirstTimeShareOneKey() async throws {
        let enclave = SoftwareEnclave()
        let other = try enclave.makeSealingKey()
        items.afterMissing(KeychainName.wrappingKey) { [items] in
            #expect(throws: Never.self) { try items.add(other, named: KeychainName.wrappingKey) }
        }
        let keys = EnclaveKeyStore(enclave: enclave, items: items)
        let folder = try TemporaryFolder()
        try await createWallet(in: folder, with: keys).close()
        #expect(items.all[KeychainName.wrappingKey] == other)
        try await openWallet(in: folder, with: EnclaveKeyStore(enclave: enclave, items: items)).close()
    }

    @Test func aHolderKeyOfAnotherProcessIsNotReplaced() async throws {
        let enclave = SoftwareEnclave()
        let keys = EnclaveKeyStore(enclave: enclave, items: items)
        let theirs = try enclave.makeSigningKey()
        items.afterMissing("holder-key.holder-1") { [items] in
            #expect(throws: Never.self) { try items.add(theirs.handle, named: "holder-key.holder-1") }
        }
        await #expect(throws: DeviceError.refused) { try await keys.createHolderKey(named: "holder-1") }
        #expect(items.all["holder-key.holder-1"] == theirs.handle)
        #expect(try await keys.sign(Data("x".utf8), withKeyNamed: "holder-1").count == 64)
    }
}

/// Calls on another keychain, in the middle of which another process comes.
private final class Interrupted: KeychainItems, @unchecked Sendable {
    private let items: MemoryKeychain
    private let interruption: @Sendable () -> Void
    private var left: Int

    init(items: MemoryKeychain, after calls: Int, _ interruption: @escaping @Sendable () -> Void) {
        self.items = items
        left = calls
        self.interruption = interruption
    }

    var wasInterrupted: Bool { left < 0 }

    private func count() {
        if left == 0 { interruption() }
        left -= 1
    }

    func read(_ name: String) throws(DeviceError) -> Data? {
        count()
        return try items.read(name)
    }

    func add(_ value: Data, named name: String) throws(DeviceError) -> Bool {
        count()
        return try items.add(value, named: name)
    }

    func delete(_ name: String) throws(DeviceError) {
        count()
        try items.delete(name)
    }

    func names() throws(DeviceError) -> [String] {
        count()
        return try items.names()
    }
}
