import Foundation
import Testing
import VidimusTestSupport

@testable import Vidimus
@testable import VidimusDevice
import func VidimusCore.checkKeyStoreContract

/// The key store of a phone keeps what every key store promises, and opens real vaults.
@Suite struct PhoneKeyStore {
    let enclave = SoftwareEnclave()
    let items = MemoryKeychain()

    private var keys: EnclaveKeyStore { EnclaveKeyStore(enclave: enclave, items: items) }

    @Test func itKeepsTheContract() async throws {
        try await checkKeyStoreContract(device: keys.forCore, stranger: EnclaveKeyStore.ofAnotherPhone().forCore)
    }

    @Test func aNamedStoreHasOtherItemsAndAnotherNumber() async throws {
        let book = try keys.named("reader")
        try await book.raiseAnchor(to: 7)
        _ = try await book.createHolderKey(named: "one")
        #expect(try await keys.readAnchor() == nil)
        #expect(try await keys.named("reader").readAnchor() == 7)
        await #expect(throws: DeviceError.notFound) { try await keys.sign(Data(), withKeyNamed: "one") }
        #expect(items.all.keys.allSatisfy { $0.hasPrefix("reader/") } && items.all.count == 2)
        for name in ["", "..", "a/b", "A", String(repeating: "a", count: 65)] {
            #expect(throws: DeviceError.refused) { try keys.named(name) }
        }
    }

    @Test func aKeychainThatLosesWhatItWasGivenDoesNot() async throws {
        struct Forgetful: KeychainItems {
            func read(_ name: String) throws(DeviceError) -> Data? { nil }
            func add(_ value: Data, named name: String) throws(DeviceError) -> Bool { true }
            func delete(_ name: String) throws(DeviceError) {}
            func names() throws(DeviceError) -> [String] { [] }
        }
        let forgetful = EnclaveKeyStore(enclave: enclave, items: Forgetful())
        await #expect(throws: (any Error).self) {
            try await checkKeyStoreContract(
                device: forgetful.forCore, stranger: EnclaveKeyStore.ofAnotherPhone().forCore)
        }
    }

    @Test func aPhoneWithoutAnEnclaveSaysSo() async throws {
        let none = EnclaveKeyStore(enclave: SoftwareEnclave(isAvailable: false), items: items)
        #expect(try await none.holderAlgorithm == nil)
        await #expect(throws: DeviceError.unavailable) { try await none.createHolderKey(named: "holder-1") }
        let folder = try TemporaryFolder()
        await #expect(throws: WalletError.keyStore(.unavailable)) { try await createWallet(in: folder, with: none) }
        #expect(items.all.isEmpty)
    }

    @Test func aVaultOpensWithTheSamePhoneAndWithNoOther() async throws {
        let folder = try TemporaryFolder()
        try await createWallet(in: folder, with: keys).close()
        try await openWallet(in: folder, with: keys).close()
        await #expect(throws: WalletError.vault(.otherDevice)) {
            try await openWallet(in: folder, with: EnclaveKeyStore.ofAnotherPhone())
        }
        try await openWallet(in: folder, with: keys).close()
    }

    /// What the keychain or the Enclave says while a vault is opened, and what the wallet makes of
    /// it.
    static let faults: [(DeviceError, WalletError)] = [
        (.locked, .keyStore(.locked)), (.unavailable, .keyStore(.unavailable)),
        (.invalidated, .vault(.keyInvalidated)), (.failed, .keyStore(.failed)),
    ]

    @Test(arguments: faults)
    func aFaultOfTheEnclaveIsToldAndPasses(fault: DeviceError, expected: WalletError) async throws {
        let folder = try TemporaryFolder()
        try await createWallet(in: folder, with: keys).close()
        enclave.fail(with: fault)
        await #expect(throws: expected) { try await openWallet(in: folder, with: keys) }
        enclave.fail(with: nil)
        try await openWallet(in: folder, with: keys).close()
    }

    @Test func aPhoneThatWasNotUnlockedSinceItsStartSaysSoAndLosesNothing() async throws {
        let folder = try TemporaryFolder()
        try await createWallet(in: folder, with: keys).close()
        items.fail(with: .locked)
        await #expect(throws: WalletError.keyStore(.locked)) { try await openWallet(in: folder, with: keys) }
        items.fail(with: nil)
        try await openWallet(in: folder, with: keys).close()
        #expect(enclave.count == 1, "a locked keychain is no empty one: no second key was made")
    }

    /// What a key says that came out of a backup, of which Apple documents nothing.
    @Test(arguments: [DeviceError.invalidated, .failed, .refused])
    func aWalletIsMadeAndOpensWhereOnlyTheHandleOfAKeyIsLeft(fault: DeviceError) async throws {
        let old = try TemporaryFolder()
        try await createWallet(in: old, with: keys).close()
        enclave.loseKeys(fault)
        let new = try TemporaryFolder()
        try await createWallet(in: new, with: keys).close()
        try await openWallet(in: new, with: keys).close()
        let another = try TemporaryFolder()
        try await createWallet(in: another, with: keys).close()
        #expect(enclave.count == 2, "one that can be used is used again")
        // Nothing was deleted: a key that comes back opens what it has sealed.
        enclave.findKeys()
        for folder in [old, new, another] { try await openWallet(in: folder, with: keys).close() }
    }

    @Test func whoBeginsAnewAgainGetsAThirdKey() async throws {
        for made in 1...3 {
            let folder = try TemporaryFolder()
            try await createWallet(in: folder, with: keys).close()
            enclave.loseKeys(.invalidated)
            await #expect(throws: WalletError.vault(.keyInvalidated)) { try await openWallet(in: folder, with: keys) }
            #expect(enclave.count == made)
            #expect(items.all.keys.filter { $0.hasPrefix(KeychainName.wrappingKey) }.count == made)
        }
    }

    @Test func aVaultThatNoneOfSeveralKeysOpensMayHaveBeenTheDestroyedOnes() async throws {
        let (ours, foreign) = (try TemporaryFolder(), try TemporaryFolder())
        try await createWallet(in: ours, with: keys).close()
        try await createWallet(in: foreign, with: .ofAnotherPhone()).close()
        enclave.loseKeys(.invalidated)
        try await createWallet(in: TemporaryFolder(), with: keys).close()
        for folder in [ours, foreign] {
            await #expect(throws: WalletError.vault(.keyInvalidated)) {
                try await openWallet(in: folder, with: keys)
            }
        }
        enclave.findKeys()
        try await openWallet(in: ours, with: keys).close()
        await #expect(throws: WalletError.vault(.otherDevice)) { try await openWallet(in: foreign, with: keys) }
    }

    static let several: [([DeviceError], DeviceError)] = [
        ([.invalidated, .locked], .locked), ([.failed, .locked, .refused], .locked),
        ([.invalidated, .failed], .failed), ([.refused, .unavailable], .unavailable),
        ([.refused, .invalidated], .invalidated), ([.refused, .refused], .refused),
    ]

    @Test(arguments: several)
    func nothingIsGivenUpBeforeEveryKeyWasAsked(faults: [DeviceError], expected: DeviceError) {
        #expect(EnclaveKeyStore.mostTelling(faults) == expected)
        #expect(EnclaveKeyStore.mostTelling(faults.reversed()) == expected)
    }

    @Test(arguments: faults)
    func noKeyIsKeptForAFaultOfAllOfThem(fault: DeviceError, _: WalletError) async throws {
        try await createWallet(in: TemporaryFolder(), with: keys).close()
        let before = items.all
        enclave.fail(with: fault)
        await #expect(throws: WalletError.self) { try await createWallet(in: TemporaryFolder(), with: keys) }
        #expect(items.all[KeychainName.wrappingKey(1)] == before[KeychainName.wrappingKey(1)])
        #expect(items.all[KeychainName.wrappingKey(2)] == nil)
    }

    @Test func aKeychainThatWasEmptiedIsAnotherDevice() async throws {
        let folder = try TemporaryFolder()
        try await createWallet(in: folder, with: keys).close()
        items.forgetEverything()
        await #expect(throws: WalletError.vault(.otherDevice)) { try await openWallet(in: folder, with: keys) }
    }
}

/// A wallet of no authority that answers, in a folder.
@discardableResult
func createWallet(in folder: TemporaryFolder, with keys: EnclaveKeyStore) async throws -> Wallet {
    try await Wallet.create(
        at: folder.appending("wallet"),
        trusting: Data(contentsOf: Environment.vectors.appending(path: "root.cose")),
        authority: #require(URL(string: "http://127.0.0.1:1")),
        keyStore: keys
    )
}

/// The same, later.
@discardableResult
func openWallet(in folder: TemporaryFolder, with keys: EnclaveKeyStore) async throws -> Wallet {
    try await Wallet.open(at: folder.appending("wallet"), keyStore: keys)
}
