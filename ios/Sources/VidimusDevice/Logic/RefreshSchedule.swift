import Foundation

/// When the next refresh in the background may begin, and how long one may take.
public enum RefreshSchedule {
    /// The name of the task, as Info.plist permits it.
    public static let identifier = "org.vidimus.driver.refresh"

    /// How long one may take. The system gives about 30 s, and ends the app where it is not done by
    /// then.
    public static let budget = Duration.seconds(25)

    /// The system starts none sooner after the one before, and counts the wish against the app.
    static let soonest = Duration.seconds(15 * 60)
    /// An app that asks at least once a day learns that its trust list is old.
    static let latest = Duration.seconds(24 * 60 * 60)
    /// The pause where no report says one: the phone was locked, or the work was cut off.
    static let unknown = Duration.seconds(60 * 60)

    /// The earliest begin of the next refresh. The system may begin it hours later, or not at all.
    ///
    /// - Parameters:
    ///   - nextIn: What the report of the last one says; `nil` where there is none.
    ///   - now: The phone's time.
    /// - Returns: 15 minutes to 24 hours from now.
    public static func begin(after nextIn: Duration?, now: Date = Date()) -> Date {
        let wait = min(max(nextIn ?? unknown, soonest), latest)
        return now.addingTimeInterval(TimeInterval(wait.components.seconds))
    }
}
