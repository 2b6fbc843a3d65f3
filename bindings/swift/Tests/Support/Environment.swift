import Foundation

/// What `cargo xtask test swift` tells the tests.
public enum Environment {
    /// The built command line, for the licensing authority.
    public static var cli: URL { get throws { try path("VIDIMUS_CLI") } }

    /// The vectors that every language judges.
    public static var vectors: URL { get throws { try path("VIDIMUS_VECTORS") } }

    /// Where pictures made by one language are left for the other.
    public static var exchange: URL { get throws { try path("VIDIMUS_EXCHANGE") } }

    /// Which sanitizer the tests run under; `nil` for none.
    public static var sanitizer: String? { ProcessInfo.processInfo.environment["VIDIMUS_SANITIZER"] }

    /// The language whose picture must be there; `nil` where none is expected.
    public static var expectedPicture: String? { ProcessInfo.processInfo.environment["VIDIMUS_EXPECT_PICTURE_OF"] }

    private static func path(_ name: String) throws -> URL {
        guard let value = ProcessInfo.processInfo.environment[name] else { throw Missing(name: name) }
        return URL(filePath: value)
    }

    struct Missing: Error, CustomStringConvertible {
        let name: String
        var description: String { "\(name) is not set: run `cargo xtask test swift`" }
    }
}

/// A folder that is gone with the last reference to it.
public final class TemporaryFolder: Sendable {
    /// Where it is.
    public let url: URL

    /// Makes an empty one.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "vidimus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// A path inside.
    public func appending(_ name: String) -> URL { url.appending(path: name) }
}
