import Foundation
import Testing
import Vidimus
import VidimusApp
import VidimusTestSupport

/// A phone for the driver's app: a folder and keys.
struct AppPhone {
    let authority: Authority
    let keys: any KeyStore
    private let folder: TemporaryFolder

    init(_ authority: Authority, keys: (any KeyStore)? = nil) throws {
        self.authority = authority
        folder = try TemporaryFolder()
        self.keys = try keys ?? FileKeyStore(directory: folder.appending("keys"))
    }

    var directory: URL { folder.appending("wallet") }

    func start(saved: Data? = nil, keys: (any KeyStore)? = nil) throws -> DriverApp {
        try DriverApp.start(
            at: directory, trusting: authority.rootKey, authority: authority.url, keyStore: keys ?? self.keys,
            hasLock: true, saved: saved)
    }
}

/// A shell without pictures: it answers what the app asks a phone for, and waits for screens.
final class AppShell {
    let app: DriverApp
    /// What the phone's lock says when it is asked.
    var lock = LockOutcome.opened
    private(set) var seen: Update?
    private var begun: Set<UInt64> = []
    private var edits: UInt64 = 0

    struct Ended: Error {}

    init(_ app: DriverApp) { self.app = app }

    /// The number of what is typed next.
    func edit() -> UInt64 {
        edits += 1
        return edits
    }

    /// Waits until a screen is there of which `find` finds something; what is there already counts.
    func sees<Found>(_ find: (Screen) -> Found?) async throws -> Found {
        if let seen, let found = find(seen.screen) { return found }
        while let update = await app.next(after: seen?.number ?? 0) {
            seen = update
            answer(update)
            if let found = find(update.screen) { return found }
        }
        throw Ended()
    }

    /// Waits for the first screen, on which nothing is read.
    @discardableResult
    func welcome() async throws -> WelcomeScreen {
        try await sees { if case .welcome(let screen) = $0, !screen.reading { screen } else { nil } }
    }

    /// Waits for an offer that was read.
    @discardableResult
    func offer(_ isIt: (OfferScreen) -> Bool = { _ in true }) async throws -> OfferScreen {
        try await sees { if case .offer(let screen) = $0, isIt(screen) { screen } else { nil } }
    }

    /// Waits for a code on the screen.
    func code() async throws -> LiveCode {
        try await sees { if case .show(let screen) = $0, case .live(let code) = screen.phase { code } else { nil } }
    }

    /// Waits for a wallet that cannot be opened.
    func blocked() async throws -> BlockedScreen {
        try await sees { if case .blocked(let screen) = $0 { screen } else { nil } }
    }

    /// Types an offer and has it read.
    func read(_ added: Authority.Added) async throws {
        try await welcome()
        app.send(.typeOffer(text: added.offer, edit: edit()))
        app.send(.readOffer)
        try await offer()
    }

    /// From the first screen to a license, as a driver types it.
    @discardableResult
    func enroll(_ added: Authority.Added) async throws -> LicenseCard {
        try await read(added)
        app.send(.typeCode(text: added.txCode, edit: edit()))
        try await offer(\.mayTake)
        app.send(.takeOffer)
        return try await sees { if case .license(let screen) = $0 { screen.card } else { nil } }
    }

    private func answer(_ update: Update) {
        for effect in update.effects where begun.insert(effect.id).inserted {
            switch effect.ask {
            case .unlock: app.send(.done(id: effect.id, answer: .lock(outcome: lock)))
            case .leave, .openBrowser: app.send(.done(id: effect.id, answer: .left))
            case .save: app.send(.done(id: effect.id, answer: .saved))
            case .camera, .stayAwake: break
            }
        }
    }
}
