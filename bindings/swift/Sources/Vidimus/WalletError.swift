import Foundation
import VidimusCore

/// Why the wallet or the verifier did not do what it was asked.
///
/// A closed list without personal data and without free text: it may be logged unchanged. In every
/// case nothing was deleted.
public enum WalletError: Error, Hashable, Sendable {
    /// The vault cannot be made or opened.
    case vault(VaultProblem)
    /// The disk failed; what was written before is safe.
    case storage(StorageProblem)
    /// The device's key store did not do its part.
    case keyStore(KeyStoreProblem)
    /// There is no such license in the wallet.
    case noSuchLicense
    /// The presentation is over: it was ended, or its five minutes have passed. Start a new one.
    case presentationEnded
    /// The offer cannot be taken up.
    case offer(OfferProblem)
    /// The license cannot be applied for in this way.
    case signIn(SignInProblem)
    /// The issuer did not do its part.
    case issuer(IssuerProblem)
    /// A request had no usable answer.
    case network(NetworkProblem)
    /// The server, or something before it, does not answer now (HTTP 403, 408, 425, 429, or 500 to
    /// 599). An offer is not used up by it: say from when on to try it again.
    case busy(status: Int, again: Date)
    /// The server answered with this HTTP status, 100 to 599, which is no answer to the question.
    case server(status: Int)
    /// The authority's time and this device's are more than a day apart: the device's date is
    /// wrong, or the authority's clock. Nothing was stored, and no code was spent. Show both times,
    /// and have the device's date set.
    case serverTimeWrong(server: Date, device: Date)
    /// The text is no challenge that may be answered, or its time is over.
    case challenge(ChallengeProblem)
    /// The reader's book does not have what was asked for, or no room for it.
    case reader(ReaderProblem)
    /// A key or a signed object is malformed, or its signature is not one that is trusted.
    case untrusted
    /// An argument is outside its bounds, which its documentation names.
    case invalidArgument
    /// The task was cancelled, or the time budget was used up. It may be called again.
    case cancelled
    /// The wallet or the presentation was closed.
    case closed
    /// A fault of this library. What was written before is safe; please report it.
    case `internal`
}

extension WalletError {
    /// The error for what the core threw. The text of a fault ends here.
    package init(_ error: any Error) {
        self =
            switch error {
            case let error as WalletError: error
            case let error as VidimusCore.WalletError: WalletError(core: error)
            default: .internal
            }
    }

    init(core: VidimusCore.WalletError) {
        self =
            switch core {
            case .Vault(let reason): .vault(reason)
            case .Storage(let reason): .storage(reason)
            case .KeyStore(let reason): .keyStore(reason)
            case .NoSuchLicense: .noSuchLicense
            case .PresentationEnded: .presentationEnded
            case .Offer(let reason): .offer(reason)
            case .SignIn(let reason): .signIn(reason)
            case .Issuer(let reason): .issuer(reason)
            case .Network(let reason): .network(reason)
            case .Busy(let status, let again): .busy(status: status, again: again)
            case .Server(let status): .server(status: status)
            case .ServerTimeWrong(let server, let device): .serverTimeWrong(server: server, device: device)
            case .Challenge(let reason): .challenge(reason)
            case .Reader(let reason): .reader(reason)
            case .Untrusted: .untrusted
            case .InvalidArgument: .invalidArgument
            case .Cancelled: .cancelled
            case .Closed: .closed
            case .Internal: .internal
            }
    }
}

/// Why a vault cannot be made or opened.
public typealias VaultProblem = VidimusCore.VaultProblem

/// What the disk did.
public typealias StorageProblem = VidimusCore.StorageProblem

/// What the device's key store said.
public typealias KeyStoreProblem = VidimusCore.KeyStoreProblem

/// Why an offer cannot be taken up.
public typealias OfferProblem = VidimusCore.OfferProblem

/// What became of a sign-in that led to nothing.
public typealias SignInProblem = VidimusCore.SignInProblem

/// What an issuer did wrong, or would not do.
public typealias IssuerProblem = VidimusCore.IssuerProblem

/// Why a request had no usable answer.
public typealias NetworkProblem = VidimusCore.NetworkProblem

/// What a reader's book lacks.
public typealias ReaderProblem = VidimusCore.ReaderProblem

/// Why a challenge may not be answered.
public typealias ChallengeProblem = VidimusCore.ChallengeProblem
