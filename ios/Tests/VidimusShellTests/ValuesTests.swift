import Foundation
import Testing
import VidimusApp

@testable import VidimusShell

/// What a screen says: words with values in their places, each as its language writes it.
@Suite struct ValuesTests {
    private static let gmt = TimeZone(secondsFromGMT: 0) ?? .current
    private let english = Texts(language: .english, zone: gmt)
    private let arabic = Texts(language: .arabic, zone: gmt)

    /// Each kind of value, in a language that runs from left to right and in one that runs from
    /// right to left.
    static let kinds: [(Value, String, String)] = [
        (.text(text: "Zoë {0}"), "Zoë {0}", "Zoë {0}"),
        (.word(key: "common.unknown"), "Unknown", "غير معروف"),
        (.number(number: 7), "7", "7"),
        (.count(key: "seconds", number: 1), "1 second", "ثانية واحدة"),
        (.count(key: "seconds", number: 5), "5 seconds", "5 ثوانٍ"),
        (.day(day: CalendarDay(year: 2026, month: 11, day: 26)), "26 Nov 2026", "26 نوفمبر 2026"),
        (.month(year: 1991, month: 2), "Feb 1991", "فبراير 1991"),
        (.year(year: 1991), "1991", "1991"),
        (.moment(seconds: 1_795_716_359), "26 Nov 2026, 18:05", "26 نوفمبر 2026، 18:05"),
        (.clock(seconds: 1_795_716_359), "18:05:59", "18:05:59"),
        (.dayOf(seconds: 1_795_716_359), "26 Nov 2026", "26 نوفمبر 2026"),
        (.age(minutes: 0), "just now", "الآن"),
        (.age(minutes: 121), "2 hours ago", "قبل ساعتين"),
        (.confirmed(minutes: nil), "Status not yet received", "لم تصل الحالة بعد"),
        (.confirmed(minutes: 2), "Confirmed 2 minutes ago", "تم التأكيد \u{2068}قبل دقيقتين\u{2069}"),
        (.countdown(seconds: 249), "4:09", "4:09"),
        (.several(items: []), "", ""),
        (.several(items: ["01", "B96"]), "01, B96", "\u{2068}01\u{2069}، \u{2068}B96\u{2069}"),
    ]

    @Test(arguments: kinds)
    func eachKindOfValueIsWritten(value: Value, inEnglish: String, inArabic: String) {
        #expect(english[value] == inEnglish)
        #expect(arabic[value] == inArabic)
    }

    @Test func valuesStandInTheirPlacesAndAreIsolatedWhereALineRunsFromRightToLeft() {
        let words = Words(key: "license.of", values: [.number(number: 1), .number(number: 2)])
        #expect(english[words] == "1 of 2")
        #expect(arabic[words] == "\u{2068}1\u{2069} من \u{2068}2\u{2069}")
        let changed = Words(
            key: "history.status_changed", values: [.word(key: "state.valid"), .word(key: "state.suspended")])
        #expect(english[changed] == "Status changed: May drive to Suspended")
    }

    @Test func aDayOfALicenseIsADay() {
        #expect(english.date(CalendarDay(year: 2026, month: 2, day: 8)) == "8 Feb 2026")
    }

    @Test func aNameWithBracesStaysThatName() {
        let words = Words(key: "license.of", values: [.text(text: "{1}"), .text(text: "x")])
        #expect(english[words] == "{1} of x")
    }

    @Test func aCardAndACodeAreHeardInOneSentence() {
        let card = Words(
            key: "license.spoken",
            values: [.text(text: "Zoë Nakamura"), .word(key: "state.points_limit"), .confirmed(minutes: 2)])
        #expect(english[card] == "Zoë Nakamura. Points limit reached. Confirmed 2 minutes ago.")
        let code = Words(
            key: "show.spoken",
            values: [
                .text(text: "Zoë"), .word(key: "state.points_limit"), .confirmed(minutes: nil),
                .count(key: "seconds", number: 1),
            ])
        #expect(
            english[code] == "License of Zoë. Points limit reached. Status not yet received. New code in 1 second.")
    }

    @Test func wordsInARowAreAList() {
        let details = ["history.name_proven", "history.with_portrait"].map { Words(key: $0, values: []) }
        #expect(english.list(details) == "name confirmed, with photo")
    }

    @Test func aKeyThatIsNotInTheTableShowsItself() {
        #expect(english[Words(key: "no.such", values: [])] == "no.such")
        #expect(english[Words(key: "no.such {0}", values: [.number(number: 3)])] == "no.such 3")
        #expect(english[.word(key: "no.such")] == "no.such")
        #expect(english[.count(key: "no.such", number: 3)] == "no.such")
    }

    @Test func aMomentIsToldInTheZoneOfTheTexts() throws {
        let zone = try #require(TimeZone(secondsFromGMT: 6 * 3_600))
        #expect(Texts(language: .english, zone: zone)[.moment(seconds: 1_795_716_359)] == "27 Nov 2026, 00:05")
    }

    /// The system sets its own stop behind it.
    @Test func theLockSaysWhatItIsAskedFor() {
        #expect(english[UnlockReason.showing] == "Unlock the phone to show your license")
        #expect(english[UnlockReason.removing] == "Remove this license?")
        for language in Language.allCases {
            let texts = Texts(language: language)
            for reason in [UnlockReason.showing, .removing] {
                #expect(!texts[reason].isEmpty && texts[reason].last.map { ".。।".contains($0) } == false)
            }
            #expect(texts[UnlockReason.showing] != texts[.removing])
        }
    }

    @Test(arguments: [
        (["ar-EG", "en"], Language.arabic), (["zh-Hans-CN"], .chinese), (["de-DE", "bn"], .bengali), (["fr"], .english),
        ([], .english),
    ])
    func theFirstLanguageThatThereIsIsTaken(languages: [String], language: Language) {
        #expect(Language.preferred(in: languages) == language)
    }
}
