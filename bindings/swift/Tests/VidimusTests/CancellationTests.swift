import Foundation
import Testing
import VidimusTestSupport

@testable import Vidimus

/// Cancelling a task, and closing, while the work behind a call is under way.
@Suite struct CancellationSanitized {
    @Test(.timeLimit(.minutes(1)))
    func aCancelledReadingOfAnOfferStopsAtOnce() async throws {
        let authority = try await Authority.start()
        let reached = Signal()
        let transport = SessionTransport { _ in
            reached.send()
            await never()
        }
        let phone = try await Phone(authority, network: .transport(transport))
        let added = try await authority.register()
        let reading = Task { try await phone.wallet.readOffer(added.offerByReference) }
        await reached.wait()
        try await expectCancelledAtOnce(reading)
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["/token", "/nonce", "/credential"])
    func aCancelledEnrollmentSpendsNothingTwiceAndGoesOnLaterWhereItWas(_ path: String) async throws {
        let authority = try await Authority.start()
        let transport = SessionTransport()
        let phone = try await Phone(authority, network: .transport(transport))
        let added = try await authority.register()
        let offer = try await phone.wallet.readOffer(added.offer)
        let (reached, released) = (Signal(), Signal())
        transport.setObstacle { request in
            guard request.url.hasSuffix(path) else { return }
            reached.send()
            await released.wait()
        }
        let enrolling = Task { try await phone.wallet.enroll(offer, txCode: added.txCode) }
        await reached.wait()
        enrolling.cancel()
        // An answer that comes once is waited for, so that what it spends is not lost.
        released.send()
        let result = await enrolling.result
        transport.setObstacle(nil)
        if case .failure(let error) = result { #expect(error as? WalletError == .cancelled) }
        let license = try await phone.wallet.enroll(offer, txCode: added.txCode)
        #expect(try await phone.wallet.licenses().map(\.id) == [license])
        #expect(try await phone.reader().check(phone.show(license).text).isAccepted)
    }

    @Test(.timeLimit(.minutes(1)))
    func aCancelledRefreshStopsAndTheNextOneDoesItsWork() async throws {
        let authority = try await Authority.start()
        let transport = SessionTransport()
        let phone = try await Phone(authority, network: .transport(transport))
        let added = try await authority.register()
        let license = try await phone.enroll(added)
        try await authority.setStatus("lapsed", of: added)
        let reached = Signal()
        transport.setObstacle { _ in
            reached.send()
            await never()
        }
        let refreshing = Task { try await phone.wallet.refresh(.now) }
        await reached.wait()
        refreshing.cancel()
        let clock = ContinuousClock()
        // A refresh that has begun may say what it did not get, instead of throwing.
        let took = await clock.measure { _ = await refreshing.result }
        #expect(took < .seconds(2))
        transport.setObstacle(nil)
        let report = try await phone.wallet.refresh(.now)
        #expect(report.changes.contains(.status(license: license, from: .valid, to: .lapsed)))
    }

    @Test(.timeLimit(.minutes(1)))
    func aCancelledFrameStopsAndTheNextOneIsSigned() async throws {
        let (_, phone, keys, license) = try await hardwarePhone()
        let presentation = try await phone.wallet.present(license)
        let reached = hangSigning(keys)
        let signing = Task { try await presentation.frame() }
        await reached.wait()
        try await expectCancelledAtOnce(signing)
        keys.setObstacle(nil)
        let verdict = try await phone.reader().check(presentation.frame().text)
        #expect(verdict.isAccepted)
    }

    @Test(.timeLimit(.minutes(1)))
    func anOpeningThatIsCancelledStops() async throws {
        let (_, phone, keys, _) = try await hardwarePhone()
        phone.wallet.close()
        let reached = Signal()
        keys.setObstacle {
            guard $0 == .unwrap else { return }
            reached.send()
            await never()
        }
        let opening = Task { try await Wallet.open(at: phone.directory, keyStore: keys) }
        await reached.wait()
        try await expectCancelledAtOnce(opening)
    }

    @Test(.timeLimit(.minutes(1)))
    func aTaskThatWasCancelledBeforeCallsNothing() async throws {
        let authority = try await Authority.start()
        let transport = SessionTransport()
        let phone = try await Phone(authority, network: .transport(transport))
        let added = try await authority.register()
        let reading = Task {
            await never(unlessCancelled: ())
            return try await phone.wallet.readOffer(added.offerByReference)
        }
        try await expectCancelledAtOnce(reading)
        #expect(transport.requests == 0)
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["wallet", "presentation", "end"])
    func closingWhileAFrameIsBeingMadeEndsItAtOnce(_ what: String) async throws {
        let (_, phone, keys, license) = try await hardwarePhone()
        let presentation = try await phone.wallet.present(license)
        let reached = hangSigning(keys)
        let signing = Task { () async -> Result<Frame, WalletError> in
            do throws(WalletError) { return .success(try await presentation.frame()) } catch { return .failure(error) }
        }
        await reached.wait()
        let clock = ContinuousClock()
        let took = try await clock.measure {
            switch what {
            case "wallet": phone.wallet.close()
            case "presentation": presentation.close()
            default: try await presentation.end()
            }
            let expected: WalletError = what == "end" ? .presentationEnded : .closed
            #expect(await signing.value.failure == expected)
        }
        #expect(took < .seconds(2))
    }

    /// A phone with a license whose holder key is in hardware.
    private func hardwarePhone() async throws -> (Authority, Phone, DelegatingKeyStore, HeldLicense.ID) {
        let authority = try await Authority.start()
        let keys = try DelegatingKeyStore.withHardware()
        let phone = try await Phone(authority, keys: keys)
        let license = try await phone.enrollNewDriver()
        return (authority, phone, keys, license)
    }

    private func hangSigning(_ keys: DelegatingKeyStore) -> Signal {
        let reached = Signal()
        keys.setObstacle {
            guard $0 == .sign else { return }
            reached.send()
            await never()
        }
        return reached
    }

    /// Cancels a task, and expects that it ends as cancelled, long before any time limit.
    private func expectCancelledAtOnce<Value>(_ task: Task<Value, any Error>) async throws {
        task.cancel()
        let clock = ContinuousClock()
        let took = await clock.measure {
            await #expect(throws: WalletError.cancelled) { try await task.value }
        }
        #expect(took < .seconds(2))
    }
}

extension Result {
    fileprivate var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}

/// Waits until the task is cancelled.
private func never(unlessCancelled: Void) async {
    while !Task.isCancelled { await Task.yield() }
}

/// Something that happens once or more often, and is waited for.
struct Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func send() {
        continuation.yield()
    }

    func wait() async {
        for await _ in stream { return }
    }
}
