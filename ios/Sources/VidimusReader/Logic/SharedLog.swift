import Foundation

/// The log of the checks as a file, as long as it is handed over: in the app's folder for what is
/// temporary, where no other app sees it but the one that the officer chooses.
public struct SharedLog: Hashable, Sendable {
    /// Where the file is.
    public let file: URL

    /// Writes the file. It can be read on an unlocked phone only.
    ///
    /// - Parameters:
    ///   - log: The JSON lines.
    ///   - folder: Where to write it.
    ///   - day: The day in its name.
    /// - Throws: What the disk says.
    init(_ log: Data, in folder: URL = FileManager.default.temporaryDirectory, on day: Date = Date()) throws {
        file = folder.appending(path: Self.name(on: day))
        try log.write(to: file, options: [.atomic, .completeFileProtection])
    }

    /// Deletes the file.
    func remove() {
        try? FileManager.default.removeItem(at: file)
    }

    /// Deletes what is left of before: an app that ends while a log is handed over deletes nothing.
    static func removeLeft(in folder: URL = FileManager.default.temporaryDirectory) {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for file in files where file.hasPrefix("checks-") && file.hasSuffix(".jsonl") {
            try? FileManager.default.removeItem(at: folder.appending(path: file))
        }
    }

    /// Such as `checks-2026-12-01.jsonl`, with the day in UTC.
    static func name(on day: Date) -> String {
        "checks-\(day.formatted(.iso8601.year().month().day())).jsonl"
    }
}
