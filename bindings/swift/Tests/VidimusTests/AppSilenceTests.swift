import Foundation
import Testing
import VidimusApp
import VidimusTestSupport

import struct VidimusCore.DriverSetup

/// Nothing of a person is printed: each value of the driver's app is filled with a marker, and
/// printed.
@Suite struct AppSilence {
    /// All ways by which Swift prints a value.
    private func printed(_ value: Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        var deep = ""
        dump([value as Any?], to: &deep)
        let optional: Any? = value
        return [
            "\(value)", String(describing: value), String(reflecting: value), String(reflecting: optional),
            "\([value])", dumped, deep,
        ]
    }

    @Test func noValuePrintsTheTextThatItHolds() {
        for (name, value) in AppValues.all {
            for text in printed(value) {
                #expect(!text.contains(AppValues.marker), "\(name) prints a text that it holds")
            }
            if value is any CustomStringConvertible {
                let family = name.prefix { $0 != "." }
                #expect("\(value)" == "\(family)(…)")
                #expect(String(reflecting: value) == "\(family)(…)")
                #expect(Mirror(reflecting: value).children.isEmpty, "\(name) shows its parts")
            }
        }
    }

    @Test func aMarkerThatIsPrintedWouldBeFound() {
        struct Loud { let text = AppValues.marker }
        #expect(printed(Loud()).allSatisfy { $0.contains(AppValues.marker) })
    }

    @Test func whatAnAppBeginsWithPrintsNothing() {
        let setup = DriverSetup(
            directory: AppValues.marker, rootKey: Data(), authority: AppValues.marker,
            signInRedirect: AppValues.marker, pinnedCertificates: [], hasLock: true, saved: nil)
        #expect("\(setup)" == "DriverSetup(…)" && String(reflecting: setup) == "DriverSetup(…)")
    }

    /// A new record or variant fails this until it stands among the values; one with a text fails
    /// it until it is silent.
    @Test func everyTypeOfTheGeneratedSourceStandsAmongTheValues() throws {
        let types = try Self.generated()
        #expect(types.count > 40)
        let listed = Set(AppValues.all.map(\.name))
        let personal = Set(types.filter(\.isSilent).map(\.name))
        var expected = Set(personal.filter { name in types.contains { $0.name == name && $0.cases.isEmpty } })
        for type in types {
            if type.isSilent {
                expected.formUnion(type.cases.map { "\(type.name).\($0)" })
            } else {
                let wrong = type.parts.filter { $0 == "String" || personal.contains($0) }
                #expect(wrong.isEmpty, "\(type.name) prints \(wrong)")
            }
        }
        #expect(listed == expected)
    }

    /// A type of the generated source.
    private struct Generated {
        let name: String
        /// Whether the source beside it gives it its own description.
        let isSilent: Bool
        /// The names of its variants.
        let cases: [String]
        /// The names of the types in it.
        let parts: Set<String>
    }

    private static func generated() throws -> [Generated] {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let folder = here.appending(path: "../../Generated/contract/VidimusCore")
        let source = try String(contentsOf: folder.appending(path: "VidimusAppCore.swift"), encoding: .utf8)
        let silence = try String(contentsOf: folder.appending(path: "VidimusAppSilence.swift"), encoding: .utf8)
        let head = /^public (struct|enum) (\w+): ([^{]*)\{/
        var found: [Generated] = []
        var lines = source.split(separator: "\n", omittingEmptySubsequences: false)[...]
        while let line = lines.popFirst() {
            guard let match = line.prefixMatch(of: head), !match.2.hasPrefix("FfiConverter") else { continue }
            let end = lines.firstIndex { line in
                line.hasPrefix("}") || line.contains("public init(") || line.hasPrefix("// The local Rust")
            }
            let body = lines[..<(end ?? lines.endIndex)]
            let text = body.filter { !$0.trimmingCharacters(in: .whitespaces).hasPrefix("* ") }.joined(separator: "\n")
            let isEnum = match.1 == "enum"
            let cases = isEnum ? text.matches(of: /(?m)^    case `?(\w+)/).map { String($0.1) } : []
            let parts = text.matches(of: /[:\[(]\s*(\w+)/).map { String($0.1) }
            found.append(
                Generated(
                    name: String(match.2), isSilent: silence.contains("extension \(match.2): CustomStringConvertible"),
                    cases: cases, parts: Set(parts)))
        }
        return found
    }
}
