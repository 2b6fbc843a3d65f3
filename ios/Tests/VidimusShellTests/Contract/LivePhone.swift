import Foundation
import Testing
import Vidimus
import VidimusApp
import VidimusTestSupport

@testable import VidimusShell

/// A phone with the driver's app on the real core, and the shell on it.
@MainActor final class LivePhone {
    private(set) var shell: Shell
    let phone = TestPhone()
    let keys: FailingKeyStore
    let directory: URL
    let folder: TemporaryFolder

    /// Every line that the app could have printed of its screens.
    private(set) var lines: [String] = []
    private var watch: Task<Void, Never>?
    private let authority: Authority
    private let network: NetworkAccess

    /// - Parameter disk: Where the wallet stands, and nothing else of the phone; `nil` for its own
    ///   folder.
    init(_ authority: Authority, network: NetworkAccess = .publicRoots, disk: URL? = nil) throws {
        let folder = try TemporaryFolder()
        self.authority = authority
        self.network = network
        self.folder = folder
        directory = (disk ?? folder.url).appending(path: "wallet")
        keys = try FailingKeyStore(FileKeyStore(directory: folder.appending("keys")))
        shell = Shell(phone: phone) { _ in throw Late() }
        begin()
    }

    /// Ends the app, and begins another one with what the phone has kept of it.
    func restart() async {
        await end()
        begin()
    }

    /// Ends the app: the phone is as it was when the app was ended.
    func end() async {
        watch?.cancel()
        await shell.end()
    }

    /// Another app, which is seen when it is told so. It begins with this in place of what the
    /// phone has kept.
    func begin(with saved: Data?) {
        phone.saved = saved
        begin()
    }

    private func begin() {
        let (phone, keys, directory, authority, network) = (phone, keys, directory, authority, network)
        shell = Shell(phone: phone) { saved in
            try DriverApp.start(
                at: directory, trusting: authority.rootKey, authority: authority.url, keyStore: keys,
                hasLock: phone.hasLock, saved: saved, network: network)
        }
        let updates = shell.updates
        watch = Task { [weak self] in
            for await update in updates { self?.note(update) }
        }
    }

    private func note(_ update: Update) {
        lines.append("\(update) \(String(reflecting: update.screen))")
        switch update.screen {
        case .welcome(let screen): lines.append("\(screen) \(screen.offer)")
        case .offer(let screen): lines.append("\(screen) \(String(describing: screen.code))")
        case .license(let screen): lines.append("\(screen) \(screen.card) \(String(describing: screen.card.holder))")
        case .show(let screen): lines.append("\(screen) \(screen.phase)")
        case .answer(let screen): lines.append("\(screen) \(String(describing: screen.asker))")
        case .history(let screen): lines.append("\(screen) \(screen.rows)")
        case .settings(let screen): lines.append("\(screen) \(screen.licenses)")
        case .signIn(let screen): lines.append("\(screen) \(screen.told)")
        case .opening, .scan, .blocked: break
        }
    }

    // MARK: - What a driver does

    func send(_ action: Action) { shell.send(action) }

    func act(_ action: TroubleAction) { send(.act(action: action)) }

    func typeCode(_ text: String) { send(.typeCode(text: text, edit: shell.nextEdit(shown: 0))) }

    /// The driver goes away from the app, and comes back.
    func leaveAndReturn() {
        shell.appLeft()
        shell.appSeen()
    }

    /// From nothing to the license, by a link and its code.
    func enroll(_ added: Authority.Added) async throws {
        shell.appSeen()
        try await welcome()
        shell.link(added.offer)
        try await wait(for: "the offer", \.offer)
        typeCode(added.txCode)
        send(.takeOffer)
        try await license()
    }

    /// A refresh as the system begins one: by its own wallet.
    func refreshInBackground() async throws {
        let wallet = try await otherWallet()
        _ = try await wallet.refresh(.now)
        wallet.close()
    }

    /// A wallet beside the app's own.
    func otherWallet() async throws -> Wallet {
        try await Wallet.open(at: directory, keyStore: keys, network: network)
    }

    // MARK: - What is on the screen

    var screen: Screen { shell.update.screen }

    /// Waits for a screen, and gives what `pick` finds on it.
    @discardableResult
    func wait<Found>(
        for what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ pick: (Screen) -> Found?
    ) async throws -> Found {
        var found: Found?
        try await until(what, sourceLocation: sourceLocation) {
            found = pick(screen)
            return found != nil
        }
        return try #require(found)
    }

    /// Waits for the first page of a phone without a license.
    @discardableResult
    func welcome(sourceLocation: SourceLocation = #_sourceLocation) async throws -> WelcomeScreen {
        try await wait(for: "the welcome", sourceLocation: sourceLocation) { screen in
            screen.welcome.flatMap { !$0.reading && !$0.mayGoBack ? $0 : nil }
        }
    }

    /// Waits for the license, with these troubles where some are given.
    @discardableResult
    func license(
        _ troubles: [Trouble]? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> LicenseScreen {
        try await wait(for: "the license, \(troubles ?? [])", sourceLocation: sourceLocation) { screen in
            guard let license = screen.license, !license.refreshing else { return nil }
            return troubles == nil || troubles == license.troubles.map(\.trouble) ? license : nil
        }
    }

    /// Waits for the license with this trouble, among others.
    @discardableResult
    func license(
        with trouble: Trouble, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> LicenseScreen {
        try await wait(for: "the license, with \(trouble)", sourceLocation: sourceLocation) { screen in
            guard let license = screen.license, !license.refreshing else { return nil }
            return license.troubles.contains { $0.trouble == trouble } ? license : nil
        }
    }

    @discardableResult
    func blocked(by trouble: Trouble, sourceLocation: SourceLocation = #_sourceLocation) async throws -> Story {
        try await wait(for: "blocked by \(trouble)", sourceLocation: sourceLocation) { screen in
            guard case .blocked(let blocked) = screen, !blocked.working else { return nil }
            return blocked.story.trouble == trouble ? blocked.story : nil
        }
    }

    /// Waits for a code that comes after `number`.
    func code(after number: UInt64 = 0, sourceLocation: SourceLocation = #_sourceLocation) async throws -> LiveCode {
        try await wait(for: "a code", sourceLocation: sourceLocation) { screen in
            screen.live.flatMap { $0.frame > number ? $0 : nil }
        }
    }

    /// What an officer's camera reads of a code.
    func scan(_ code: LiveCode) throws -> String {
        try #require(shell.frame(of: code.showing, number: code.frame)).scan()
    }

    // MARK: - What is below it

    /// How many wallets stand there, with those that were set aside.
    func wallets() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: directory.path(percentEncoded: false))
            .filter { $0.hasPrefix("vault") }.count
    }

    /// The keys that a phone has which was bought today.
    func newKeys() throws -> any KeyStore {
        try FileKeyStore(directory: folder.appending("keys of another"))
    }

    /// Whom the phone trusts.
    var rootKey: Data { authority.rootKey }

    /// Also ends the authority: one that were still listening would keep the tests from ending.
    func close() async {
        authority.stop()
        await end()
    }
}

/// A phone of an authority, which is ended with it however the test ends.
@MainActor func onAPhone(
    of authority: Authority? = nil, network: NetworkAccess = .publicRoots, disk: URL? = nil,
    _ play: (LivePhone, Authority) async throws -> Void
) async throws {
    var started = authority
    if started == nil { started = try await Authority.start() }
    let authority = try #require(started)
    let phone = try LivePhone(authority, network: network, disk: disk)
    do {
        try await play(phone, authority)
    } catch {
        await phone.close()
        throw error
    }
    await phone.close()
}

/// The same with a license on it.
@MainActor func withALicense(
    network: NetworkAccess = .publicRoots,
    _ play: (LivePhone, Authority, Authority.Added) async throws -> Void
) async throws {
    try await onAPhone(network: network) { phone, authority in
        let added = try await authority.register()
        try await phone.enroll(added)
        try await play(phone, authority, added)
    }
}

extension Screen {
    var welcome: WelcomeScreen? { if case .welcome(let screen) = self { screen } else { nil } }
    var scan: ScanScreen? { if case .scan(let screen) = self { screen } else { nil } }
    var offer: OfferScreen? { if case .offer(let screen) = self { screen } else { nil } }
    var license: LicenseScreen? { if case .license(let screen) = self { screen } else { nil } }
    var show: ShowScreen? { if case .show(let screen) = self { screen } else { nil } }
    var answer: AnswerScreen? { if case .answer(let screen) = self { screen } else { nil } }
    var history: HistoryScreen? { if case .history(let screen) = self { screen } else { nil } }
    var settings: SettingsScreen? { if case .settings(let screen) = self { screen } else { nil } }

    var live: LiveCode? {
        if case .live(let code) = show?.phase { code } else { nil }
    }
}
