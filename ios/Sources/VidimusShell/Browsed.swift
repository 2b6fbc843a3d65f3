/// What became of a page in the browser.
public enum Browsed: Equatable, Sendable {
    /// The browser was led back to this address.
    case cameBack(to: String)
    /// The browser was closed, or has the page and comes back by a link.
    case left
    /// The phone has no browser for it.
    case missing
}
