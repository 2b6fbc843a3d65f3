import Testing

@testable import Vidimus
@testable import VidimusModels

@MainActor @Suite struct ShowModelTests {
    private let clock = ManualClock()
    private let phone: TestPhone
    private let asker = Asker(name: "Checkpoint 12", proven: true)

    init() {
        phone = TestPhone(clock: clock)
    }

    private func model(_ start: @escaping ShowModel.Start) -> ShowModel {
        ShowModel(holder: "Zoë", audience: asker, phone: phone, start: start)
    }

    private func isLive(_ show: ShowModel, nextIn: Int, endsIn: Int) -> Bool {
        if case .live(_, nextIn, endsIn) = show.state { true } else { false }
    }

    @Test func nothingIsShownBeforeTheLockIsOpen() async throws {
        for outcome in [LockOutcome.cancelled, .failed, .noLock] {
            phone.answer(outcome)
            let show = model { () async throws(WalletError) in
                Issue.record("a presentation was started")
                throw .internal
            }
            #expect(show.state == .unlocking)
            show.begin()
            try await until("the lock has answered") { show.state == .locked(outcome) }
        }
    }

    @Test func aCodeIsCountedToTheNextAndToTheEndInWholeSeconds() async throws {
        let showing = TestShowing(clock.elapsed, standing: .licenseExpired)
        let show = model { showing }
        show.begin()
        try await until("it is live") { isLive(show, nextIn: 10, endsIn: 300) }
        guard case .live(let code, _, _) = show.state else { return }
        #expect(code.holder == "Zoë" && code.audience == asker && !code.statusLeftOut)
        let expired = LicenseStanding.sample(.licenseExpired)
        #expect(code.standing == Standing(license: expired, asOf: code.standing.asOf, age: .seconds(180)))
        #expect(code.standing.tone == .bad, "though the status inside is valid")
        for second in 1...9 {
            try await until("it waits") { clock.waiting == 1 }
            clock.advance(by: .seconds(1))
            try await until("a second is less") { isLive(show, nextIn: 10 - second, endsIn: 300 - second) }
        }
        #expect(showing.frames == 1)
        try await until("it waits") { clock.waiting == 1 }
        clock.advance(by: .seconds(1))
        try await until("the next code") { isLive(show, nextIn: 10, endsIn: 290) }
        #expect(showing.frames == 2)
        await show.end()
    }

    @Test func aPartOfASecondCountsAsOne() async throws {
        let showing = TestShowing(clock.elapsed)
        let show = model { showing }
        show.begin()
        try await until("it waits") { isLive(show, nextIn: 10, endsIn: 300) && clock.waiting == 1 }
        // Woken late: it goes on with the seconds of the clock, and does not count its own.
        clock.advance(by: .milliseconds(3_400))
        try await until("six and a half are left") { isLive(show, nextIn: 7, endsIn: 297) && clock.waiting == 1 }
        clock.advance(by: .milliseconds(600))
        try await until("six are left") { isLive(show, nextIn: 6, endsIn: 296) }
        await show.end()
    }

    @Test func itEndsByItselfAfterFiveMinutesAndMayBeShownAgain() async throws {
        var showings: [TestShowing] = []
        let show = model { [clock] in
            showings.append(TestShowing(clock.elapsed))
            return showings[showings.count - 1]
        }
        show.begin()
        try await until("it waits") { clock.waiting == 1 }
        clock.advance(by: .seconds(300))
        try await until("it is over") { show.state == .over(byItself: true) }
        try await until("its entry is written") { showings.first?.timesEnded == 1 }
        try await until("once more") {
            show.begin()
            return isLive(show, nextIn: 10, endsIn: 300)
        }
        #expect(phone.timesAsked == 2, "the lock is asked each time")
        #expect(showings.count == 2)
        await show.end()
    }

    @Test func anAnswerThatComesToItsEndSaysThatTheOfficerMustAskAgain() async throws {
        let showing = TestShowing(clock.elapsed)
        let show = model { showing }
        show.begin()
        try await until("it waits") { isLive(show, nextIn: 10, endsIn: 300) && clock.waiting == 1 }
        showing.fail(with: .challenge(.over))
        clock.advance(by: .seconds(10))
        try await until("it is too late") { show.state == .tooLate }
        try await until("its entry is written") { showing.timesEnded == 1 }
        #expect(!show.isUnderWay)
    }

    @Test func endingTakesItOffTheScreenAtOnceAndWritesItsEntry() async throws {
        let showing = TestShowing(clock.elapsed)
        let show = model { showing }
        show.begin()
        show.begin()
        try await until("it is live") { isLive(show, nextIn: 10, endsIn: 300) }
        await show.end()
        #expect(show.state == .over(byItself: false))
        #expect(showing.timesEnded == 1 && phone.timesAsked == 1)
        #expect(clock.waiting == 0, "nothing goes on behind it")
        await show.end()
        #expect(showing.timesEnded == 1)
    }

    @Test func whatStartsAfterTheEndIsEndedAndNeverShown() async throws {
        let gate = Gate()
        let showing = TestShowing(clock.elapsed)
        let show = model {
            await gate.pass()
            return showing
        }
        show.begin()
        try await until("it starts") { gate.waiting == 1 }
        #expect(show.state == .starting)
        let end = Task { await show.end() }
        try await until("it is over") { show.state == .over(byItself: false) }
        gate.open()
        await end.value
        #expect(showing.frames == 0 && showing.timesEnded == 1)
    }

    @Test func aFaultIsToldAndWhatWasShownIsWrittenDown() async throws {
        let showing = TestShowing(clock.elapsed)
        let show = model { showing }
        show.begin()
        try await until("it is live") { isLive(show, nextIn: 10, endsIn: 300) && clock.waiting == 1 }
        showing.fail(with: .keyStore(.locked))
        clock.advance(by: .seconds(10))
        try await until("it failed") { show.state == .failed(.deviceLocked) }
        try await until("its entry is written") { showing.timesEnded == 1 }
        phone.hasLock = false
        let gone = model { () async throws(WalletError) in throw .keyStore(.notFound) }
        gone.begin()
        try await until("it failed") { gone.state == .failed(.passcodeRemoved) }
    }
}
