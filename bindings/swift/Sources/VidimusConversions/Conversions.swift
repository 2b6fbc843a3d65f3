import Foundation

// What the generated code calls to turn its own days and times into Swift's; `uniffi.toml` names
// them.

extension DateComponents {
    /// A day of the Gregorian calendar, written `2026-11-22`.
    package init(isoDay: String) {
        let parts = isoDay.split(separator: "-").map { Int($0) }
        self.init(calendar: Calendar(identifier: .gregorian))
        guard parts.count == 3 else { return }
        (year, month, day) = (parts[0], parts[1], parts[2])
    }

    /// The same, written so.
    package var isoDay: String {
        String(format: "%04d-%02d-%02d", year ?? 0, month ?? 0, day ?? 0)
    }
}

extension TimeZone {
    /// A place whose clocks are so many minutes ahead of universal time, in summer and in winter.
    package init(minutesEast: Int32) {
        self = TimeZone(secondsFromGMT: Int(minutesEast) * 60) ?? .gmt
    }

    /// The same in minutes; of a place with summer time, what holds there at the start of 1970.
    package var minutesEast: Int32 {
        Int32(clamping: secondsFromGMT(for: Date(timeIntervalSince1970: 0)) / 60)
    }
}

extension Date {
    /// Whole seconds since 1970; what is further away than can be counted is the furthest, and no
    /// time at all the earliest.
    package var wholeSeconds: Int64 {
        let seconds = timeIntervalSince1970.rounded(.down)
        return Int64(exactly: seconds) ?? (seconds > 0 ? .max : .min)
    }
}

extension Duration {
    /// Whole milliseconds; what is longer than can be counted is the longest.
    package var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow ? (seconds < 0 ? .min : .max) : whole + attoseconds / 1_000_000_000_000_000
    }
}
