#if canImport(UIKit)
import Foundation
import Vidimus
import VidimusApp
import VidimusDevice

/// The app that checks licenses, on this phone: its shell and what it asks the phone for. It opens
/// no wallet, and needs no license.
@MainActor public final class Reader {
    /// What differs from one app to another.
    public struct Setup: Sendable {
        /// The public key that signs the authority's trust list, and the authority's address.
        public let authority: TrustedAuthority
        /// The names of its keys in the keychain, which no wallet has: each can be removed without
        /// the other.
        public let service: String
        /// The name under which it asks a driver's phone.
        public let name: String
        /// Whether an officer checks, who must account for it: the log keeps the numbers of licenses,
        /// and it and the questions are signed by a key of this phone.
        public let isOfficer: Bool

        /// - Parameters:
        ///   - rootKey: The authority's public root key, a COSE_Key.
        ///   - url: The authority's address.
        public init(rootKey: Data, url: URL, service: String, name: String, isOfficer: Bool) {
            authority = TrustedAuthority(rootKey: rootKey, address: url.absoluteString, bundles: [])
            self.service = service
            self.name = name
            self.isOfficer = isOfficer
        }
    }

    let shell: OfficerShell
    let phone: ReaderPhone

    /// A reader whose app is started when it is first seen.
    ///
    /// - Parameter leave: Leads to a place outside of the app.
    public init(_ setup: Setup, leave: @escaping @MainActor (Place) -> Void) {
        SharedLog.removeLeft()
        let phone = ReaderPhone(leave: leave)
        let home = WalletHome()
        let keys = SecureEnclaveKeyStore(service: setup.service)
        self.phone = phone
        shell = OfficerShell(phone: phone) {
            // Where that fails the core says why, when it makes its own folder inside.
            try? home.prepare()
            // Where the keychain does not give the key nothing is signed, and licenses are checked.
            let items = Keychain(service: setup.service)
            let key = setup.isOfficer ? try? ReaderKey.secret(in: items) : nil
            return try OfficerApp.start(
                at: home.book, trusting: [setup.authority], keyStore: keys, keepsNumbers: setup.isOfficer,
                name: setup.name, readerKey: key)
        }
    }

    /// Ends the app, and waits until it has ended.
    public func end() async { await shell.end() }
}
#endif
