import Foundation
import Testing

/// The screens of both systems have the same colors. SwiftUI is not here, so the files are
/// compared.
@Suite struct PaletteTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        .standardizedFileURL

    private static func colors(_ path: String, _ pattern: Regex<(Substring, Substring)>) throws -> [String] {
        try String(contentsOf: root.appending(path: path), encoding: .utf8).matches(of: pattern).map { String($0.1) }
    }

    @Test func bothThemesHaveTheSameColoursOnBothSystems() throws {
        let ours = try Self.colors("ios/Sources/VidimusScreens/Design/Palette.swift", #/hex: 0x([0-9A-F]{6})\)/#)
        let theirs = try Self.colors(
            "android/screens/src/main/kotlin/org/vidimus/screens/design/Palette.kt", #/Color\(0xFF([0-9A-F]{6})\)/#)
        #expect(ours == theirs && ours.count == 48)
    }
}
