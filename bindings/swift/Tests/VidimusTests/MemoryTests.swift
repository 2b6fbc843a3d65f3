import Foundation
import Testing
import VidimusTestSupport

@testable import Vidimus
import func VidimusCore.liveObjects

/// What stays behind in memory. One after the other: each looks at the whole process.
@Suite(.serialized) struct MemoryTests {
    @Test func noDataKeyIsInMemoryAfterTheWalletWasClosed() async throws {
        let authority = try await Authority.start()
        let keys = try DelegatingKeyStore.withHardware()
        let phone = try await Phone(authority, keys: keys)
        let license = try await phone.enrollNewDriver()
        _ = try await phone.show(license)
        #expect(try places(of: keys) > 0, "while the wallet is open its key is in memory, and the scan finds it")
        phone.wallet.close()
        try await expectGone(keys)

        let reopened = try await Wallet.open(at: phone.directory, keyStore: keys)
        let presentation = try await reopened.present(license)
        _ = try await presentation.frame()
        #expect(try places(of: keys) > 0)
        reopened.close()
        await #expect(throws: WalletError.closed) { try await presentation.frame() }
        try await expectGone(keys)

        let planted = UnsafeMutableRawPointer.allocate(byteCount: 32, alignment: 1)
        defer { planted.deallocate() }
        for (offset, byte) in keys.maskedDataKey.enumerated() {
            planted.storeBytes(of: byte ^ DelegatingKeyStore.mask, toByteOffset: offset, as: UInt8.self)
        }
        #expect(try places(of: keys) == 1, "a key that was left behind would be found")
        memset(planted, 0, 32)
        #expect(try places(of: keys) == 0)
    }

    @Test(.timeLimit(.minutes(10)))
    func tenThousandRoundsOfOpeningPresentingAndClosingLeaveNothing() async throws {
        let phone = try await Phone(try await Authority.start())
        let license = try await phone.enrollNewDriver()
        phone.wallet.close()
        let objects = try await settledObjects()
        for round in 0..<2_000 { try await openPresentClose(phone, license, round) }
        let before = try ProcessMemory.residentKilobytes()
        for round in 0..<8_000 { try await openPresentClose(phone, license, round) }
        let grown = try ProcessMemory.residentKilobytes() - before
        // The allocator grows in steps, once or twice; a kilobyte left behind by each round would
        // be 8,000.
        #expect(grown < 4_096, "memory grew by \(grown) kB")
        #expect(try await settledObjects() == objects, "every object of the core was let go of")
    }

    @Test(.timeLimit(.minutes(1)))
    func readersOfAnAppThatAreCancelledLeaveNothingAndNeitherDoesTheApp() async throws {
        let phone = try AppPhone(try await Authority.start())
        let none = try await settledObjects()
        let app = try phone.start()
        try await AppShell(app).welcome()
        let one = try await settledObjects()
        #expect(one > none)
        for _ in 0..<20 {
            let loop = Task { for await _ in app.updates {} }
            let waiter = Task { await app.next(after: .max) }
            try await Task.sleep(for: .milliseconds(2))
            loop.cancel()
            waiter.cancel()
            await loop.value
            #expect(await waiter.value == nil)
        }
        #expect(try await settledObjects() == one)
        await app.end()
        #expect(try await settledObjects() == none)
    }

    /// Every tenth round has a frame, which leaves an entry in the activity log.
    private func openPresentClose(_ phone: Phone, _ license: HeldLicense.ID, _ round: Int) async throws {
        let wallet = try await Wallet.open(at: phone.directory, keyStore: phone.keys)
        let presentation = try await wallet.present(license)
        if round % 10 == 0 { _ = try await presentation.frame() }
        presentation.close()
        wallet.close()
    }

    /// How many objects of the core are alive, once no thread is on its way out with one.
    private func settledObjects() async throws -> Int {
        var (last, now) = (-1, try liveObjects())
        while last != now {
            try await Task.sleep(for: .milliseconds(200))
            (last, now) = (now, try liveObjects())
        }
        return now
    }

    private func places(of keys: DelegatingKeyStore) throws -> Int {
        try #require(keys.maskedDataKey.count == 32)
        return try ProcessMemory.places(of: keys.maskedDataKey, mask: DelegatingKeyStore.mask)
    }

    /// The last thread that worked with it may still be on its way out.
    private func expectGone(_ keys: DelegatingKeyStore) async throws {
        var left = try places(of: keys)
        for _ in 0..<20 where left > 0 {
            try await Task.sleep(for: .milliseconds(50))
            left = try places(of: keys)
        }
        #expect(left == 0, "the data key is still in memory")
    }
}
