import Vidimus

/// Why no license came of an offer. Each has words of its own, which say what to do.
public enum Refusal: String, Hashable, Sendable, CaseIterable {
    case offerMalformed = "offer_malformed"
    case offerUnsupported = "offer_unsupported"
    case offerGone = "offer_gone"
    case issuerUnknown = "issuer_unknown"
    case codeMissing = "code_missing"
    case codeMalformed = "code_malformed"
    case codeRefused = "code_refused"
    case denied
    case issuerRefused = "issuer_refused"
    case deferred
    case issuerBroken = "issuer_broken"
    case otherKey = "other_key"
    case notInForce = "not_in_force"
    case serverTimeWrong = "server_time_wrong"
    case untrusted
    case noNetwork = "no_network"
    case captivePortal = "captive_portal"
    case certificate
    case server
    case busy
    case keyLocked = "key_locked"
    case keyFailed = "key_failed"
    case storageFull = "storage_full"
    case storageFailed = "storage_failed"
    case cancelled
    case `internal`

    /// Its stable name, the same on every system.
    public var code: String { rawValue }

    /// Whether trying the same offer again can help.
    public var mayRetry: Bool {
        switch self {
        case .offerMalformed, .offerUnsupported, .offerGone, .issuerUnknown, .denied, .otherKey, .notInForce,
            .untrusted:
            false
        case .codeMissing, .codeMalformed, .codeRefused, .issuerRefused, .deferred, .issuerBroken, .serverTimeWrong,
            .noNetwork, .captivePortal, .certificate, .server, .busy, .keyLocked, .keyFailed, .storageFull,
            .storageFailed, .cancelled, .internal:
            true
        }
    }
}

extension Refusal {
    /// What to tell a driver whose offer came to this.
    init(_ error: WalletError) {
        self =
            switch error {
            case .offer(let problem): Refusal(problem)
            case .issuer(let problem): Refusal(problem)
            case .network(let problem): Refusal(problem)
            case .server: .server
            case .busy: .busy
            case .serverTimeWrong: .serverTimeWrong
            case .untrusted: .untrusted
            case .keyStore(.locked): .keyLocked
            case .keyStore: .keyFailed
            case .storage(.full): .storageFull
            case .storage: .storageFailed
            case .vault(.keyInvalidated), .vault(.otherDevice): .keyFailed
            case .vault: .storageFailed
            case .cancelled: .cancelled
            // The offer is the only argument that a driver gives; the code was looked through before.
            case .invalidArgument: .offerMalformed
            case .noSuchLicense, .presentationEnded, .challenge, .closed, .internal: .internal
            }
    }

    private init(_ problem: OfferProblem) {
        self =
            switch problem {
            case .malformed: .offerMalformed
            case .unsupported: .offerUnsupported
            case .gone: .offerGone
            case .issuerUnknown: .issuerUnknown
            case .txCodeRequired: .codeMissing
            case .txCodeMalformed: .codeMalformed
            case .refused: .codeRefused
            }
    }

    private init(_ problem: IssuerProblem) {
        self =
            switch problem {
            case .denied: .denied
            case .refused, .notRenewable: .issuerRefused
            case .deferred: .deferred
            case .otherKey: .otherKey
            case .notInForce: .notInForce
            // Without a list of keys nothing of it can be trusted.
            case .trustListMissing: .untrusted
            case .metadata, .statusUnusable, .answerMalformed: .issuerBroken
            }
    }

    private init(_ problem: NetworkProblem) {
        self =
            switch problem {
            // It names an issuer that could never be asked safely.
            case .addressNotAllowed: .offerUnsupported
            case .unreachable, .timeout, .broken: .noNetwork
            case .captivePortal: .captivePortal
            case .certificate: .certificate
            case .tooLarge: .issuerBroken
            }
    }
}
