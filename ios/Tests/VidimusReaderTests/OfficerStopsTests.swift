import Foundation
import Testing
import VidimusApp
import VidimusShell

@testable import VidimusReader

/// Where each screen is in the stack, and the file of the log.
@Suite struct OfficerStopsTests {
    private func look(_ title: String) -> OfficerScreen {
        .look(
            LookScreen(
                title: Words(key: title, values: []), hint: nil, miss: nil, torch: false, refused: nil, typing: nil,
                mayRead: false))
    }

    /// Nothing slides between an officer and a verdict.
    @Test func theCameraAndTwoLicensesAreOnePlace() {
        let note = Note(sign: .caution, words: Words(key: "officer.both", values: []))
        #expect(look("officer.look.title").stop == OfficerScreen.two(TwoScreen(note: note, torch: false)).stop)
        #expect(look("officer.look.title").stop.depth == 1 && OfficerScreen.opening.stop.depth == 0)
    }

    /// The core leads back from the look for an answer to the question, and from that to the
    /// verdict.
    @Test func aQuestionLiesOverItsVerdictAndTheAnswerOverTheQuestion() {
        let doubt = OfficerScreen.doubt(
            DoubtScreen(
                hint: Words(key: "officer.doubt.qr", values: []), qr: nil, digits: nil, ends: nil, problem: nil,
                asking: true, mayLook: false))
        var trail = Trail(look("officer.look.title"), at: look("officer.look.title").stop)
        trail.follow(doubt, at: doubt.stop)
        trail.follow(look("officer.look.answer"), at: look("officer.look.answer").stop)
        #expect(trail.path.map(\.name) == ["look", "doubt", "answer"])
        let isTold = trail.leave(for: Array(trail.path.dropLast()))
        #expect(isTold && trail.path.map(\.name) == ["look", "doubt"])
    }

    @Test func theLogIsAFileThatIsGoneAfterwards() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "vidimus-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let day = Date(timeIntervalSince1970: 1_795_716_000)
        let log = try SharedLog(Data("{}\n".utf8), in: folder, on: day)
        #expect(log.file.lastPathComponent == "checks-2026-11-26.jsonl")
        #expect(try Data(contentsOf: log.file) == Data("{}\n".utf8))
        log.remove()
        #expect(!FileManager.default.fileExists(atPath: log.file.path(percentEncoded: false)))
    }
}
