import Foundation
import Testing
import Vidimus
import VidimusApp
import VidimusDevice
import VidimusShell
import VidimusTestSupport

@testable import VidimusReader

/// A keychain that holds nothing yet.
private final class MemoryItems: KeychainItems, @unchecked Sendable {
    private let lock = NSLock()
    private var values: [String: Data] = [:]

    func read(_ name: String) -> Data? { lock.withLock { values[name] } }
    func add(_ value: Data, named name: String) -> Bool {
        lock.withLock {
            guard values[name] == nil else { return false }
            values[name] = value
            return true
        }
    }
    func delete(_ name: String) { lock.withLock { values[name] = nil } }
    func names() -> [String] { lock.withLock { Array(values.keys) } }
}

/// The whole day through the shell, with the real core, a real driver's app and the real authority:
/// each camera sees what the other phone shows.
@MainActor @Suite struct OfficersDayTests {
    /// A phone with the app that checks licenses.
    @MainActor final class Duty {
        let phone = TestReaderPhone()
        let shell: OfficerShell
        private let folder: TemporaryFolder

        init(_ authority: Authority, isOfficer: Bool = true) throws {
            let folder = try TemporaryFolder()
            let key = isOfficer ? try ReaderKey.secret(in: MemoryItems()) : nil
            self.folder = folder
            shell = OfficerShell(phone: phone) {
                let trusted = TrustedAuthority(
                    rootKey: authority.rootKey, address: authority.url.absoluteString, bundles: [])
                return try OfficerApp.start(
                    at: folder.appending("book"), trusting: [trusted],
                    keyStore: FileKeyStore(directory: folder.appending("keys")), keepsNumbers: isOfficer,
                    name: "Patrol 7", readerKey: key)
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

        /// The checks of before.
        func log() async throws -> CheckLogScreen {
            shell.send(.log)
            return try await wait(for: "the log") { if case .log(let screen) = $0 { screen } else { nil } }
        }

        /// The lines of the log that is on the screen, as it was handed over.
        func export() async throws -> [String] {
            let before = phone.logs.count
            shell.send(.export)
            try await until("the file") { phone.logs.count == before + 1 }
            return String(decoding: phone.logs[before], as: UTF8.self).split(separator: "\n").map(String.init)
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
        let lines = try await officer.export()
        #expect(lines.count == 6 && lines.last?.hasPrefix("{\"signed_by\":") == true)
        #expect(lines.dropLast().allSatisfy { $0.contains("\"number\":\"ZZ-4711-0815\"") })
        #expect(lines[2].contains("\"outcome\":\"refuse\"") && lines[2].contains("suspended"))
        try await officer.wait(for: "another may follow") { screen in
            if case .log(let screen) = screen, screen.mayExport { true } else { nil }
        }
    }

    /// The key that an officer's phone has made, once the authority has it from a log.
    @Test(.timeLimit(.minutes(5)))
    func aReaderThatTheAuthorityListsIsProvenToADriver() async throws {
        struct Signed: Decodable { let signed_by: String }
        let authority = try await Authority.start()
        let officer = try Duty(authority)
        var drivers = [try LiveDriver(authority)]
        do {
            let first = drivers[0]
            officer.shell.appSeen()
            try await officer.start()
            try await first.enroll(try await authority.register())
            #expect(try await question(from: officer, to: first).proof.sign.tone == .caution)
            officer.shell.send(.back)
            officer.shell.send(.back)
            try await officer.start()
            _ = try await officer.log()
            let last = try #require(try await officer.export().last)
            let hex = Array(try JSONDecoder().decode(Signed.self, from: Data(last.utf8)).signed_by)
            let key = stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(String(hex[$0...($0 + 1)]), radix: 16) }
            try await authority.listReader(Data(key), as: "Patrol 7")
            officer.shell.send(.back)
            try await officer.start()

            // The list that a new phone begins with has the key.
            let second = try LiveDriver(authority)
            drivers.append(second)
            try await second.enroll(try await authority.register())
            let asker = try await question(from: officer, to: second)
            #expect(asker.proof.sign.tone == .good && asker.name == .text(text: "Patrol 7"))
        } catch {
            Issue.record(error)
        }
        authority.stop()
        await officer.shell.end()
        for driver in drivers { await driver.end() }
    }

    /// Checks a driver, asks, and gives how the driver's phone knows who asks.
    private func question(from officer: Duty, to driver: LiveDriver) async throws -> Asker {
        try await driver.show()
        officer.shell.send(.check)
        _ = try await officer.look(at: driver)
        try await driver.stop()
        officer.shell.send(.ask)
        let id = try await officer.wait(for: "a question") { screen in
            if case .doubt(let screen) = screen { screen.qr } else { nil }
        }
        let asker = try await driver.answer(try #require(officer.shell.question(id)).scan())
        try await driver.stop()
        return asker
    }

    /// Anyone may check. What is kept of it says nothing of the driver.
    @Test(.timeLimit(.minutes(5)))
    func theLogOfAnyoneElseHasNoNumbers() async throws {
        let authority = try await Authority.start()
        let added = try await authority.register()
        let driver = try LiveDriver(authority)
        let citizen = try Duty(authority, isOfficer: false)
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
            let lines = try await citizen.export()
            #expect(lines.count == 1 && !lines[0].contains("4711") && !lines[0].contains("signed_by"))
        } catch {
            Issue.record(error)
        }
        authority.stop()
        await citizen.shell.end()
        await driver.end()
    }
}
