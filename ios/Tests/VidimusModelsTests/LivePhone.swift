import Foundation
import Testing
import Vidimus
import VidimusModels
import VidimusTestSupport

/// A phone with a wallet of the real core, and the models on it.
@MainActor final class LivePhone {
    let model: DriverModel
    let phone: TestPhone
    let keys: FailingKeyStore
    let directory: URL

    /// Every line that the app could have printed of its screens.
    private(set) var lines: [String] = []
    private var watch: Task<Void, Never>?
    private let folder: TemporaryFolder
    private let authority: Authority

    /// - Parameters:
    ///   - disk: where the wallet stands, and nothing else of the phone; `nil` for a folder of its own.
    ///   - clock: counts ages and pauses; `nil` for the system's.
    init(
        _ authority: Authority, network: NetworkAccess = .publicRoots, disk: URL? = nil, clock: ManualClock? = nil
    ) throws {
        let folder = try TemporaryFolder()
        let directory = (disk ?? folder.url).appending(path: "wallet")
        let keys = FailingKeyStore(try FileKeyStore(directory: folder.appending("keys")))
        self.authority = authority
        self.folder = folder
        self.directory = directory
        self.keys = keys
        phone = TestPhone(
            clock: clock,
            open: { () async throws(WalletError) in
                try await open(directory, of: authority, keys: keys, network: network)
            },
            setAside: { () throws(WalletError) in _ = try Wallet.setAside(at: directory) }
        )
        model = DriverModel(phone: phone)
        let screens = model.screens
        watch = Task { [weak self] in
            for await screen in screens { self?.note(screen) }
        }
    }

    /// The same phone after the app was ended.
    init(again other: LivePhone) {
        authority = other.authority
        folder = other.folder
        directory = other.directory
        keys = other.keys
        phone = other.phone
        model = DriverModel(phone: phone)
    }

    private func note(_ screen: Screen) {
        lines.append("\(screen)")
        lines.append(String(reflecting: screen))
        var dumped = ""
        dump(screen, to: &dumped)
        lines.append(dumped)
        switch screen {
        case .welcome(let state): lines.append("\(state)")
        case .offer(let state): lines.append("\(state) \(String(describing: state.code))")
        case .license(let state): lines.append("\(state) \(state.card) \(String(describing: state.card.holder))")
        case .show(let state): lines.append("\(state)")
        case .answer(let state): lines.append("\(state) \(String(describing: state.asker))")
        case .history(let state): lines.append("\(state) \(state.rows)")
        case .settings(let state): lines.append("\(state) \(state.licenses)")
        default: break
        }
    }

    /// Waits for a screen, and gives what `pick` finds on it.
    @discardableResult
    func wait<Found>(
        for what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ pick: (Screen) -> Found?
    ) async throws -> Found {
        var found: Found?
        try await until(what, sourceLocation: sourceLocation) {
            found = pick(model.screen)
            return found != nil
        }
        return try #require(found)
    }

    /// Waits for the license screen, with these troubles where some are given.
    @discardableResult
    func license(
        _ troubles: [Trouble]? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> LicenseState {
        try await wait(for: "the license, \(troubles ?? [])", sourceLocation: sourceLocation) { screen in
            guard case .license(let state) = screen, troubles.map({ $0 == state.troubles }) ?? true else { return nil }
            return state.refreshing ? nil : state
        }
    }

    /// Waits for the license screen with this trouble, whatever else there is.
    @discardableResult
    func license(
        with trouble: Trouble, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> LicenseState {
        try await wait(for: "the license, with \(trouble)", sourceLocation: sourceLocation) { screen in
            guard case .license(let state) = screen, state.troubles.contains(trouble) else { return nil }
            return state.refreshing ? nil : state
        }
    }

    func blocked(by trouble: Trouble, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await wait(for: "blocked by \(trouble)", sourceLocation: sourceLocation) { screen in
            screen == .blocked(BlockedState(trouble: trouble)) ? true : nil
        }
    }

    func live(sourceLocation: SourceLocation = #_sourceLocation) async throws -> ShownCode {
        try await wait(for: "a code", sourceLocation: sourceLocation) { screen in
            if case .show(.live(let code, _, _)) = screen { code } else { nil }
        }
    }

    /// From the start to the license, by a scanned offer and its code; with these troubles, `nil` for any.
    func enroll(_ added: Authority.Added, troubles: [Trouble]? = []) async throws {
        model.start()
        try await wait(for: "the welcome") { if case .welcome = $0 { true } else { nil } }
        model.scanned(added.offer)
        try await wait(for: "the offer") { if case .offer = $0 { true } else { nil } }
        model.typeCode(added.txCode)
        model.takeOffer()
        try await license(troubles)
    }

    /// Whom the phone trusts.
    var rootKey: Data { authority.rootKey }

    /// How many wallets stand there, with those that were set aside.
    func wallets() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: directory.path(percentEncoded: false))
            .filter { $0.hasPrefix("vault") }.count
    }

    /// The keys that a phone has which was bought today.
    func newKeys() throws -> any KeyStore {
        try FileKeyStore(directory: folder.appending("keys of another"))
    }

    /// Also ends the authority: one that were still listening would keep the tests from ending.
    func close() {
        model.close()
        authority.stop()
        watch?.cancel()
    }
}

/// Opens a wallet, or makes it where there is none.
private func open(
    _ directory: URL, of authority: Authority, keys: any KeyStore, network: NetworkAccess
) async throws(WalletError) -> Wallet {
    do {
        return try await Wallet.open(at: directory, keyStore: keys, network: network)
    } catch .vault(.notFound), .vault(.hadBefore) {
        return try await Wallet.create(
            at: directory,
            trusting: authority.rootKey,
            authority: authority.url,
            keyStore: keys,
            network: network
        )
    }
}

/// Keys of another key store, which can be told to fail as a phone's hardware does.
final class FailingKeyStore: KeyStore, @unchecked Sendable {
    private let lock = NSLock()
    private var fault: DeviceError?
    private var current: any KeyStore

    init(_ store: any KeyStore) { current = store }

    private var store: any KeyStore { lock.withLock { current } }

    /// From now on it is the key store of another phone.
    func become(_ other: any KeyStore) { lock.withLock { current = other } }

    /// From now on every use of the wrapping key fails so; `nil` for none.
    func fail(with fault: DeviceError?) { lock.withLock { self.fault = fault } }

    private func meet() throws {
        if let fault = lock.withLock({ fault }) { throw fault }
    }

    var holderAlgorithm: HolderAlgorithm? {
        get async throws { try await store.holderAlgorithm }
    }
    func wrap(_ dataKey: DataKey) async throws -> Data {
        try meet()
        return try await store.wrap(dataKey)
    }
    func unwrap(_ wrapped: Data, into dataKey: DataKey) async throws {
        try meet()
        try await store.unwrap(wrapped, into: dataKey)
    }
    func createHolderKey(named name: String) async throws -> Data { try await store.createHolderKey(named: name) }
    func sign(_ message: Data, withKeyNamed name: String) async throws -> Data {
        try await store.sign(message, withKeyNamed: name)
    }
    func deleteHolderKey(named name: String) async throws { try await store.deleteHolderKey(named: name) }
    func readAnchor() async throws -> Int64? { try await store.readAnchor() }
    func raiseAnchor(to epoch: Int64) async throws { try await store.raiseAnchor(to: epoch) }
}
