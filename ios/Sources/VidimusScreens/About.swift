#if canImport(UIKit)
import VidimusShell

/// What the app says of itself on the settings.
public struct About: Sendable {
    let version: String
    let notices: [Notice]

    /// - Parameters:
    ///   - version: The app's version.
    ///   - notices: The libraries inside, and their licenses.
    public init(version: String, notices: [Notice]) {
        self.version = version
        self.notices = notices
    }
}
#endif
