import Foundation
import Testing
import Vidimus

@testable import VidimusModels

/// What is heard of a screen, and what a list says.
@Suite struct WordsTests {
    private let texts = Texts(language: .english)
    private let standing = Standing(license: .sample(.pointsLimit), asOf: nil, age: .seconds(120))

    private func card(_ standing: Standing) -> LicenseCard {
        let day = Day(year: 2026, month: 11, day: 26)
        let holder = Holder(
            familyName: "Nakamura", givenNames: "Zoë", birthDate: .day(day), number: "1", issued: day, expires: day,
            country: "ZZ", categories: [])
        return LicenseCard(id: "one", holder: holder, standing: standing, portrait: nil, damaged: false)
    }

    @Test func aCardIsHeardInOneSentence() {
        #expect(texts.spoken(card(standing)) == "Zoë Nakamura. Points limit reached. Confirmed 2 minutes ago.")
        let never = Standing(license: .sample(.unknown), asOf: nil, age: nil)
        #expect(texts.spoken(card(never)) == "Zoë Nakamura. Not known. Status never received.")
        let expired = Standing(license: .sample(.licenseExpired), asOf: nil, age: .seconds(120))
        #expect(texts.spoken(card(expired)) == "Zoë Nakamura. License expired. Confirmed 2 minutes ago.")
    }

    @Test func aCodeIsHeardWithItsCountdown() {
        let code = ShownCode(
            symbol: QRSymbol(size: 21, modules: Data()), holder: "Zoë", standing: standing, audience: nil,
            statusLeftOut: false)
        let spoken = "License of Zoë. Points limit reached. Confirmed 2 minutes ago. New code in 1 second."
        #expect(texts.spoken(code, nextIn: 1) == spoken)
    }

    private let mayDrive = LicenseStanding.sample(.valid)

    @Test func theHistorySaysToWhomAndWhetherTheNameWasProven() {
        let post = Asker(name: "Post 1", proven: true)
        let proven = HistoryEvent.shown(audience: post, portrait: true, standing: mayDrive)
        #expect(texts.headline(proven) == "Shown to Post 1")
        #expect(texts.details(proven) == ["Status shown: May drive", "name proven, with portrait"])
        let digits = HistoryEvent.shown(audience: Asker(name: nil, proven: false), portrait: false, standing: mayDrive)
        #expect(texts.headline(digits) == "Shown to someone who told 8 digits")
        #expect(texts.details(digits) == ["Status shown: May drive"])
        #expect(texts.headline(.shown(audience: nil, portrait: false, standing: mayDrive)) == "Shown")
        let changed = HistoryEvent.statusChanged(from: .valid, to: .suspended)
        #expect(texts.headline(changed) == "Status changed: May drive to Suspended")
        #expect(texts.details(changed).isEmpty)
    }

    @Test func aDayOfALicenseIsADay() {
        #expect(texts.date(Day(year: 2026, month: 2, day: 8)) == "8 Feb 2026")
        #expect(Day(year: 2026, month: 9, day: 30) < Day(year: 2026, month: 10, day: 1))
    }

    @Test(arguments: [
        (["ar-EG", "en"], Language.arabic), (["zh-Hans-CN"], .chinese), (["de-DE", "bn"], .bengali), (["fr"], .english),
        ([], .english),
    ])
    func theFirstLanguageThatThereIsIsTaken(languages: [String], language: Language) {
        #expect(Language.preferred(in: languages) == language)
    }
}
