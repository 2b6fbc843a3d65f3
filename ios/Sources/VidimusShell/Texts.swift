import Foundation
import VidimusApp

/// What the apps say, in one language.
///
/// Digits are 0-9 in every language: the same that stand on the license, so that an officer can
/// compare them.
public struct Texts: Hashable, Sendable {
    /// The language of all texts here.
    public let language: Language
    /// The zone in which moments are told.
    public let zone: TimeZone

    /// The texts of a language, with moments in the zone of the phone's clock unless another one is
    /// given.
    public init(language: Language, zone: TimeZone = .autoupdatingCurrent) {
        self.language = language
        self.zone = zone
    }

    /// What a screen says, with its values in their places. A key that is not in the table shows
    /// itself.
    public subscript(words: Words) -> String {
        filled(text(of: words.key), with: words.values.map { isolated(self[$0]) })
    }

    /// A value of a screen, as this language writes it.
    public subscript(value: Value) -> String {
        switch value {
        case .text(let text): text
        case .word(let key): text(of: key)
        case .number(let number): String(number)
        case .count(let key, let number):
            Plural(rawValue: key).map { count($0, Int(number)) } ?? key
        case .day(let day): date(day)
        case .month(let year, let month): date(year: Int(year), month: Int(month))
        case .year(let year): date(year: Int(year))
        case .moment(let seconds): dateTime(Date(timeIntervalSince1970: TimeInterval(seconds)))
        case .clock(let seconds): clock(Date(timeIntervalSince1970: TimeInterval(seconds)))
        case .dayOf(let seconds): date(of: Date(timeIntervalSince1970: TimeInterval(seconds)))
        case .age(let minutes): age(minutes: minutes)
        case .confirmed(let minutes): minutes.map { self[.licenseConfirmed, age(minutes: $0)] } ?? self[.licenseNever]
        case .countdown(let seconds): countdown(seconds)
        case .several(let items): list(items)
        }
    }

    /// Words in a row, as a list in one line.
    public func list(_ words: [Words]) -> String { list(words.map { self[$0] }) }

    private func text(of key: String) -> String { Word(rawValue: key)?.text(language) ?? key }

    /// A word, with its placeholders `{0}`, `{1}` and so on filled. An argument is taken as it is:
    /// braces in it mean nothing. Where a line runs from right to left each argument is isolated,
    /// so that a name in another script does not tear the line. A placeholder without an argument
    /// stays, so that it is seen.
    public subscript(word: Word, arguments: String...) -> String {
        filled(word.text(language), with: arguments.map(isolated))
    }

    /// A number with its noun, in the form that the language has for it.
    public func count(_ plural: Plural, _ number: Int) -> String {
        filled(plural.forms(language)[language.category(of: number).rawValue], with: [String(number)])
    }

    /// A day: its month as a word, since no order of digits is read alike everywhere. What is no
    /// day is not known.
    public func date(_ day: CalendarDay) -> String {
        date(year: Int(day.year), month: Int(day.month), day: Int(day.day))
    }

    private func date(year: Int, month: Int, day: Int) -> String {
        guard Self.months.indices.contains(month - 1) else { return Word.commonUnknown.text(language) }
        let name = Self.months[month - 1].text(language)
        return filled(Word.date.text(language), with: [String(day), name, String(year)])
    }

    /// A month of a year. What is no month is not known.
    func date(year: Int, month: Int) -> String {
        guard Self.months.indices.contains(month - 1) else { return Word.commonUnknown.text(language) }
        return filled(Word.dateMonth.text(language), with: [Self.months[month - 1].text(language), String(year)])
    }

    /// A year alone, as the language writes it.
    func date(year: Int) -> String {
        filled(Word.dateYear.text(language), with: [String(year)])
    }

    /// A day and a time of 24 hours, as a clock in the zone shows them.
    func dateTime(_ at: Date) -> String {
        let local = local(at)
        let time = "\(Self.twoDigits(local.hour ?? 0)):\(Self.twoDigits(local.minute ?? 0))"
        return filled(Word.dateTime.text(language), with: [date(of: at), time])
    }

    /// The time of day, to the second.
    private func clock(_ at: Date) -> String {
        let local = local(at)
        return [local.hour, local.minute, local.second].map { Self.twoDigits($0 ?? 0) }.joined(separator: ":")
    }

    /// The day of a moment.
    private func date(of at: Date) -> String {
        let local = local(at)
        return date(year: local.year ?? 0, month: local.month ?? 0, day: local.day ?? 0)
    }

    private func local(_ at: Date) -> DateComponents {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: at)
    }

    /// How long ago, rounded down: minutes below an hour, hours below two days, then days.
    func age(minutes: UInt32) -> String {
        switch minutes {
        case 0: Word.ageNow.text(language)
        case ..<60: count(.ageMinutes, Int(minutes))
        case ..<(48 * 60): count(.ageHours, Int(minutes / 60))
        default: count(.ageDays, Int(minutes / (24 * 60)))
        }
    }

    /// Items in a row, each isolated as the words do it. No item: no text.
    func list(_ items: [String]) -> String {
        let pattern = Word.listAnd.text(language)
        let items = items.map(isolated)
        guard let first = items.first else { return "" }
        return items.dropFirst().reduce(first) { all, next in filled(pattern, with: [all, next]) }
    }

    /// What is left of a span, as `4:09`.
    func countdown(_ seconds: UInt32) -> String {
        "\(seconds / 60):\(Self.twoDigits(Int(seconds % 60)))"
    }

    /// Gives a text inside its own direction, that of its first letter: FIRST STRONG ISOLATE, POP
    /// ISOLATE.
    private func isolated(_ argument: String) -> String {
        language.rightToLeft ? "\u{2068}\(argument)\u{2069}" : argument
    }

    private static let months: [Word] = [
        .month1, .month2, .month3, .month4, .month5, .month6, .month7, .month8, .month9, .month10, .month11, .month12,
    ]

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : String(number)
    }
}

extension Texts {
    /// Why the phone's lock is asked, for the system's dialog. It sets its own stop behind it.
    public subscript(reason: UnlockReason) -> String {
        let word: Word =
            switch reason {
            case .showing: .showUnlocking
            case .removing: .settingsRemoveTitle
            }
        return self[word].trimmingCharacters(in: CharacterSet(charactersIn: ".。।"))
    }
}
