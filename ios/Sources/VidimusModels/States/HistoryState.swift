import Foundation
import Vidimus

/// What happened, newest first.
public struct HistoryState: Hashable, Sendable, Silent {
    /// At most 100.
    public let rows: [HistoryRow]
    /// `false` where someone else has changed the log.
    public let intact: Bool

    /// A history.
    public init(rows: [HistoryRow], intact: Bool) {
        self.rows = rows
        self.intact = intact
    }
}

/// One thing that happened.
public struct HistoryRow: Hashable, Sendable, Silent {
    /// When.
    public let at: Date
    /// What.
    public let event: HistoryEvent

    /// A row.
    public init(at: Date, event: HistoryEvent) {
        self.at = at
        self.event = event
    }
}

/// What happened to a license.
public enum HistoryEvent: Hashable, Sendable, Silent {
    /// It was shown; `audience` is `nil` where it was to whoever saw the screen.
    case shown(audience: Asker?, portrait: Bool, standing: LicenseStanding)
    /// It was issued to this phone.
    case enrolled
    /// It was renewed.
    case renewed
    /// Its status changed.
    case statusChanged(from: LicenseStatus, to: LicenseStatus)
    /// It was removed.
    case removed
}
