import Foundation
import Vidimus
import VidimusCore

/// The app that checks licenses without its pictures: for an officer, or for anyone else. It opens
/// the reader's book itself, and needs no wallet and no network to check.
///
/// A shell treats it as it treats a ``DriverApp``: it draws each `OfficerUpdate.screen`, sends what
/// the officer does, and does what it finds in `OfficerUpdate.effects`. Everything may be called
/// from any task; all returns at once, but ``next(after:)`` and ``end()``.
public final class OfficerApp: Sendable {
    private let running: Running<VidimusCore.CoreOfficerApp>

    init(_ core: VidimusCore.CoreOfficerApp) {
        running = Running(core)
    }

    deinit {
        close()
    }

    /// Begins the app, once a process. It opens the reader's book of a folder, or makes it there;
    /// what is wrong with the book or the keys is said on the screen.
    ///
    /// - Parameters:
    ///   - directory: The folder of the book; made where it is missing. It may be that of a wallet.
    ///     Keep it out of backups.
    ///   - authorities: Whom the reader trusts; others that the book holds are removed from it.
    ///   - keyStore: The device's keys: the book has its own under another name, also where a
    ///     wallet has the same. They outlive the book.
    ///   - keepsNumbers: Whether the log keeps the number of a license, as an officer's must.
    ///   - name: The name under which this reader asks a driver's phone, at most 64 bytes.
    ///   - logDays: After how many days a check is deleted from the log.
    ///   - readerKey: The 32 secret bytes of the reader's Ed25519 key, which signs its questions and
    ///     its log; `nil` where it has none.
    ///   - network: How the authorities are reached.
    /// - Throws: The problems of the network's own settings, and of a key that has not 32 bytes.
    public static func start(
        at directory: URL,
        trusting authorities: [Vidimus.TrustedAuthority],
        keyStore: any KeyStore,
        keepsNumbers: Bool,
        name: String,
        logDays: Int = 30,
        readerKey: Data? = nil,
        network: NetworkAccess = .publicRoots
    ) throws(Vidimus.WalletError) -> OfficerApp {
        let setup = VidimusCore.OfficerSetup(
            directory: directory.filePath,
            authorities: authorities,
            keepsNumbers: keepsNumbers,
            logDays: UInt16(clamping: logDays),
            name: name,
            readerKey: readerKey,
            pinnedCertificates: network.pinnedCertificates
        )
        do {
            return OfficerApp(
                try startOfficerApp(
                    setup: setup, bootId: bootSession, keys: keyStore.forCore, transport: network.forCore))
        } catch {
            throw Vidimus.WalletError(error)
        }
    }

    /// What is on the screen, always the newest: a slow reader skips some. It begins with what is
    /// on the screen now, and ends with the app, also where a fault of the library has ended it:
    /// then start it anew.
    public var updates: AppUpdates<OfficerUpdate> {
        AppUpdates(number: { $0.number }, next: { await self.next(after: $0) })
    }

    /// Waits for an update that is newer than the one of this number; `nil` once the app has ended,
    /// and where the task is cancelled.
    public func next(after number: UInt64 = 0) async -> OfficerUpdate? {
        await running.waiting { core, cancel in try await core.next(after: number, cancel: cancel) }
    }

    /// Sends what the officer does, or what the shell has done. After the end it does nothing.
    public func send(_ action: OfficerAction) {
        running.calling { core in try core.send(action: action) }
    }

    /// The face of this id, a JPEG; `nil` once its verdict is off the screen.
    public func picture(_ id: String) -> Data? {
        running.calling { core in try core.picture(id: id) }
    }

    /// The QR of a question; `nil` once it is no longer shown.
    public func question(_ id: UInt64) -> QRSymbol? {
        running.calling { core in try core.question(id: id) }
    }

    /// The log of the checks, a file of JSON lines, while `OfficerAsk.share` is asked for; `nil` at
    /// other times. Where the reader has a key, its last line signs all before it.
    public func exported() -> Data? {
        running.calling { core in try core.exported() }
    }

    /// Ends the app, and waits until it has ended. After it nothing happens.
    public func end() async {
        await running.end { core in try await core.end() }
    }

    /// Ends the app without waiting. Letting go of the app does the same.
    public func close() {
        running.close()
    }
}
