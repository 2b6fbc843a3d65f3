import Foundation

/// A day of the Gregorian calendar, as a license has it printed: in no time zone.
public struct Day: Hashable, Comparable, Sendable, Silent {
    /// The year.
    public let year: Int
    /// The month, 1 to 12.
    public let month: Int
    /// The day of the month, from 1.
    public let day: Int

    /// A day.
    public init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day of `components`; what is missing there is the first.
    init(_ components: DateComponents) {
        self.init(year: components.year ?? 1, month: components.month ?? 1, day: components.day ?? 1)
    }

    /// The same, as Foundation has it.
    public var components: DateComponents { DateComponents(year: year, month: month, day: day) }

    /// Which comes first.
    public static func < (one: Day, other: Day) -> Bool {
        (one.year, one.month, one.day) < (other.year, other.month, other.day)
    }
}

/// When somebody was born, as exactly as the authority knows. Personal data.
public enum Birth: Hashable, Sendable, Silent {
    /// The day is known.
    case day(Day)
    /// The year and the month, 1 to 12, are known.
    case month(year: Int, month: Int)
    /// The year alone is known.
    case year(Int)
}
