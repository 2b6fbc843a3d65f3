import Foundation
import VidimusApp

/// What to ask the system for, of what a driver is to be told.
///
/// A notice says nothing of the driver: each has the same sentence. So several things of one license
/// at one moment are one notice.
public struct NoticePlan: Hashable, Sendable {
    /// One notice.
    public struct Entry: Hashable, Sendable {
        /// Its name to the system, which shows one of each name.
        public let identifier: String
        /// The license that a tap leads to: random, and it says nothing of the driver.
        public let license: String
        /// When to show it, in seconds since 1970; `nil` for now.
        public let at: UInt64?
    }

    /// The system drops what an app plans beyond this.
    static let most = 64

    /// What to show now, and then what later, in order of time. It takes the place of all that was
    /// planned before.
    public let entries: [Entry]

    /// A plan of what is due.
    public init(_ due: DueNotices) {
        var seen = Set<String>()
        let now = due.now.map { Entry(identifier: "now.\($0.license)", license: $0.license, at: nil) }
        let later = due.planned.map { planned in
            Entry(
                identifier: "at.\(planned.at).\(planned.notice.license)", license: planned.notice.license,
                at: planned.at)
        }
        let first = now.filter { seen.insert($0.identifier).inserted }
        let next = later.filter { seen.insert($0.identifier).inserted }
        entries = first + next.prefix(Self.most)
    }

    /// A moment as the system's calendar takes it: in UTC, so that a driver who travels is told at
    /// the same moment.
    public static func components(of at: UInt64) -> DateComponents {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let date = Date(timeIntervalSince1970: TimeInterval(at))
        var components = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        components.calendar = calendar
        components.timeZone = .gmt
        return components
    }
}

extension NoticePlan {
    /// Where a notice keeps the license that a tap leads to.
    static let key = "license"

    /// The license of a notice that was tapped; `nil` where it is none of this app's.
    public static func license(of information: [AnyHashable: Any]) -> String? {
        information[key] as? String
    }

    /// What a notice keeps of the license that a tap leads to.
    public static func information(of license: String) -> [AnyHashable: Any] { [key: license] }
}
