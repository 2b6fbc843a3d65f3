import Foundation
import Testing
import VidimusTestSupport

@testable import VidimusDevice

/// What is kept of the app where the system ends it.
@Suite struct SavedStates {
    @Test func theNewestIsFoundAgain() throws {
        let folder = try TemporaryFolder()
        let saved = SavedState(file: folder.appending("state"))
        #expect(saved.read() == nil)
        saved.keep(Data([1, 2, 3]))
        saved.keep(Data([4]))
        #expect(SavedState(file: folder.appending("state")).read() == Data([4]))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["state"])
    }

    @Test func whatIsForgottenIsGone() throws {
        let folder = try TemporaryFolder()
        let saved = SavedState(file: folder.appending("state"))
        saved.keep(Data([1]))
        saved.keep(nil)
        saved.keep(nil)
        #expect(saved.read() == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test func whereItCannotBeKeptNothingElseHappens() throws {
        let folder = try TemporaryFolder()
        let saved = SavedState(file: folder.appending("missing/state"))
        saved.keep(Data([1]))
        #expect(saved.read() == nil)
    }
}
