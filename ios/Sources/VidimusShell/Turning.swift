import VidimusApp

extension Pager {
    /// The license that a swipe across the card leads to; `nil` where there is none that way, or
    /// the finger went more up or down, as it does to scroll.
    public func index(across: Double, down: Double, isLeftToRight: Bool) -> UInt32? {
        guard abs(across) >= 50, abs(across) > 2 * abs(down) else { return nil }
        // A page is pulled: towards the begin of a line comes the next one.
        return (across < 0) == isLeftToRight ? next : previous
    }
}
