/// What may be wrong: each with what happened, what still holds and what to do, as words of the table.
///
/// The order of the cases is that of the screen: the worst first.
public enum Trouble: String, Hashable, Sendable, CaseIterable {
    case keyInvalidated = "key_invalidated"
    case passcodeRemoved = "passcode_removed"
    case otherDevice = "other_device"
    case damaged
    case newerVersion = "newer_version"
    case storageFull = "storage_full"
    case storageFailed = "storage_failed"
    case deviceLocked = "device_locked"
    case keyStore = "key_store"
    case `internal`
    case revoked
    case suspended
    case pointsLimit = "points_limit"
    case lapsed
    case superseded
    case licenseExpired = "license_expired"
    case rolledBack = "rolled_back"
    case authorityUnknown = "authority_unknown"
    case clockSetBack = "clock_set_back"
    case statusUnknown = "status_unknown"
    case statusOld = "status_old"
    case unresolved
    case noNetwork = "no_network"

    /// Its stable name, the same on every system.
    public var code: String { rawValue }

    /// How bad it is.
    public var tone: Tone {
        switch self {
        case .keyInvalidated, .passcodeRemoved, .otherDevice, .damaged, .newerVersion, .storageFull, .storageFailed,
            .keyStore, .internal, .revoked, .suspended, .pointsLimit, .lapsed, .superseded, .licenseExpired,
            .authorityUnknown:
            .bad
        case .deviceLocked, .rolledBack, .clockSetBack, .statusOld, .unresolved: .caution
        case .statusUnknown, .noNetwork: .unknown
        }
    }

    /// What the driver can do about it here.
    public var action: TroubleAction {
        switch self {
        case .keyInvalidated, .otherDevice, .damaged: .beginAnew
        case .passcodeRemoved: .setLock
        case .newerVersion: .updateApp
        case .storageFull: .freeStorage
        case .storageFailed, .keyStore, .internal: .retry
        case .deviceLocked: .unlock
        case .revoked, .suspended, .pointsLimit, .lapsed, .superseded, .licenseExpired, .authorityUnknown, .unresolved:
            .askAuthority
        case .rolledBack, .statusUnknown, .statusOld, .noNetwork: .refresh
        case .clockSetBack: .setClock
        }
    }
}

/// What a driver can do about a trouble. Those that leave the app are for the system's shell.
public enum TroubleAction: String, Hashable, Sendable, CaseIterable {
    /// Try once more.
    case retry
    /// Ask the authority now.
    case refresh
    /// Open the system's settings of the clock.
    case setClock = "set_clock"
    /// Open the system's settings of the screen lock; then try once more.
    case setLock = "set_lock"
    /// Open the system's settings of the storage; then try once more.
    case freeStorage = "free_storage"
    /// Open the store's page of this app.
    case updateApp = "update_app"
    /// Move the files aside and begin anew.
    case beginAnew = "begin_anew"
    /// Call or write to the authority: nothing in the app helps.
    case askAuthority = "ask_authority"
    /// Unlock the phone, then try once more.
    case unlock

    /// Its stable name, the same on every system.
    public var code: String { rawValue }
}
