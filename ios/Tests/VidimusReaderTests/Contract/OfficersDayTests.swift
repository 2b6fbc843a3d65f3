import Foundation
import Testing
import Vidimus
import VidimusApp
import VidimusShell
import VidimusTestSupport

@testable import VidimusReader

/// The whole day through the shell, with the real core, a real driver's app and the real authority:
/// each camera sees what the other phone shows.
@MainActor @Suite struct OfficersDayTests {
    /// A phone with the app that checks licenses.
    @MainActor final class Duty {
        let phone = TestReaderPhone()
        let shell: OfficerShell
        private let folder: TemporaryFolder

        init(_ authority: Authority, keepsNumbers: Bool = true) throws {
            let folder = try TemporaryFolder()
            self.folder = folder
            shell = OfficerShell(phone: phone) {
                let trusted = TrustedAuthority(
                    rootKey: authority.rootKey, address: authority.url.absoluteString, bundles: [])
                return try OfficerApp.start(
                    at: folder.appending("book"), trusting: [trusted],
                    keyStore: FileKeyStore(directory: folder.appending("keys")), keepsNumbers: keepsNumbers,
                    name: "Patrol 7")
            }
        }

        @discardableResult
        func wait<Found>(
            for what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ pick: (OfficerScreen) -> Found?
        ) async throws -> Found {
            var found: Found?
            try await until(what, sourceLocation: sourceLocation) {
                found = pick(shell.update.screen)
                return found != nil
            }
            return try #require(found)
        }

        /// Waits for the first page, with lists that are new.
        @discardableResult
        func start() async throws -> StartScreen {
            try await wait(for: "new lists") { screen in
                guard case .start(let screen) = screen, !screen.refreshing else { return nil }
                return screen.trust.allSatisfy { $0.sign == .good } ? screen : nil
            }
        }

        /// Holds the camera before a driver's phone until the verdict is as wanted.
        func look(
            at driver: LiveDriver, until isEnough: (VerdictScreen) -> Bool = { _ in true },
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws -> VerdictScreen {
            try await wait(for: "a verdict", sourceLocation: sourceLocation) { screen in
                if case .verdict(let verdict) = screen, isEnough(verdict) { return verdict }
                if let seen = try? driver.seen() { phone.eye?(seen) }
                return nil
            }
        }

        /// The checks of before, and then the first page again.
        func log() async throws -> CheckLogScreen {
            shell.send(.log)
            return try await wait(for: "the log") { if case .log(let screen) = $0 { screen } else { nil } }
        }
    }

    private static func isWhole(_ verdict: VerdictScreen) -> Bool {
        if case .picture = verdict.face { true } else { false }
    }

    private static func face(of verdict: VerdictScreen) throws -> String {
        guard case .picture(let id) = verdict.face else { throw Late() }
        return id
    }

    @Test(.timeLimit(.minutes(5)))
    func fromTheLicenseToAReplacedPhone() async throws {
        let authority = try await Authority.start()
        let added = try await authority.register()
        let driver = try LiveDriver(authority)
        let next = try LiveDriver(authority)
        let officer = try Duty(authority)
        do {
            try await driver.enroll(added)
            try await play(officer, driver)
            try await refuse(officer, driver, authority, added)
            try await replace(officer, driver, by: next, authority, added)
            try await account(officer)
        } catch {
            // An authority that still listens keeps the tests from ending.
            Issue.record(error)
        }
        authority.stop()
        await officer.shell.end()
        await next.end()
        await driver.end()
    }

    /// Accepted with the face, then once more with an answer to a question.
    private func play(_ officer: Duty, _ driver: LiveDriver) async throws {
        officer.shell.appSeen()
        #expect(try await officer.start().mayCheck)
        try await driver.show()
        officer.shell.send(.check)
        try await until("the camera looks") { officer.phone.eye != nil }
        let begun = ContinuousClock.now
        let accepted = try await officer.look(at: driver, until: Self.isWhole)
        #expect(begun.duration(to: .now) < .seconds(10))
        #expect(accepted.word.key == "officer.accept" && accepted.sign == .good)
        // A bundle that was made before the license says nothing of it.
        #expect(accepted.reasons.allSatisfy { $0.code == "bundle_ignored" })
        #expect(accepted.holder?.name == "Zoë 美咲 Nakamura-Østergård")
        #expect(officer.shell.update.isPersonal && officer.shell.tells(accepted.announcement))
        try await until("a whole face needs no camera") { officer.phone.eye == nil }
        let face = try #require(officer.shell.picture(try Self.face(of: accepted)))
        #expect(face.starts(with: [0xFF, 0xD8]))
        try await driver.stop()
        let portrait = try #require(try await driver.license().portrait)
        #expect(driver.app.picture(portrait) == face, "it is the one of the license, and no other")

        officer.shell.send(.ask)
        let id = try await officer.wait(for: "a question") { screen in
            if case .doubt(let screen) = screen { screen.qr } else { nil }
        }
        try await driver.answer(try #require(officer.shell.question(id)).scan())
        officer.shell.send(.lookForAnswer)
        try await until("the camera looks") { officer.phone.eye != nil }
        #expect(officer.shell.update.screen.stop.depth == 3)
        let answered = try await officer.look(at: driver, until: Self.isWhole)
        #expect(answered.isAnswer && answered.word.key == "officer.accept")
        #expect(officer.shell.tells(answered.announcement))
        try await driver.stop()

        officer.shell.send(.askByDigits)
        let digits = try await officer.wait(for: "digits") { screen in
            if case .doubt(let screen) = screen { screen.digits } else { nil }
        }
        #expect(digits.count == 8 && digits.allSatisfy(\.isNumber))
        officer.shell.send(.back)
        try await officer.wait(for: "the verdict again") { if case .verdict = $0 { true } else { nil } }
        officer.shell.send(.back)
        try await officer.start()
    }

    /// Suspended, and out of sight: nothing personal stays on the screen.
    private func refuse(
        _ officer: Duty, _ driver: LiveDriver, _ authority: Authority, _ added: Authority.Added
    ) async throws {
        try await authority.setStatus("suspended", of: added)
        let plan = try await driver.refreshOutOfSight()
        let license = try await driver.license().id
        #expect(plan.entries.filter { $0.at == nil }.map(\.license) == [license], "one notice, of this license")
        #expect(plan.entries.contains { $0.at != nil }, "and its end, later")
        try await driver.look(for: "state.suspended")
        try await driver.show()
        officer.shell.send(.check)
        let refused = try await officer.look(at: driver, until: Self.isWhole)
        #expect(refused.word.key == "officer.refuse" && refused.sign == .bad)
        #expect(refused.reasons.first?.code == "suspended", "what decides comes first")
        #expect(refused.standing?.state.key == "state.suspended")
        officer.shell.appLeft()
        try await officer.start()
        #expect(officer.shell.picture(try Self.face(of: refused)) == nil && officer.phone.eye == nil)
        officer.shell.appSeen()
        try await driver.stop()
    }

    /// The suspension is lifted, and another phone takes over: the old one is refused.
    private func replace(
        _ officer: Duty, _ driver: LiveDriver, by next: LiveDriver, _ authority: Authority, _ added: Authority.Added
    ) async throws {
        try await authority.setStatus("valid", of: added)
        try await next.enroll(try await authority.offerAnew(added))
        let plan = try await driver.refreshOutOfSight()
        #expect(plan.entries.filter { $0.at == nil }.count == 1)
        try await driver.look(for: "state.superseded")
        try await driver.show()
        officer.shell.send(.check)
        let refused = try await officer.look(at: driver)
        #expect(refused.word.key == "officer.refuse" && refused.reasons.first?.code == "superseded")
        try await driver.stop()
        // The code is on the screen before the driver turns the face on.
        let history = try await driver.history()
        let expected: [String] = [
            "shown, face", "shown", "statusChanged", "shown, face", "shown", "statusChanged", "answered, face",
            "shown, face", "shown", "statusChanged", "enrolled",
        ]
        #expect(history == expected)
        try await next.show()
        officer.shell.send(.check)
        let accepted = try await officer.look(at: next, until: Self.isWhole)
        #expect(accepted.word.key == "officer.accept")
        try await next.stop()
        officer.shell.send(.back)
        try await officer.start()
    }

    /// The log has each check with its number, and is handed over as a file.
    private func account(_ officer: Duty) async throws {
        let log = try await officer.log()
        #expect(log.broken == nil && log.mayExport)
        let words = ["accept", "refuse", "refuse", "accept", "accept"].map { "officer.\($0)" }
        #expect(log.rows.map(\.word.key) == words)
        #expect(log.rows.allSatisfy { $0.number == "ZZ-4711-0815" })
        officer.shell.send(.export)
        try await until("the file") { officer.phone.logs.count == 1 }
        let lines = String(decoding: officer.phone.logs[0], as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 5 && lines.allSatisfy { $0.contains("\"number\":\"ZZ-4711-0815\"") })
        #expect(lines[2].contains("\"outcome\":\"refuse\"") && lines[2].contains("suspended"))
        try await officer.wait(for: "another may follow") { screen in
            if case .log(let screen) = screen, screen.mayExport { true } else { nil }
        }
    }

    /// Anyone may check. What is kept of it says nothing of the driver.
    @Test(.timeLimit(.minutes(5)))
    func theLogOfAnyoneElseHasNoNumbers() async throws {
        let authority = try await Authority.start()
        let added = try await authority.register()
        let driver = try LiveDriver(authority)
        let citizen = try Duty(authority, keepsNumbers: false)
        do {
            try await driver.enroll(added)
            citizen.shell.appSeen()
            try await citizen.start()
            try await driver.show()
            citizen.shell.send(.check)
            _ = try await citizen.look(at: driver)
            citizen.shell.send(.back)
            try await citizen.start()
            let log = try await citizen.log()
            #expect(log.rows.map(\.word.key) == ["officer.accept"] && log.rows.allSatisfy { $0.number == nil })
            citizen.shell.send(.export)
            try await until("the file") { citizen.phone.logs.count == 1 }
            #expect(!String(decoding: citizen.phone.logs[0], as: UTF8.self).contains("4711"))
        } catch {
            Issue.record(error)
        }
        authority.stop()
        await citizen.shell.end()
        await driver.end()
    }
}
