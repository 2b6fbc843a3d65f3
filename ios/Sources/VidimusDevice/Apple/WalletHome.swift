import Foundation
import Vidimus

/// Where the wallet's files are on a phone.
public struct WalletHome: Sendable {
    /// The folder of the vault, for `DriverApp.start`, `Wallet.create` and `Wallet.open`. The vault
    /// itself makes it, and leaves a mark there once it is whole. The mark goes with the app, and
    /// the keychain's number stays: so a phone that had a license before is told from one whose
    /// vault is gone.
    public let vault: URL
    /// The folder of the reader's book, for `OfficerApp.start`: beside the vault, and never in it.
    /// An app that checks licenses needs no vault.
    public let book: URL
    /// What is kept of the app where the system ends it.
    public let saved: SavedState

    private let home: URL

    /// Names the folders, and makes none: below Application Support, which no other app and no file
    /// browser sees.
    ///
    /// - Parameter container: The folder that an app shares with its extensions; `nil` for the
    ///   app's own.
    public init(in container: URL? = nil) {
        let own = FileManager.default.urls(for: .applicationSupportDirectory, in: .userDomainMask).first
        // Where it is on every iPhone, should the system not say.
        let parent = container ?? own ?? URL(filePath: NSHomeDirectory()).appending(path: "Library/Application Support")
        home = parent.appending(path: "Vidimus", directoryHint: .isDirectory)
        vault = home.appending(path: "wallet", directoryHint: .isDirectory)
        book = home.appending(path: "reader", directoryHint: .isDirectory)
        saved = SavedState(file: home.appending(path: "state"))
    }

    /// Makes the folder, and says to the system what it is. Call it before the wallet is opened,
    /// and whenever the app is seen: a folder that was there keeps neither, where it was restored,
    /// and one that could not be made can be later.
    ///
    /// It is kept out of backups: a vault that was restored elsewhere could not be opened, and one
    /// that was restored here would be an older copy, which the wallet reports. Its files can be
    /// read from the first unlock after a start on, also while the phone is locked, since a refresh
    /// in the background writes them; the vault encrypts them besides.
    ///
    /// - Throws: `WalletError.storage`: `full` where no space is left, `readOnly` where it may not
    ///   be made, else `failed`. The app's own screens say the same when the vault is opened.
    public func prepare() throws(WalletError) {
        do {
            try makeHome()
        } catch {
            throw .storage(DeviceFault.storage(error))
        }
    }

    private func makeHome() throws {
        let files = FileManager.default
        let protection: [FileAttributeKey: Any] = [
            .protectionKey: FileProtectionType.completeUntilFirstUserAuthentication
        ]
        try files.createDirectory(at: home, withIntermediateDirectories: true, attributes: protection)
        try files.setAttributes(protection, ofItemAtPath: home.path(percentEncoded: false))
        var home = home
        var values = URLResourceValues()
        values.isExcludedFromBackup = true
        try home.setResourceValues(values)
    }
}
