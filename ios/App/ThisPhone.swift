import Foundation
import UIKit
import Vidimus
import VidimusApp
import VidimusDevice
import VidimusReader
import VidimusShell

/// The iPhone that the app runs on: where its wallet is, and what only a phone can do.
@MainActor final class ThisPhone: Phone {
    /// Whom the wallet trusts, and where it gets licenses.
    struct Authority: Sendable {
        /// The public key that signs the authority's trust list: a COSE_Key.
        let rootKey: Data
        /// The authority's address.
        let url: URL
    }

    // The keychain's items have the name of the bundle, which is the driver's app and no other.
    private nonisolated static let keys = SecureEnclaveKeyStore(service: "org.vidimus.driver")
    /// The reader's keys have another name, so that each can be removed without the other.
    private static let readersKeys = "org.vidimus.driver.reader"

    private let authority: Authority
    private let texts: Texts
    private let home = WalletHome()
    private let lock = AppLock()
    private let browser = BrowserSession()
    /// Opens what checks the licenses of others.
    var check: () -> Void = {}

    /// A phone whose dialogs are in the language of `texts`.
    init(authority: Authority, texts: Texts) {
        self.authority = authority
        self.texts = texts
    }

    /// Starts the driver's app, with what was kept of the one before.
    func start(with saved: Data?) throws -> DriverApp {
        prepare()
        return try DriverApp.start(
            at: home.vault, trusting: authority.rootKey, authority: authority.url, keyStore: Self.keys,
            hasLock: hasLock, saved: saved, signInRedirect: AppSettings.signInRedirect)
    }

    /// Makes the folder of the wallet. Where that fails the core says why, when it makes its own
    /// inside.
    func prepare() {
        try? home.prepare()
    }

    /// A wallet for a refresh in the background, beside the one of the app. Where there is none
    /// nothing is refreshed.
    nonisolated static func openWallet() async throws -> Wallet {
        let home = WalletHome()
        try home.prepare()
        return try await Wallet.open(at: home.vault, keyStore: keys)
    }

    /// A reader for anyone: it trusts the same authority, and its log has no numbers.
    func makeReader() -> Reader {
        let setup = Reader.Setup(
            rootKey: authority.rootKey, url: authority.url, service: Self.readersKeys,
            // "iPhone": the system tells no app what its owner has called it.
            name: UIDevice.current.name, isOfficer: false)
        return Reader(setup) { [weak self] place in self?.leave(to: place) }
    }

    // MARK: - Phone

    var hasLock: Bool { lock.isSet }

    func unlock(reason: UnlockReason) async -> LockOutcome {
        switch await lock.open(reason: texts[reason]) {
        case .opened: .opened
        case .cancelled: .cancelled
        case .failed: .failed
        case .noPasscode: .noLock
        }
    }

    /// iOS opens an app's own settings and no others: from there it is one step to those of the
    /// phone.
    func leave(to place: Place) {
        if place == .check { check() }
        let address: URL? =
            switch place {
            case .store: AppSettings.storePage
            case .authority: AppSettings.authorityPage
            case .clock, .lock, .storage, .app, .language: URL(string: UIApplication.openSettingsURLString)
            case .notifications: URL(string: UIApplication.openNotificationSettingsURLString)
            case .check: nil
            }
        if let address { UIApplication.shared.open(address) }
    }

    func browse(_ address: URL) async -> Browsed {
        guard let redirect = AppSettings.signInRedirect else { return .missing }
        return await browser.open(address, until: redirect)
    }

    var kept: Data? { home.saved.read() }

    func keep(_ saved: Data?) {
        home.saved.keep(saved)
    }

    func stayAwake() async {
        let time = BackgroundTime(name: "driver")
        await time.untilCancelled()
    }
}
