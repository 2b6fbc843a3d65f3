import Foundation
import Vidimus

/// Where the wallet's files are on a phone.
public struct WalletHome: Sendable {
    /// The folder of the vault, for `Wallet.create` and `Wallet.open`. The vault itself makes it, and leaves a mark there once
    /// it is whole. The mark goes with the app, and the keychain's number stays: so a phone that had a license before is told
    /// from one whose vault is gone.
    public let vault: URL

    /// Finds the folder, or makes it: below Application Support, which no other app and no file browser sees.
    ///
    /// It is kept out of backups: a vault that was restored elsewhere could not be opened, and one that was restored here
    /// would be an older copy, which the wallet reports. Its files can be read from the first unlock after a start on, also
    /// while the phone is locked, since a refresh in the background writes them; the vault encrypts them besides.
    ///
    /// - Parameter container: The folder that an app shares with its extensions; `nil` for the app's own.
    /// - Throws: `WalletError.storage`: `full` where no space is left, `readOnly` where it may not be made, else `failed`.
    public init(in container: URL? = nil) throws(WalletError) {
        do {
            vault = try Self.home(in: container).appending(path: "wallet", directoryHint: .isDirectory)
        } catch {
            throw .storage(DeviceFault.storage(error))
        }
    }

    private static func home(in container: URL?) throws -> URL {
        let files = FileManager.default
        let parent =
            try container
            ?? files.url(for: .applicationSupportDirectory, in: .userDomainMask, appropriateFor: nil, create: true)
        var home = parent.appending(path: "Vidimus", directoryHint: .isDirectory)
        let protection: [FileAttributeKey: Any] = [
            .protectionKey: FileProtectionType.completeUntilFirstUserAuthentication
        ]
        try files.createDirectory(at: home, withIntermediateDirectories: true, attributes: protection)
        // Again for one that was there: a restored folder keeps neither.
        try files.setAttributes(protection, ofItemAtPath: home.path(percentEncoded: false))
        var values = URLResourceValues()
        values.isExcludedFromBackup = true
        try home.setResourceValues(values)
        return home
    }
}
