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

    /// What the keychain or the Enclave says while a vault is opened, and what the wallet makes of it.
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
