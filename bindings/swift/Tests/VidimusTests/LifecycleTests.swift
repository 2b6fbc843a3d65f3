import Foundation
import Testing
import VidimusTestSupport

@testable import Vidimus
import func VidimusCore.provokeAsyncPanic
import func VidimusCore.provokePanic

/// Closing, and what is left after it.
@Suite struct LifecycleSanitized {
    @Test func aWalletThatWasClosedSaysSoToEveryCall() async throws {
        let authority = try await Authority.start()
        let phone = try await Phone(authority)
        let wallet = phone.wallet
        let added = try await authority.register()
        let offer = try await wallet.readOffer(added.offer)
        let license = try await wallet.enroll(offer, txCode: added.txCode)
        let request = try await wallet.readChallenge("40718293")
        wallet.close()
        wallet.close()

        let calls: [@Sendable () async throws -> Void] = [
            { _ = try wallet.authority },
            { _ = try await wallet.readOffer(added.offer) },
            { _ = try await wallet.enroll(offer, txCode: added.txCode) },
            { _ = try await wallet.licenses() },
            { _ = try await wallet.portrait(of: license) },
            { _ = try await wallet.remove(license) },
            { _ = try await wallet.refresh() },
            { _ = try await wallet.present(license) },
            { _ = try await wallet.readChallenge("40718293") },
            { _ = try await wallet.answer(request, with: license) },
            { _ = try await wallet.activity() },
            { _ = try await wallet.examine() },
            { _ = try await wallet.trustList() },
            { _ = try await wallet.time() },
        ]
        for call in calls { await #expect(throws: WalletError.closed) { try await call() } }
        for await _ in wallet.status { Issue.record("a closed wallet has no status") }
        // A loop that keeps it fresh ends with it, without an error.
        try await wallet.keepFresh()
    }

    @Test func aPresentationEndsWithItsWallet() async throws {
        let phone = try await Phone(try await Authority.start())
        let presentation = try await phone.presentation()
        let before = await presentation.remaining
        #expect(before > .seconds(290) && before <= .seconds(300))
        phone.wallet.close()
        await #expect(throws: WalletError.closed) { try await presentation.frame() }
        await #expect(throws: WalletError.closed) { try await presentation.end() }
        #expect(await presentation.remaining == .zero)
        for try await _ in presentation.frames { Issue.record("a closed presentation has no frames") }
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["close", "end", "cancel", "wallet"])
    func aLoopOverFramesEndsAtOnceWhenThePresentationDoes(_ how: String) async throws {
        let phone = try await Phone(try await Authority.start())
        let presentation = try await phone.presentation()
        let first = Signal()
        let loop = Task {
            var count = 0
            for try await _ in presentation.frames {
                count += 1
                first.send()
            }
            return count
        }
        await first.wait()
        let clock = ContinuousClock()
        let took = try await clock.measure {
            switch how {
            case "close": presentation.close()
            case "end": try await presentation.end()
            case "cancel": loop.cancel()
            default: phone.wallet.close()
            }
            #expect(try await loop.value == 1)
        }
        #expect(took < .seconds(2), "it does not wait for the next frame")
    }

    @Test func aPresentationMayBeEndedAgainAndAClosedOneSaysSo() async throws {
        let phone = try await Phone(try await Authority.start())
        let ended = try await phone.presentation()
        try await ended.end()
        try await ended.end()
        await #expect(throws: WalletError.presentationEnded) { try await ended.frame() }
        let closed = try await phone.presentation()
        closed.close()
        await #expect(throws: WalletError.closed) { try await closed.end() }
    }

    @Test func aWalletThatIsLetGoOfIsClosed() async throws {
        let authority = try await Authority.start()
        let presentation = try await Phone(authority).presentation()
        await #expect(throws: WalletError.closed) { try await presentation.frame() }
    }

    @Test func aWalletThatCannotBeUsedIsSetAsideAndANewOneIsMade() async throws {
        let authority = try await Authority.start()
        let phone = try await Phone(authority)
        phone.wallet.close()
        await #expect(throws: WalletError.vault(.alreadyExists)) {
            try await Wallet.create(
                at: phone.directory,
                trusting: authority.rootKey,
                authority: authority.url,
                keyStore: phone.keys
            )
        }
        let aside = try Wallet.setAside(at: phone.directory)
        #expect(FileManager.default.fileExists(atPath: aside.path))
        await #expect(throws: WalletError.vault(.notFound)) {
            try await Wallet.open(at: phone.directory, keyStore: phone.keys)
        }
        #expect(throws: WalletError.vault(.notFound)) { try Wallet.setAside(at: phone.directory) }
    }

    @Test func aFaultOfTheCoreIsAnInternalErrorWithoutItsText() async throws {
        let thrown = await error { try provokePanic(secret: "PIN 1234") }
        let later = await error { try await provokeAsyncPanic(secret: "PIN 1234") }
        for error in [thrown, later] {
            #expect(WalletError(try #require(error)) == .internal)
            #expect(!String(reflecting: error).contains("1234"))
        }
    }
}

extension Phone {
    /// A presentation of a new license; the phone's wallet may be gone when this returns.
    func presentation() async throws -> Presentation {
        let driver = try await enrollNewDriver()
        return try await wallet.present(driver)
    }
}
