import Testing
import Vidimus
import VidimusModels
import VidimusTestSupport

/// An app that is seen keeps its wallet fresh. On a clock that stands still whoever waits can be counted.
@MainActor @Suite struct FreshnessTests {
    private let clock = ManualClock()

    @Test(.timeLimit(.minutes(5)))
    func theWalletIsAskedAgainAndAgainUntilTheAppIsLeft() async throws {
        let phone = try LivePhone(try await Authority.start(), clock: clock)
        defer { phone.close() }
        let model = phone.model
        model.start()
        try await until("the ages wait, and nothing else") { model.screen.code == "welcome" && clock.waiting == 1 }
        #expect(model.nextRefresh == nil)
        await model.foreground()
        try await isKeptFresh(model)
        // Active once more, as after a look at the notifications.
        await model.foreground()
        try await isKeptFresh(model)

        model.left()
        try await until("the ages wait alone") { clock.waiting == 1 }
        let before = try #require(model.nextRefresh)
        clock.advance(by: .seconds(60))
        try await until("the ages wait again") { clock.waiting == 1 }
        #expect(model.nextRefresh == before - .seconds(60), "nobody has asked")
        await model.foreground()
        try await isKeptFresh(model)
        model.close()
        try await until("nobody waits") { clock.waiting == 0 }
    }

    @Test(.timeLimit(.minutes(5)))
    func whatIsOpenedWhileTheAppIsSeenIsKeptFreshFromThenOn() async throws {
        let phone = try LivePhone(try await Authority.start(), clock: clock)
        defer { phone.close() }
        phone.keys.fail(with: .failed)
        phone.model.start()
        await phone.model.foreground()
        try await phone.blocked(by: .keyStore)
        #expect(clock.waiting == 0)
        phone.keys.fail(with: nil)
        phone.model.act(.retry)
        try await isKeptFresh(phone.model)
    }

    /// It waits for a minute at most, and asks then.
    private func isKeptFresh(_ model: DriverModel) async throws {
        try await until("ages and wallet wait") { clock.waiting == 2 && model.nextRefresh != nil }
        let before = try #require(model.nextRefresh)
        clock.advance(by: .seconds(60))
        try await until("it has asked") {
            guard let now = model.nextRefresh else { return false }
            return now > before - .seconds(30) && clock.waiting == 2
        }
    }
}
