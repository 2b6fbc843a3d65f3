import Foundation
import Testing
import VidimusApp

@testable import VidimusShell

/// The words, against the expectations that Kotlin's tests read too.
@Suite struct TextsTests {
    @Test func bothSystemsSayTheSame() throws {
        let rows = try Expectation.all()
        #expect(rows.count >= 60)
        for row in rows {
            #expect(try row.said() == row.output, "\(row.kind) \(row.tag) \(row.input)")
        }
    }

    @Test func everyWordHasATextInEveryLanguage() {
        for word in Word.allCases {
            for language in Language.allCases {
                #expect(!Texts(language: language)[word].isEmpty, "\(word.key) in \(language)")
            }
        }
    }

    @Test func noAgeIsTooLongToBeTold() {
        #expect(Texts(language: .english)[.age(minutes: .max)] == "2982616 days ago")
    }

    @Test func everyDigitIsOneOf0To9() {
        for language in Language.allCases {
            let texts = Texts(language: language)
            let day = CalendarDay(year: 2026, month: 12, day: 31)
            let said = texts.date(day) + texts.count(.ageDays, 1_234_567) + texts[.countdown(seconds: 89)]
            #expect(!said.contains { $0.isWholeNumber && !$0.isASCII }, "\(said)")
        }
    }

    @Test(arguments: [
        Value.day(day: CalendarDay(year: 2026, month: 13, day: 1)),
        .day(day: CalendarDay(year: 2026, month: 0, day: 1)),
        .month(year: 1991, month: 13), .month(year: 1991, month: 0),
    ])
    func whatIsNoDayIsNotKnown(_ value: Value) {
        #expect(Texts(language: .english)[value] == "Unknown")
    }
}

/// A row of the table of expectations.
private struct Expectation {
    let kind: String
    let tag: String
    let input: String
    let output: String

    struct Unreadable: Error {
        let what: String
    }

    static func all() throws -> [Expectation] {
        let named = ProcessInfo.processInfo.environment["VIDIMUS_TEXTS"].map { URL(filePath: $0) }
        let beside = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../texts").standardized
        let file = (named ?? beside).appending(path: "expected.tsv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
        return try lines.map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard cells.count == 4 else { throw Unreadable(what: String(line)) }
            return Expectation(kind: cells[0], tag: cells[1], input: cells[2], output: cells[3])
        }
    }

    /// What is said, with isolates as brackets: no one sees an isolate in a table.
    func said() throws -> String {
        try plain().replacingOccurrences(of: "\u{2068}", with: "⟦").replacingOccurrences(of: "\u{2069}", with: "⟧")
    }

    private func plain() throws -> String {
        let texts = Texts(language: try found(Language(rawValue: tag)))
        switch kind {
        case "language":
            let language = Language.of(input)
            return language.tag == tag ? (language.rightToLeft ? "rtl" : "ltr") : language.tag
        case "count":
            return texts.count(try found(Plural(rawValue: words[0])), try found(Int(words[1])))
        case "date":
            return texts.date(try day())
        case "birth":
            return texts[try birth()]
        case "date_time":
            let zone = try found(TimeZone(secondsFromGMT: try found(Int(words[1]))))
            let seconds = try found(UInt64(words[0]))
            return Texts(language: texts.language, zone: zone)[.moment(seconds: seconds)]
        case "age":
            return texts[.age(minutes: UInt32(max(0, try found(Double(input))) / 60))]
        case "list":
            return texts[.several(items: input.isEmpty ? [] : parts)]
        case "countdown":
            return texts[.countdown(seconds: UInt32(max(0, try found(Int(input)))))]
        case "word":
            return try word(texts)
        default:
            throw Unreadable(what: kind)
        }
    }

    private func day() throws -> CalendarDay {
        let parts = numbers
        return CalendarDay(
            year: Int32(try found(parts.first)), month: UInt8(parts[1]), day: UInt8(parts[2]))
    }

    private func birth() throws -> Value {
        let parts = numbers
        let year = UInt16(try found(parts.first))
        return switch parts.count {
        case 1: .year(year: year)
        case 2: .month(year: year, month: UInt8(parts[1]))
        default: .day(day: try day())
        }
    }

    private func word(_ texts: Texts) throws -> String {
        let word = try found(Word(rawValue: parts[0]))
        // A subscript takes no array for its variadic arguments.
        return switch parts.count {
        case 1: texts[word]
        case 2: texts[word, parts[1]]
        case 3: texts[word, parts[1], parts[2]]
        case 4: texts[word, parts[1], parts[2], parts[3]]
        default: throw Unreadable(what: input)
        }
    }

    private var numbers: [Int] { input.split(separator: "-").compactMap { Int($0) } }

    private var words: [String] { input.split(separator: " ").map(String.init) }

    private var parts: [String] { input.split(separator: "|", omittingEmptySubsequences: false).map(String.init) }

    private func found<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Unreadable(what: input) }
        return value
    }
}
