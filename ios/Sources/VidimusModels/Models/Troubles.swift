import Vidimus

/// Everything by which the troubles of a license are judged.
struct Signs: Sendable {
    /// All that is true of it.
    var standings: [LicenseStanding]
    /// Whether its place is damaged.
    var damaged = false
    var health = Health(rolledBack: false, damaged: [])
    var clockSetBack = false
    /// What the last refresh could not do.
    var failed: Set<Trouble> = []
}

/// What is wrong with a license or with its wallet, the worst first.
func troubles(of signs: Signs) -> [Trouble] {
    var found = signs.failed
    if signs.damaged || !signs.health.damaged.isEmpty { found.insert(.damaged) }
    if signs.health.rolledBack { found.insert(.rolledBack) }
    if signs.clockSetBack { found.insert(.clockSetBack) }
    found.formUnion(signs.standings.compactMap(\.kind.trouble))
    return Trouble.allCases.filter(found.contains)
}

extension StandingKind {
    /// `nil` where there is none, or where the words of the standing say all there is.
    var trouble: Trouble? {
        switch self {
        case .valid, .updateWaiting: nil
        case .credentialExpired, .noCategory, .licenseNotYetValid: nil
        case .revoked: .revoked
        case .suspended: .suspended
        case .lapsed: .lapsed
        case .pointsLimit: .pointsLimit
        case .unresolved: .unresolved
        case .superseded: .superseded
        case .licenseExpired: .licenseExpired
        case .statusStale: .statusOld
        case .unknown: .statusUnknown
        }
    }
}

/// What a driver is told of an error that no offer brought.
///
/// - Parameter hasLock: Whether the phone has a screen lock. Where it has none, keys that are gone went with it.
func trouble(of error: WalletError, hasLock: Bool) -> Trouble {
    switch error {
    case .vault(.keyInvalidated), .keyStore(.notFound): hasLock ? .keyInvalidated : .passcodeRemoved
    case .vault(.otherDevice): hasLock ? .otherDevice : .passcodeRemoved
    case .vault(.damaged): .damaged
    case .vault(.newerVersion): .newerVersion
    case .storage(.full): .storageFull
    case .storage: .storageFailed
    case .keyStore(.locked): .deviceLocked
    case .keyStore: .keyStore
    // Somebody else stands where the authority should: nothing of it was taken.
    case .network(.certificate), .untrusted: .authorityUnknown
    case .network, .server, .busy: .noNetwork
    case .serverTimeWrong: .clockSetBack
    case .issuer(let problem): trouble(of: problem) ?? .internal
    // Another process made it, or took it away, in this very moment.
    case .vault(.alreadyExists), .vault(.notFound), .vault(.hadBefore): .storageFailed
    case .noSuchLicense, .presentationEnded, .offer, .challenge, .invalidArgument, .cancelled, .closed,
        .internal:
        .internal
    }
}

/// What a driver is told of a refresh, or of a part of it, that could not be done; `nil` where it can wait.
func refreshTrouble(of error: WalletError, hasLock: Bool) -> Trouble? {
    switch error {
    // The next one goes on from there.
    case .cancelled: nil
    case .issuer(let problem): trouble(of: problem)
    default: trouble(of: error, hasLock: hasLock)
    }
}

/// `nil` where it is no trouble of a license that is held: it is asked for again, and its status tells.
private func trouble(of problem: IssuerProblem) -> Trouble? {
    switch problem {
    case .trustListMissing, .statusUnusable: .authorityUnknown
    case .metadata, .answerMalformed: .noNetwork
    case .denied, .refused, .deferred, .otherKey, .notInForce, .notRenewable: nil
    }
}
