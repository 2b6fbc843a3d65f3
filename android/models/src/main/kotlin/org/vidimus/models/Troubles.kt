package org.vidimus.models

import org.vidimus.IssuerProblem
import org.vidimus.KeyStoreProblem
import org.vidimus.LicenseStatus
import org.vidimus.NetworkProblem
import org.vidimus.StorageProblem
import org.vidimus.VaultProblem
import org.vidimus.WalletException
import kotlin.time.Duration
import kotlin.time.Instant

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

        is WalletException.Server -> Trouble.NO_NETWORK

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
 * @param state its state
 * @param age how old that is
 * @param rolledBack whether the wallet was put back from an older copy
 * @param damaged whether something that is stored is damaged
 * @param failures what the last refresh could not do, as troubles
 * @param ends when the license's last day ends where it was issued; `null` where it has no end
 * @param now the best known time
 * @param setBack whether the clock was set back
 */
internal fun troublesOf(
    state: LicenseStatus,
    age: Duration?,
    rolledBack: Boolean,
    damaged: Boolean,
    failures: Collection<Trouble>,
    ends: Instant?,
    now: Instant,
    setBack: Boolean,
): List<Trouble> {
    val found = failures.toMutableSet()
    state.trouble?.let(found::add)
    if (state != LicenseStatus.UNKNOWN && age != null && age > Standing.FRESH) found += Trouble.STATUS_OLD
    if (rolledBack) found += Trouble.ROLLED_BACK
    if (damaged) found += Trouble.DAMAGED
    if (ends != null && now >= ends) found += Trouble.LICENSE_EXPIRED
    if (setBack) found += Trouble.CLOCK_SET_BACK
    return found.sorted()
}

private val LicenseStatus.trouble: Trouble?
    get() =
        when (this) {
            LicenseStatus.VALID, LicenseStatus.UPDATE_WAITING -> null
            LicenseStatus.REVOKED -> Trouble.REVOKED
            LicenseStatus.SUSPENDED -> Trouble.SUSPENDED
            LicenseStatus.LAPSED -> Trouble.LAPSED
            LicenseStatus.POINTS_LIMIT -> Trouble.POINTS_LIMIT
            LicenseStatus.UNRESOLVED -> Trouble.UNRESOLVED
            LicenseStatus.SUPERSEDED -> Trouble.SUPERSEDED
            LicenseStatus.UNKNOWN -> Trouble.STATUS_UNKNOWN
        }
