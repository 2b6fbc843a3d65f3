import Foundation
import Testing
import Vidimus
import VidimusApp
import VidimusDevice
import VidimusShell
import VidimusTestSupport

/// A driver's phone with the driver's app on the real core. Its lock always opens.
@MainActor final class LiveDriver {
    let app: DriverApp
    private(set) var update: Update?
    private let folder: TemporaryFolder
    private let keys: FileKeyStore
    private var begun: Set<UInt64> = []
    private var following: Task<Void, Never>?
    private var edit: UInt64 = 0
    /// The newest frame that a camera has read, and its text: reading one takes a while.
    private var read: (showing: UInt64, number: UInt64, text: String)?

    init(_ authority: Authority) throws {
        let folder = try TemporaryFolder()
        let keys = try FileKeyStore(directory: folder.appending("keys"))
        self.folder = folder
        self.keys = keys
        app = try DriverApp.start(
            at: folder.appending("wallet"), trusting: authority.rootKey, authority: authority.url,
            keyStore: keys, hasLock: true)
        following = Task { [weak self, app] in
            for await update in app.updates { self?.take(update) }
        }
        app.send(.seen(hasLock: true))
    }

    private func take(_ update: Update) {
        self.update = update
        for effect in update.effects where begun.insert(effect.id).inserted {
            switch effect.ask {
            case .unlock: app.send(.done(id: effect.id, answer: .lock(outcome: .opened)))
            case .leave, .openBrowser: app.send(.done(id: effect.id, answer: .left))
            case .save: app.send(.done(id: effect.id, answer: .saved))
            case .camera, .stayAwake: break
            }
        }
    }

    func end() async {
        await app.end()
        await following?.value
    }

    /// Waits for a screen, and gives what `pick` finds on it.
    @discardableResult
    func wait<Found>(
        for what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ pick: (Screen) -> Found?
    ) async throws -> Found {
        var found: Found?
        try await until(what, sourceLocation: sourceLocation) {
            found = update.flatMap { pick($0.screen) }
            return found != nil
        }
        return try #require(found)
    }

    /// From nothing to the license.
    func enroll(_ added: Authority.Added) async throws {
        try await wait(for: "the welcome") { if case .welcome(let screen) = $0, !screen.reading { true } else { nil } }
        app.send(.link(text: added.offer))
        try await wait(for: "the offer") { if case .offer = $0 { true } else { nil } }
        edit += 1
        app.send(.typeCode(text: added.txCode, edit: edit))
        app.send(.takeOffer)
        try await license()
    }

    /// Waits for the license, with nothing under way.
    @discardableResult
    func license() async throws -> LicenseCard {
        try await wait(for: "the license") {
            if case .license(let screen) = $0, !screen.refreshing { screen.card } else { nil }
        }
    }

    /// A refresh while the driver does not look, as the system begins one, and what is told then.
    func refreshOutOfSight() async throws -> NoticePlan {
        app.send(.left)
        let wallet = try await Wallet.open(at: folder.appending("wallet"), keyStore: keys)
        defer { wallet.close() }
        _ = try await wallet.refresh(.now)
        return NoticePlan(try await wallet.dueNotices(plans: true))
    }

    /// The driver looks at the app again, and at how the license stands.
    func look(for state: String) async throws {
        app.send(.seen(hasLock: true))
        try await wait(for: "\(state)") { screen in
            if case .license(let screen) = screen, screen.card.status.state.key == state { true } else { nil }
        }
    }

    /// What happened, the newest first, and whether the face was shown with it.
    func history() async throws -> [String] {
        app.send(.history)
        let history = try await wait(for: "the history") { if case .history(let screen) = $0 { screen } else { nil } }
        #expect(history.broken == nil)
        return history.rows.map { row in
            let hasFace = row.details.contains { $0.key == "history.with_portrait" }
            return "\(row.kind)\(hasFace ? ", face" : "")"
        }
    }

    /// Shows the license, with the face in turn.
    func show() async throws {
        app.send(.show)
        try await wait(for: "a code") { Self.code(of: $0) }
        app.send(.showFace(on: true))
        try await wait(for: "the face in turn") { Self.code(of: $0).flatMap { $0.face == .off ? nil : true } }
    }

    /// Ends the showing, and goes back to the license.
    func stop() async throws {
        app.send(.endShow)
        app.send(.back)
        try await license()
    }

    /// Answers a question that was scanned, with the face that it wants; and how the one who asks
    /// is known.
    @discardableResult
    func answer(_ question: String) async throws -> Asker {
        app.send(.answer)
        app.send(.scan)
        try await until("the camera is asked for") { update?.effects.contains { $0.ask == .camera } == true }
        let camera = try #require(update?.effects.first { $0.ask == .camera })
        app.send(.done(id: camera.id, answer: .seen(text: question)))
        let asked = try await wait(for: "who asks") { screen in
            if case .answer(let screen) = screen, screen.asker != nil { screen } else { nil }
        }
        #expect(asked.face?.on == false, "the driver decides")
        app.send(.showFace(on: true))
        try await wait(for: "the driver agrees") { screen in
            if case .answer(let screen) = screen, screen.face?.on == true { true } else { nil }
        }
        app.send(.answerNow)
        try await wait(for: "the answer") { Self.code(of: $0) }
        return try #require(asked.asker)
    }

    /// What a camera reads of the screen now; `nil` where no code is on it.
    func seen() throws -> [String] {
        guard let code = update.flatMap({ Self.code(of: $0.screen) }) else { return [] }
        if let read, read.showing == code.showing, read.number == code.frame { return [read.text] }
        guard let symbol = app.frame(of: code.showing, number: code.frame) else { return [] }
        let text = try symbol.scan()
        read = (code.showing, code.frame, text)
        return [text]
    }

    private static func code(of screen: Screen) -> LiveCode? {
        if case .show(let screen) = screen, case .live(let code) = screen.phase { code } else { nil }
    }
}
