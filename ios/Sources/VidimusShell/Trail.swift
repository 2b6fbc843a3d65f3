/// How deep a screen is, and which one of that depth: its place in a navigation stack.
public struct Stop: Hashable, Sendable {
    /// What the screen is, such as `history`.
    public let name: String
    /// 0 for a first screen, from which nothing leads back; else how many screens are below.
    public let depth: Int

    /// A screen of this name and depth.
    public init(_ name: String, depth: Int) {
        self.name = name
        self.depth = depth
    }
}

/// A navigation stack that mirrors an app which decides by itself what is on the screen.
///
/// The app says which screen is on; the trail says what lies below it, which a finger sees while it
/// swipes. A swipe takes the topmost away at once, as the system has done on the screen already,
/// and the app is told of it. Whatever the app shows next counts, and where it stays on its screen
/// that comes back.
public struct Trail<Shown> {
    /// What lies at the bottom.
    public private(set) var root: Shown
    /// What the bottom is: a change of it is another first screen, and no way back.
    public private(set) var bottom: Stop
    private var above: [(stop: Stop, shown: Shown)] = []
    /// What was taken away, as long as it slides out of sight.
    private var leaving: [(stop: Stop, shown: Shown)] = []

    /// A trail that begins with a screen.
    public init(_ shown: Shown, at stop: Stop) {
        root = shown
        bottom = stop
        if stop.depth > 0 { above = [(stop, shown)] }
    }

    /// What lies above the bottom, from there on.
    public var path: [Stop] { above.map(\.stop) }

    /// The screen at a stop, also while it slides out of sight; `nil` after that.
    public subscript(stop: Stop) -> Shown? {
        (above.last { $0.stop == stop } ?? leaving.last { $0.stop == stop })?.shown
    }

    /// Goes to what the app shows now: in place of all that is as deep or deeper.
    public mutating func follow(_ shown: Shown, at stop: Stop) {
        let kept = above.prefix { $0.stop.depth < stop.depth }
        take(above.count - kept.count)
        if stop.depth == 0 {
            root = shown
            bottom = stop
        } else {
            above.append((stop, shown))
            leaving.removeAll { $0.stop == stop }
        }
    }

    /// Takes from the screen what a swipe, or the bar's button, has taken from the stack.
    ///
    /// - Returns: Whether something was taken: the app is to be told that the driver goes back.
    public mutating func leave(for path: [Stop]) -> Bool {
        guard path.count < above.count else { return false }
        take(above.count - path.count)
        return true
    }

    /// Lets go of what was taken away, once it is out of sight.
    public mutating func forget() {
        leaving = []
    }

    private mutating func take(_ count: Int) {
        guard count > 0 else { return }
        leaving = Array(above.suffix(count))
        above.removeLast(count)
    }
}

extension Trail: Sendable where Shown: Sendable {}
