import Foundation
import Vidimus

/// A driver's phone: a folder, keys, and a wallet made in it.
public struct Phone: Sendable {
    /// The wallet.
    public let wallet: Wallet
    /// Where it is.
    public let directory: URL
    /// Its keys.
    public let keys: any KeyStore

    private let folder: TemporaryFolder
    /// The authority that it trusts.
    public let authority: Authority

    /// A new one, with keys in files unless others are given.
    public init(_ authority: Authority, keys: (any KeyStore)? = nil, network: NetworkAccess = .publicRoots) async throws
    {
        self.authority = authority
        folder = try TemporaryFolder()
        directory = folder.appending("wallet")
        self.keys = try keys ?? FileKeyStore(directory: folder.appending("keys"))
        wallet = try await Wallet.create(
            at: directory,
            trusting: authority.rootKey,
            authority: authority.url,
            keyStore: self.keys,
            network: network
        )
    }

    /// Has a license issued.
    public func enroll(_ added: Authority.Added) async throws -> HeldLicense.ID {
        let offer = try await wallet.readOffer(added.offer)
        return try await wallet.enroll(offer, txCode: added.txCode)
    }

    /// Registers a driver, and has the license issued.
    public func enrollNewDriver(_ driver: Driver = Driver()) async throws -> HeldLicense.ID {
        try await enroll(try await authority.register(driver))
    }

    /// One frame of a presentation that has ended.
    public func show(_ license: HeldLicense.ID) async throws -> Frame {
        let presentation = try await wallet.present(license)
        let frame = try await presentation.frame()
        try await presentation.end()
        return frame
    }

    /// An officer's reader with the trust list that the phone holds.
    public func reader() async throws -> Verifier {
        try await reader(of: wallet)
    }

    /// One with the trust list of another wallet of the same authority.
    public func reader(of wallet: Wallet) async throws -> Verifier {
        let verifier = try Verifier(rootKey: authority.rootKey)
        if let list = try await wallet.trustList() { try verifier.setTrustList(list) }
        return verifier
    }
}

/// What `body` throws; `nil` where it throws nothing.
public func error<Result>(of body: () async throws -> Result) async -> (any Error)? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}

extension Verdict {
    /// Whether it is to be taken.
    public var isAccepted: Bool { if case .accept = self { true } else { false } }

    /// Whether it is not to be taken.
    public var isRefused: Bool { if case .refuse = self { true } else { false } }
}
