import Foundation
import Testing
import Vidimus
import VidimusModels

/// The codes stand in one file, which the Kotlin models are compared with too.
@Suite struct CodesTests {
    /// The lines of a kind: code, TAB, attributes.
    private static func lines(_ kind: String) throws -> [String] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../phones/codes.tsv").standardizedFileURL
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
            .map { $0.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false) }
            .filter { $0[0] == kind }
            .map { $0[1].trimmingCharacters(in: .whitespaces) }
    }

    @Test func troublesAreTheSameOnBothSystemsAndInTheSameOrder() throws {
        let ours = Trouble.allCases.map { "\($0.code)\ttone=\($0.tone.code) action=\($0.action.code)" }
        #expect(try Self.lines("trouble") == ours)
    }

    @Test func refusalsAreTheSameOnBothSystems() throws {
        let ours = Refusal.allCases.map { "\($0.code)\tretry=\($0.mayRetry ? "yes" : "no")" }
        #expect(try Self.lines("refusal") == ours)
    }

    @Test func locksTonesAndActionsAreTheSameOnBothSystems() throws {
        #expect(try Self.lines("lock") == LockOutcome.allCases.map(\.code))
        #expect(try Self.lines("tone") == Tone.allCases.map(\.code))
        #expect(try Self.lines("action") == TroubleAction.allCases.map(\.code))
    }

    @Test func screensAreTheSameOnBothSystems() throws {
        let standing = Standing(license: .sample(.valid), asOf: nil, age: nil)
        let card = LicenseCard(id: "one", holder: nil, standing: standing, portrait: nil, damaged: true)
        let screens: [Screen] = [
            .opening, .welcome(WelcomeState()), .scan(ScanState(purpose: .offer)),
            .offer(OfferState(issuer: "", name: nil, proven: false, code: nil)),
            .license(LicenseState(cards: [card], selected: 0)), .show(.starting), .answer(AnswerState()),
            .history(HistoryState(rows: [], intact: true)),
            .settings(SettingsState(licenses: [], authority: "", version: "", notices: [])),
            .blocked(BlockedState(trouble: .internal)),
        ]
        #expect(try Self.lines("screen") == screens.map(\.code))
    }

    @Test func everyTroubleAndRefusalHasItsWords() {
        for trouble in Trouble.allCases {
            for part in ["title", "what", "holds", "do"] {
                #expect(Word(rawValue: "trouble.\(trouble.code).\(part)") != nil, "\(trouble) \(part)")
            }
        }
        for refusal in Refusal.allCases {
            #expect(Word(rawValue: "refusal.\(refusal.code)") != nil, "\(refusal)")
        }
    }
}
