package org.vidimus.models

import org.vidimus.IssuerProblem
import org.vidimus.KeyStoreProblem
import org.vidimus.LicenseStanding
import org.vidimus.NetworkProblem
import org.vidimus.StandingKind
import org.vidimus.StorageProblem
import org.vidimus.VaultProblem
import org.vidimus.WalletException

/**
 * What a failure of the wallet means to its driver.
 *
 * @param hasLock whether the phone has a screen lock: where it has none, keys that are gone went with it
 */
internal fun troubleOf(
    failure: WalletException,
    hasLock: Boolean,
): Trouble =
    when (failure) {
        is WalletException.Vault -> failure.reason.trouble(hasLock)

        is WalletException.Storage -> failure.reason.trouble

        is WalletException.KeyStore -> failure.reason.trouble(hasLock)

        is WalletException.Network -> failure.reason.trouble

        is WalletException.Server, is WalletException.Busy -> Trouble.NO_NETWORK

        is WalletException.ServerTimeWrong -> Trouble.CLOCK_SET_BACK

        is WalletException.Untrusted -> Trouble.AUTHORITY_UNKNOWN

        is WalletException.Issuer -> failure.reason.trouble ?: Trouble.INTERNAL

        is WalletException.Offer,
        is WalletException.Challenge,
        is WalletException.NoSuchLicense,
        is WalletException.PresentationEnded,
        is WalletException.InvalidArgument,
        is WalletException.Cancelled,
        is WalletException.Closed,
        is WalletException.Internal,
        -> Trouble.INTERNAL
    }

private fun VaultProblem.trouble(hasLock: Boolean): Trouble =
    when (this) {
        VaultProblem.KEY_INVALIDATED -> if (hasLock) Trouble.KEY_INVALIDATED else Trouble.PASSCODE_REMOVED

        VaultProblem.OTHER_DEVICE -> if (hasLock) Trouble.OTHER_DEVICE else Trouble.PASSCODE_REMOVED

        VaultProblem.DAMAGED -> Trouble.DAMAGED

        VaultProblem.NEWER_VERSION -> Trouble.NEWER_VERSION

        // Another process made it, or took it away, in this very moment.
        VaultProblem.ALREADY_EXISTS, VaultProblem.NOT_FOUND, VaultProblem.HAD_BEFORE -> Trouble.STORAGE_FAILED
    }

private val StorageProblem.trouble: Trouble
    get() =
        when (this) {
            StorageProblem.FULL -> Trouble.STORAGE_FULL
            StorageProblem.READ_ONLY, StorageProblem.BUSY, StorageProblem.FAILED -> Trouble.STORAGE_FAILED
        }

private fun KeyStoreProblem.trouble(hasLock: Boolean): Trouble =
    when (this) {
        KeyStoreProblem.LOCKED -> Trouble.DEVICE_LOCKED

        // A key that is gone does not come back, however often one tries.
        KeyStoreProblem.NOT_FOUND -> if (hasLock) Trouble.KEY_INVALIDATED else Trouble.PASSCODE_REMOVED

        KeyStoreProblem.UNAVAILABLE,
        KeyStoreProblem.REFUSED,
        KeyStoreProblem.FAILED,
        KeyStoreProblem.TIMEOUT,
        -> Trouble.KEY_STORE
    }

private val NetworkProblem.trouble: Trouble
    get() =
        when (this) {
            // Somebody else stands where the authority should: nothing of it was taken.
            NetworkProblem.CERTIFICATE -> Trouble.AUTHORITY_UNKNOWN

            NetworkProblem.ADDRESS_NOT_ALLOWED,
            NetworkProblem.UNREACHABLE,
            NetworkProblem.TIMEOUT,
            NetworkProblem.TOO_LARGE,
            NetworkProblem.BROKEN,
            NetworkProblem.CAPTIVE_PORTAL,
            -> Trouble.NO_NETWORK
        }

/** `null` where it is no trouble of a license that is held: it is asked for again, and its status tells. */
private val IssuerProblem.trouble: Trouble?
    get() =
        when (this) {
            IssuerProblem.TRUST_LIST_MISSING, IssuerProblem.STATUS_UNUSABLE -> Trouble.AUTHORITY_UNKNOWN

            IssuerProblem.METADATA, IssuerProblem.ANSWER_MALFORMED -> Trouble.NO_NETWORK

            IssuerProblem.DENIED,
            IssuerProblem.REFUSED,
            IssuerProblem.DEFERRED,
            IssuerProblem.OTHER_KEY,
            IssuerProblem.NOT_IN_FORCE,
            IssuerProblem.NOT_RENEWABLE,
            -> null
        }

/** What a part of a refresh that failed means; `null` where it is no trouble. */
internal fun refreshTroubleOf(
    failure: WalletException,
    hasLock: Boolean,
): Trouble? =
    when (failure) {
        // The next one goes on where this one stopped.
        is WalletException.Cancelled -> null

        is WalletException.Issuer -> failure.reason.trouble

        else -> troubleOf(failure, hasLock)
    }

/**
 * What is wrong with a license that is held, the worst first.
 *
 * @param standings all that is true of it
 * @param rolledBack whether the wallet was put back from an older copy
 * @param damaged whether something that is stored is damaged
 * @param failures what the last refresh could not do, as troubles
 * @param setBack whether the clock was set back
 */
internal fun troublesOf(
    standings: Collection<LicenseStanding>,
    rolledBack: Boolean,
    damaged: Boolean,
    failures: Collection<Trouble>,
    setBack: Boolean,
): List<Trouble> {
    val found = failures.toMutableSet()
    standings.mapNotNullTo(found) { it.kind.trouble }
    if (rolledBack) found += Trouble.ROLLED_BACK
    if (damaged) found += Trouble.DAMAGED
    if (setBack) found += Trouble.CLOCK_SET_BACK
    return found.sorted()
}

/** `null` where there is none, or where the words of the standing say all there is. */
internal val StandingKind.trouble: Trouble?
    get() =
        when (this) {
            StandingKind.VALID, StandingKind.UPDATE_WAITING -> null
            StandingKind.CREDENTIAL_EXPIRED, StandingKind.NO_CATEGORY, StandingKind.LICENSE_NOT_YET_VALID -> null
            StandingKind.REVOKED -> Trouble.REVOKED
            StandingKind.SUSPENDED -> Trouble.SUSPENDED
            StandingKind.LAPSED -> Trouble.LAPSED
            StandingKind.POINTS_LIMIT -> Trouble.POINTS_LIMIT
            StandingKind.UNRESOLVED -> Trouble.UNRESOLVED
            StandingKind.SUPERSEDED -> Trouble.SUPERSEDED
            StandingKind.LICENSE_EXPIRED -> Trouble.LICENSE_EXPIRED
            StandingKind.STATUS_STALE -> Trouble.STATUS_OLD
            StandingKind.UNKNOWN -> Trouble.STATUS_UNKNOWN
        }
