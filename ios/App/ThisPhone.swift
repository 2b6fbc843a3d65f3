import Foundation
import Vidimus
import VidimusDevice
import VidimusModels

/// The iPhone that the app runs on, as the models need it.
struct ThisPhone: Phone {
    /// Whom the wallet trusts, and where it gets licenses.
    struct Authority: Sendable {
        /// The public key that signs the authority's trust list: a COSE_Key.
        let rootKey: Data
        /// Its address.
        let url: URL
    }

    let authority: Authority
    /// Why the phone asks for its owner, in the driver's language.
    let words: @Sendable (LockReason) -> String
    let notices: [Notice]

    // The keychain's items have the name of the bundle, which is the driver's app and no other.
    private let keys = SecureEnclaveKeyStore(service: "org.vidimus.driver")

    init(authority: Authority, notices: [Notice], words: @escaping @Sendable (LockReason) -> String) {
        self.authority = authority
        self.notices = notices
        self.words = words
    }

    func openWallet() async throws(WalletError) -> Wallet {
        let home = try WalletHome()
        do {
            return try await Wallet.open(at: home.vault, keyStore: keys)
        } catch .vault(.notFound), .vault(.hadBefore) {
            // The folder says nothing: one that was set aside, or whose making was cut off, is still there. Where the app was
            // installed anew the keychain remembers a wallet; the new one says so until there is a license.
            return try await Wallet.create(
                at: home.vault, trusting: authority.rootKey, authority: authority.url, keyStore: keys)
        }
    }

    func setWalletAside() async throws(WalletError) {
        try Wallet.setAside(at: try WalletHome().vault)
    }

    func unlock(reason: LockReason) async -> LockOutcome {
        switch await AppLock().open(reason: words(reason)) {
        case .opened: .opened
        case .cancelled: .cancelled
        case .failed: .failed
        case .noPasscode: .noLock
        }
    }

    func withoutSuspension<Answer: Sendable>(
        _ work: @escaping @Sendable () async throws(WalletError) -> Answer
    ) async throws(WalletError) -> Answer {
        let time = await BackgroundTime(name: "enroll")
        do throws(WalletError) {
            let answer = try await work()
            await time.end()
            return answer
        } catch {
            await time.end()
            throw error
        }
    }

    var hasLock: Bool { AppLock().isSet }

    var version: String {
        Bundle.main.object(forInfoDictionaryKey: "CFBundleShortVersionString") as? String ?? ""
    }
}
