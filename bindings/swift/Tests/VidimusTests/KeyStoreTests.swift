import Foundation
import Testing
import VidimusTestSupport

@testable import Vidimus
import func VidimusCore.checkKeyStoreContract
import func VidimusCore.memoryKeyStore

/// Key stores written in Swift, good ones and bad ones.
@Suite struct KeyStoreSanitized {
    @Test func aSwiftKeyStoreOverFilesKeepsTheContract() async throws {
        let folder = try TemporaryFolder()
        let device = DelegatingKeyStore(try FileKeyStore(directory: folder.appending("device")))
        let stranger = DelegatingKeyStore(try FileKeyStore(directory: folder.appending("stranger")))
        try await checkKeyStoreContract(device: device.forCore, stranger: stranger.forCore)
    }

    @Test(arguments: [HolderAlgorithm.p256, .ed25519])
    func aSwiftKeyStoreWithHardwareKeepsTheContract(_ algorithm: HolderAlgorithm) async throws {
        let stores = try (0..<2).map { _ in
            DelegatingKeyStore(CoreKeyStore(core: try memoryKeyStore(hardware: algorithm)))
        }
        try await checkKeyStoreContract(device: stores[0].forCore, stranger: stores[1].forCore)
    }

    @Test(arguments: DelegatingKeyStore.Call.allCases)
    func aKeyStoreThatBreaksOnePromiseDoesNotKeepTheContract(_ call: DelegatingKeyStore.Call) async throws {
        let device = try DelegatingKeyStore.withHardware { if $0 == call { throw DeviceError.locked } }
        let stranger = try DelegatingKeyStore.withHardware()
        await #expect(throws: (any Error).self) {
            try await checkKeyStoreContract(device: device.forCore, stranger: stranger.forCore)
        }
    }

    static let openFaults: [(DeviceError, WalletError)] = [
        (.unavailable, .keyStore(.unavailable)), (.locked, .keyStore(.locked)),
        (.invalidated, .vault(.keyInvalidated)), (.notFound, .vault(.otherDevice)),
        (.refused, .vault(.otherDevice)), (.failed, .keyStore(.failed)), (.timeout, .keyStore(.timeout)),
        (.unreachable, .keyStore(.failed)), (.certificate, .keyStore(.failed)), (.tooLarge, .keyStore(.failed)),
        (.broken, .keyStore(.failed)),
    ]

    @Test(arguments: openFaults)
    func eachErrorOfAnUnwrappingHasAnErrorOfTheWallet(
        fault: DeviceError,
        expected: WalletError
    ) async throws {
        let (directory, keys, _folder) = try await closedWallet()
        keys.fail(.unwrap, with: fault)
        await #expect(throws: expected) { try await Wallet.open(at: directory, keyStore: keys) }
        keys.setObstacle(nil)
        try await Wallet.open(at: directory, keyStore: keys).close()
        withExtendedLifetime(_folder) {}
    }

    @Test(arguments: DelegatingKeyStore.Call.allCases)
    func anUnexpectedErrorIsAFailureWithoutItsText(_ call: DelegatingKeyStore.Call) async throws {
        let authority = try await Authority.start()
        let added = try await authority.register()
        let keys = try DelegatingKeyStore.withHardware()
        struct Unexpected: Error, CustomStringConvertible { let description = "PIN 1234 of Zoë" }
        let thrown = await error {
            if call == .holderAlgorithm || call == .wrap { keys.fail(call, with: Unexpected()) }
            let phone = try await Phone(authority, keys: keys)
            keys.fail(call, with: Unexpected())
            let license = try await phone.enroll(added)
            _ = try await phone.show(license)
            try await phone.wallet.remove(license)
            phone.wallet.close()
            _ = try await Wallet.open(at: phone.directory, keyStore: keys)
        }
        // What is stored is stored: an anchor that did not rise is raised the next time.
        #expect(thrown as? WalletError == (call == .raiseAnchor ? nil : .keyStore(.failed)))
        #expect(!String(reflecting: thrown).contains("1234"))
    }

    @Test(.timeLimit(.minutes(1)))
    func aKeyStoreThatNeverAnswersIsGivenUpAfterTenSeconds() async throws {
        let (directory, keys, _folder) = try await closedWallet()
        let cancelled = Signal()
        keys.setObstacle { call in
            guard call == .unwrap else { return }
            await withTaskCancellationHandler {
                await never()
            } onCancel: {
                cancelled.send()
            }
        }
        let clock = ContinuousClock()
        let took = await clock.measure {
            await #expect(throws: WalletError.keyStore(.timeout)) {
                try await Wallet.open(at: directory, keyStore: keys)
            }
        }
        #expect(took > .seconds(9) && took < .seconds(15))
        await cancelled.wait()
        withExtendedLifetime(_folder) {}
    }

    @Test func aKeyOfAnotherLengthIsRefusedAndWiped() async throws {
        struct Careless: KeyStore {
            let good: DelegatingKeyStore
            let outcomes = Locked<[DeviceError?]>([])
            var holderAlgorithm: HolderAlgorithm? { nil }
            func wrap(_ dataKey: DataKey) async throws -> Data { try await good.wrap(dataKey) }
            func unwrap(_ wrapped: Data, into dataKey: DataKey) async throws {
                for length in [0, 31, 33] {
                    var bytes = Data(repeating: 7, count: length)
                    note { try dataKey.put(wiping: &bytes) }
                    #expect(bytes == Data(count: length), "wiped all the same")
                }
                note { try dataKey.withUnsafeBytes { _ in } }
                try await good.unwrap(wrapped, into: dataKey)
            }
            func note(_ body: () throws -> Void) {
                var outcome: DeviceError?
                do { try body() } catch { outcome = error as? DeviceError }
                outcomes.withLock { $0.append(outcome) }
            }
            func createHolderKey(named name: String) async throws -> Data { throw DeviceError.unavailable }
            func sign(_ message: Data, withKeyNamed name: String) async throws -> Data {
                throw DeviceError.notFound
            }
            func deleteHolderKey(named name: String) async throws {}
            func readAnchor() async throws -> Int64? { try await good.readAnchor() }
            func raiseAnchor(to epoch: Int64) async throws { try await good.raiseAnchor(to: epoch) }
            func named(_ name: String) throws -> any KeyStore { throw DeviceError.unavailable }
        }
        let (directory, keys, _folder) = try await closedWallet()
        let careless = Careless(good: keys)
        try await Wallet.open(at: directory, keyStore: careless).close()
        #expect(careless.outcomes.withLock { $0 } == [.refused, .refused, .refused, .notFound])
        withExtendedLifetime(_folder) {}
    }

    /// A wallet that was made and closed, with keys that live on.
    private func closedWallet() async throws -> (URL, DelegatingKeyStore, TemporaryFolder) {
        let folder = try TemporaryFolder()
        let keys = DelegatingKeyStore(try FileKeyStore(directory: folder.appending("keys")))
        let directory = folder.appending("wallet")
        let wallet = try await Wallet.create(
            at: directory,
            trusting: Data(contentsOf: Environment.vectors.appending(path: "root.cose")),
            authority: #require(URL(string: "http://127.0.0.1:1")),
            keyStore: keys
        )
        wallet.close()
        return (directory, keys, folder)
    }
}
