/// What of a camera's pictures is news. A camera reads the same QR thirty times a second, and an
/// app that hears of each would be busy with what it knows.
///
/// The same QRs are news once more after a while, where that is wanted: the app may have been busy
/// when they came.
public struct Sightings: Sendable {
    private let again: Duration?
    private var newest: Set<String> = []
    private var since: ContinuousClock.Instant?

    /// Nothing was seen yet.
    ///
    /// - Parameter again: After how long the same QRs are news once more; `nil` for never.
    public init(again: Duration? = .milliseconds(500)) {
        self.again = again
    }

    /// Whether to hand on the texts of one picture. No text is no news.
    public mutating func isNews(_ texts: [String], at now: ContinuousClock.Instant = .now) -> Bool {
        guard !texts.isEmpty else { return false }
        let seen = Set(texts)
        if seen == newest, let since {
            guard let again, since.duration(to: now) >= again else { return false }
        }
        newest = seen
        since = now
        return true
    }
}
