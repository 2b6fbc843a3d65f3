import Foundation
import Vidimus
import VidimusCore

/// The driver's app without its pictures: what is on the screen, and what comes of each tap. It
/// opens the wallet itself.
///
/// A shell draws each `Update.screen`, sends what the driver does, and does what it finds in
/// `Update.effects`: it begins those whose id is new to it, answers each with `Action.done`, and
/// ends what it has open for those that are gone. Everything may be called from any task; all
/// returns at once, but ``next(after:)`` and ``end()``.
///
/// ```swift
/// let app = try DriverApp.start(at: folder, trusting: root, authority: url, keyStore: keys, hasLock: true)
/// for await update in app.updates { draw(update.screen) }
/// ```
public final class DriverApp: Sendable {
    private let running: Running<VidimusCore.CoreDriverApp>

    init(_ core: VidimusCore.CoreDriverApp) {
        running = Running(core)
    }

    deinit {
        close()
    }

    /// Begins the app, once a process. It opens the wallet of a folder, or makes it there; what is
    /// wrong with the wallet or the keys is said on the screen.
    ///
    /// - Parameters:
    ///   - directory: The folder of the wallet; made where it is missing. Keep it out of backups.
    ///   - rootKey: The public key that signs the authority's trust list, a COSE_Key: for a wallet
    ///     that is made.
    ///   - authority: The authority's address, for a wallet that is made.
    ///   - keyStore: The device's keys. They outlive the wallet.
    ///   - hasLock: Whether the phone has a passcode.
    ///   - saved: What ``saved`` gave when the system ended the app. What is old, foreign or
    ///     changed counts for nothing.
    ///   - network: How the authority is reached.
    ///   - signInRedirect: Where the authority sends the browser back to after a sign-in: an address
    ///     that opens this app, and that the authority knows for it. `nil`: there is no sign-in.
    /// - Throws: The problems of the network's own settings.
    public static func start(
        at directory: URL,
        trusting rootKey: Data,
        authority: URL,
        keyStore: any KeyStore,
        hasLock: Bool,
        saved: Data? = nil,
        network: NetworkAccess = .publicRoots,
        signInRedirect: URL? = nil
    ) throws(Vidimus.WalletError) -> DriverApp {
        let setup = VidimusCore.DriverSetup(
            directory: directory.filePath,
            rootKey: rootKey,
            authority: authority.absoluteString,
            signInRedirect: signInRedirect?.absoluteString,
            pinnedCertificates: network.pinnedCertificates,
            hasLock: hasLock,
            saved: saved
        )
        do {
            return DriverApp(
                try startDriverApp(
                    setup: setup, bootId: bootSession, keys: keyStore.forCore, transport: network.forCore))
        } catch {
            throw Vidimus.WalletError(error)
        }
    }

    /// What is on the screen, always the newest: a slow reader skips some. It begins with what is
    /// on the screen now, and ends with the app, also where a fault of the library has ended it:
    /// then start it anew.
    public var updates: AppUpdates<Update> {
        AppUpdates(number: { $0.number }, next: { await self.next(after: $0) })
    }

    /// Waits for an update that is newer than the one of this number; `nil` once the app has ended,
    /// and where the task is cancelled.
    public func next(after number: UInt64 = 0) async -> Update? {
        await running.waiting { core, cancel in try await core.next(after: number, cancel: cancel) }
    }

    /// Sends what the driver does, or what the shell has done. After the end it does nothing.
    public func send(_ action: Action) {
        running.calling { core in try core.send(action: action) }
    }

    /// The portrait of this id, a JPEG of at most 64 KiB; `nil` once its license is gone.
    public func picture(_ id: String) -> Data? {
        running.calling { core in try core.picture(id: id) }
    }

    /// The QR of a frame of a showing; `nil` once it is no longer shown.
    public func frame(of showing: UInt64, number: UInt64) -> QRSymbol? {
        running.calling { core in try core.frame(showing: showing, number: number) }
    }

    /// The address to open in the system's browser when `Ask.openBrowser` asks for it, never in a
    /// view of the app itself; `nil` once the sign-in is over. It is good once: do not store or log
    /// it.
    public var signInAddress: URL? {
        running.calling { core in try core.signInAddress() }.flatMap { URL(string: $0) }
    }

    /// What to keep where the system keeps the state of an app, for the next start: at most 8 KiB,
    /// sealed under a key of this phone. Ask for it when `Ask.save` says so. `nil` where there is
    /// nothing to keep yet.
    public var saved: Data? {
        running.calling { core in try core.saved() }
    }

    /// After how long the authority is to be asked again, by what the last refresh said: for a
    /// phone that plans to do so while the app is out of sight. `nil` before the first refresh, and
    /// after the end.
    public var refreshDueIn: Duration? {
        let seconds = running.calling { core in try core.refreshDueInS() }
        return seconds.map { .seconds(Int64(clamping: $0)) }
    }

    /// Ends the app, and waits until what was shown is in the log, and a license that is just being
    /// added or removed has come or gone. After it nothing happens.
    public func end() async {
        await running.end { core in try await core.end() }
    }

    /// Ends the app without waiting; what was shown still comes into the log. Letting go of the app
    /// does the same.
    public func close() {
        running.close()
    }
}
