import Foundation
import Testing

@testable import Vidimus
@testable import VidimusModels

@MainActor @Suite struct LicensesModelTests {
    private let clock = ManualClock()
    private let wallet = TestWallet()

    private func model(_ held: HeldLicense...) async throws -> LicensesModel {
        wallet.change(held: held)
        let model = LicensesModel(wallet: wallet, elapsed: clock.elapsed) { true }
        try await model.load()
        return model
    }

    @Test func aWalletWithoutALicenseHasNoState() async throws {
        #expect(try await model().state == nil)
    }

    @Test func whetherALicenseIsMissingIsReadWithTheLicenses() async throws {
        #expect(try await !model().missesLicense)
        wallet.change(missing: true)
        #expect(try await model().missesLicense)
    }

    @Test func aCardSaysWhatTheLicenseSays() async throws {
        let card = try #require(try await model(.sample()).state?.card)
        #expect(card.holder?.name == "Zoë Nakamura-Østergård")
        #expect(card.holder?.birthDate == .day(Day(year: 1991, month: 2, day: 28)))
        #expect(card.holder?.expires == Day(year: 2035, month: 5, day: 31))
        #expect(card.holder?.categories.map(\.code) == ["B"])
        #expect(card.holder?.categories.first?.until == nil)
        #expect(card.portrait == Data("portrait of one".utf8))
        #expect(card.mayShow && card.standing.tone == .good)
    }

    @Test func whatIsNotKnownOrHasNoEndIsShownSo() async throws {
        let texts = Texts(language: .english)
        let born = BirthDate.yearMonth(year: 1991, month: 2)
        let sample = HeldLicense.sample(expires: nil, ends: nil, born: born, familyName: "王\u{323b0}")
        let licenses = try await model(sample)
        let holder = try #require(licenses.state?.card.holder)
        #expect(texts.date(holder.birthDate) == "Feb 1991")
        #expect(texts.end(holder.expires) == "No end date")
        #expect(holder.familyName == "王[U+323B0]")
        #expect(licenses.state?.troubles == [])
        #expect(texts.date(Birth(.year(year: 1991))) == "1991")
    }

    @Test func aDamagedCardMayNotBeShownAndASuspendedOneMay() async throws {
        #expect(try await model(.sample(damaged: true)).state?.card.mayShow == false)
        #expect(try await model(.sample(damaged: true)).state?.troubles == [.damaged])
        #expect(try await model(.sample(kind: .suspended)).state?.card.mayShow == true)
    }

    @Test func anotherLicenseComesToTheFrontAndStaysThere() async throws {
        let licenses = try await model(.sample("one"), .sample("two", kind: .revoked))
        #expect(licenses.state?.selected == 0 && licenses.state?.troubles == [])
        licenses.select(1)
        #expect(licenses.state?.card.id == "two" && licenses.state?.troubles == [.revoked])
        licenses.select(2)
        #expect(licenses.state?.selected == 1, "there is no third one")
        wallet.change(held: [.sample("new"), .sample("one"), .sample("two")])
        try await licenses.load()
        #expect(licenses.state?.selected == 2)
        licenses.select(id: "new")
        #expect(licenses.state?.selected == 0)
    }

    @Test func agesGoOnEachMinuteByAClockThatNobodySets() async throws {
        let licenses = try await model(.sample(age: .seconds(30)))
        #expect(licenses.state?.card.standing.age == .zero, "in whole minutes")
        let ages = Task { await licenses.keepAges() }
        try await until("it waits") { clock.waiting == 1 }
        clock.advance(by: .seconds(29))
        #expect(clock.waiting == 1)
        clock.advance(by: .seconds(1))
        try await until("a minute is full") { licenses.state?.card.standing.age == .seconds(60) }
        try await until("it waits again") { clock.waiting == 1 }
        clock.advance(by: .seconds(60))
        try await until("two are") { licenses.state?.card.standing.age == .seconds(120) }
        ages.cancel()
        await ages.value
        #expect(clock.waiting == 0)
    }

    @Test func aStatusGrowsOldWhileTheScreenIsOn() async throws {
        let licenses = try await model(.sample(later: [(.seconds(50), .statusStale)]))
        #expect(licenses.state?.troubles == [] && licenses.state?.card.standing.tone == .good)
        let ages = Task { await licenses.keepAges() }
        try await until("it waits") { clock.waiting == 1 }
        clock.advance(by: .seconds(60))
        try await until("it is old") { licenses.state?.troubles == [.statusOld] }
        #expect(licenses.state?.card.standing.tone == .caution)
        ages.cancel()
    }

    @Test func aLicenseThatExpiresWhileTheScreenIsOnIsBadWhateverItsStatusSays() async throws {
        let licenses = try await model(.sample(later: [(.seconds(1), .licenseExpired)]))
        #expect(licenses.state?.troubles == [] && licenses.state?.card.standing.tone == .good)
        clock.advance(by: .seconds(1))
        licenses.select(0)
        #expect(licenses.state?.troubles == [.licenseExpired])
        #expect(licenses.state?.card.standing.kind == .licenseExpired)
        #expect(licenses.state?.card.standing.tone == .bad)
    }

    @Test func aRefreshIsSeenAndASecondTapDoesNothing() async throws {
        let licenses = try await model(.sample())
        wallet.gate.close()
        let first = Task { await licenses.refresh() }
        try await until("it asks") { wallet.gate.waiting == 1 }
        #expect(licenses.state?.refreshing == true)
        await licenses.refresh()
        wallet.change(held: [.sample(kind: .suspended)])
        wallet.gate.open()
        await first.value
        #expect(licenses.state?.refreshing == false)
        #expect(licenses.state?.troubles == [.suspended])
        #expect(wallet.refreshed == [.now])
    }

    @Test func whatARefreshCouldNotDoIsToldUntilTheNextOne() async throws {
        let licenses = try await model(.sample("one"), .sample("two"))
        wallet.change(failures: [
            .init(subject: .status(license: "one"), error: .Network(reason: .unreachable)),
            .init(subject: .renewal(license: "one"), error: .Issuer(reason: .notRenewable)),
            .init(subject: .status(license: "two"), error: .Untrusted),
        ])
        await licenses.refresh()
        #expect(licenses.state?.troubles == [.noNetwork])
        licenses.select(1)
        #expect(licenses.state?.troubles == [.authorityUnknown], "each license has its own")
        wallet.change(failures: [])
        await licenses.refresh()
        #expect(licenses.state?.troubles == [])
    }

    @Test func aFaultOfTheDiskIsToldAndWhatWasReadStays() async throws {
        let licenses = try await model(.sample())
        wallet.fail(with: .storage(.full))
        await licenses.refresh()
        #expect(licenses.state?.troubles == [.storageFull])
        #expect(licenses.state?.card.holder != nil && licenses.state?.refreshing == false)
        wallet.fail(with: nil)
        await licenses.refresh()
        #expect(licenses.state?.troubles == [])
    }

    @Test func whatIsDueIsAskedForAgainAndAgain() async throws {
        let licenses = try await model(.sample())
        #expect(licenses.nextIn == nil, "nobody was asked")
        wallet.change(nextIn: .seconds(40))
        let fresh = Task { await licenses.keepFresh() }
        try await until("it waits") { clock.waiting == 1 }
        #expect(wallet.refreshed == [.opened] && licenses.nextIn == .seconds(40))
        clock.advance(by: .seconds(39))
        #expect(clock.waiting == 1 && licenses.nextIn == .seconds(1))
        wallet.change(held: [.sample(kind: .suspended)], nextIn: .seconds(86_400))
        clock.advance(by: .seconds(1))
        try await until("it is seen") { licenses.state?.troubles == [.suspended] && clock.waiting == 1 }
        #expect(wallet.refreshed == [.opened, .due] && licenses.nextIn == .seconds(86_400))
        // A clock may be set within a day.
        clock.advance(by: .seconds(60))
        try await until("once more") { wallet.refreshed == [.opened, .due, .due] && clock.waiting == 1 }
        fresh.cancel()
        await fresh.value
        #expect(clock.waiting == 0)
        clock.advance(by: .seconds(86_401))
        #expect(licenses.nextIn == .zero && wallet.refreshed.count == 3)
    }

    @Test func aWalletThatCannotBeKeptFreshIsToldAndAskedAgain() async throws {
        let licenses = try await model(.sample())
        wallet.fail(with: .storage(.busy))
        let fresh = Task { await licenses.keepFresh() }
        try await until("it waits") { clock.waiting == 1 }
        #expect(licenses.state?.troubles == [], "another process refreshes")
        wallet.fail(with: .storage(.full))
        clock.advance(by: .seconds(60))
        try await until("it is told") { licenses.state?.troubles == [.storageFull] && clock.waiting == 1 }
        wallet.fail(with: nil)
        clock.advance(by: .seconds(60))
        try await until("all is well") { licenses.state?.troubles == [] && clock.waiting == 1 }
        wallet.fail(with: .closed)
        clock.advance(by: .seconds(60))
        await fresh.value
        #expect(licenses.state?.troubles == [] && clock.waiting == 0, "the next wallet has its own")
    }

    @Test func aRefreshThatIsCutOffIsNoTrouble() async throws {
        let licenses = try await model(.sample())
        licenses.note(.storage(.full))
        wallet.gate.close()
        let fresh = Task { await licenses.keepFresh() }
        try await until("it asks") { wallet.gate.waiting == 1 }
        fresh.cancel()
        wallet.fail(with: .cancelled)
        wallet.gate.open()
        await fresh.value
        #expect(licenses.state?.troubles == [.storageFull], "what stood there stands there")
    }
}
