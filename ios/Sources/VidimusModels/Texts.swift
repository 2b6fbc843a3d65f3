import Foundation

/// What the apps say, in one language.
///
/// Digits are 0-9 in every language: the same that stand on the license, so that an officer can compare them.
public struct Texts: Hashable, Sendable {
    /// The language.
    public let language: Language

    /// The texts of a language.
    public init(language: Language) {
        self.language = language
    }

    /// A word, with its placeholders `{0}`, `{1}` and so on filled. An argument is taken as it is: braces in it mean
    /// nothing. Where a line runs from right to left each argument is isolated, so that a name in another script does
    /// not tear the line. A placeholder without an argument stays, so that it is seen.
    public subscript(word: Word, arguments: String...) -> String {
        filled(word.text(language), with: arguments.map(isolated))
    }

    /// A number with its noun, in the form that the language has for it.
    public func count(_ plural: Plural, _ number: Int) -> String {
        filled(plural.forms(language)[language.category(of: number).rawValue], with: [String(number)])
    }

    /// A day: its month as a word, since no order of digits is read alike everywhere. What is no day is not known.
    public func date(_ day: DateComponents) -> String {
        guard let year = day.year, let month = day.month, let number = day.day, Self.months.indices.contains(month - 1)
        else { return Word.commonUnknown.text(language) }
        let name = Self.months[month - 1].text(language)
        return filled(Word.date.text(language), with: [String(number), name, String(year)])
    }

    /// A month of a year. What is no month is not known.
    public func date(year: Int, month: Int) -> String {
        guard Self.months.indices.contains(month - 1) else { return Word.commonUnknown.text(language) }
        return filled(Word.dateMonth.text(language), with: [Self.months[month - 1].text(language), String(year)])
    }

    /// A year.
    public func date(year: Int) -> String {
        filled(Word.dateYear.text(language), with: [String(year)])
    }

    /// A day and a time of 24 hours, as a clock in this zone shows them.
    public func dateTime(_ at: Date, in zone: TimeZone) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let local = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: at)
        let time = "\(Self.twoDigits(local.hour ?? 0)):\(Self.twoDigits(local.minute ?? 0))"
        return filled(Word.dateTime.text(language), with: [date(local), time])
    }

    /// How long ago, rounded down: minutes below an hour, hours below two days, then days. The future is just now.
    public func age(_ age: Duration) -> String {
        let minutes = age.components.seconds / 60
        return switch minutes {
        case ..<1: Word.ageNow.text(language)
        case ..<60: count(.ageMinutes, Int(minutes))
        case ..<(48 * 60): count(.ageHours, Int(minutes / 60))
        default: count(.ageDays, Int(clamping: min(minutes / (24 * 60), Int64(Int32.max))))
        }
    }

    /// Items in a row, each isolated as the words do it. No item: no text.
    public func list(_ items: [String]) -> String {
        let pattern = Word.listAnd.text(language)
        let items = items.map(isolated)
        guard let first = items.first else { return "" }
        return items.dropFirst().reduce(first) { all, next in filled(pattern, with: [all, next]) }
    }

    /// What is left of a span, as `4:09`. Below 0 nothing is left.
    public func countdown(_ seconds: Int) -> String {
        let left = max(seconds, 0)
        return "\(left / 60):\(Self.twoDigits(left % 60))"
    }

    /// Gives a text inside a direction of its own, that of its first letter: FIRST STRONG ISOLATE, POP ISOLATE.
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
