package org.vidimus

import kotlin.time.Instant

/**
 * What a screen shows of a wallet.
 *
 * @property licenses the licenses and their status, as the wallet holds them; personal data
 * @property health whether the wallet was put back from an older copy, and what of it is damaged
 * @property lastRefresh the last refresh since the wallet was opened; `null` before the first
 * @property missesLicense whether a license was here and none is any more, without the driver's
 *   wish: the app was installed anew, or an older copy was put in place; ask the authority for it
 *   again
 */
public data class WalletStatus(
    val licenses: List<HeldLicense>,
    val health: Health,
    val lastRefresh: LastRefresh? = null,
    val missesLicense: Boolean = false,
) {
    /** Says how many licenses there are, and nothing of them. */
    override fun toString(): String =
        "WalletStatus(licenses=${licenses.size}, health=$health, lastRefresh=${lastRefresh?.at})"
}

/**
 * A refresh that is done.
 *
 * @property at when, by the wallet's best known time
 * @property report what it brought, and what could not be fetched
 */
public data class LastRefresh(
    val at: Instant,
    val report: RefreshReport,
)
