package org.vidimus.models

import org.junit.jupiter.api.Test
import org.vidimus.ChallengeProblem
import org.vidimus.IssuerProblem
import org.vidimus.KeyStoreProblem
import org.vidimus.LicenseStatus
import org.vidimus.NetworkProblem
import org.vidimus.OfferProblem
import org.vidimus.StorageProblem
import org.vidimus.VaultProblem
import org.vidimus.WalletException
import org.vidimus.support.Environment
import kotlin.io.path.readLines
import kotlin.test.assertEquals
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds
import kotlin.time.Instant

/** What each failure of the wallet means: `phones/meanings.tsv` says it for both languages. */
class MeaningsTest {
    @Test
    fun `each failure has its refusal and its trouble, with a lock and without`() {
        val told =
            FAILURES.map { failure ->
                val refusal = Refusal.of(failure).code
                val troubles = listOf(true, false).map { hasLock -> troubleOf(failure, hasLock).code }
                val refreshing = refreshTroubleOf(failure, hasLock = true)?.code ?: "-"
                (listOf(failure.name, refusal) + troubles + refreshing).joinToString("\t")
            }
        val table = Environment.vectors.resolve("../../phones/meanings.tsv").readLines()
        assertEquals(table.drop(1), told)
    }

    @Test
    fun `each refusal is the meaning of some failure`() {
        assertEquals(Refusal.entries.toSet(), FAILURES.mapTo(HashSet(), Refusal::of))
    }

    @Test
    fun `what is wrong with a license is told, the worst first`() {
        assertEquals(emptyList(), troubles())
        val states =
            mapOf(
                LicenseStatus.VALID to emptyList(),
                LicenseStatus.UPDATE_WAITING to emptyList(),
                LicenseStatus.REVOKED to listOf(Trouble.REVOKED),
                LicenseStatus.SUSPENDED to listOf(Trouble.SUSPENDED),
                LicenseStatus.LAPSED to listOf(Trouble.LAPSED),
                LicenseStatus.POINTS_LIMIT to listOf(Trouble.POINTS_LIMIT),
                LicenseStatus.UNRESOLVED to listOf(Trouble.UNRESOLVED),
                LicenseStatus.SUPERSEDED to listOf(Trouble.SUPERSEDED),
                LicenseStatus.UNKNOWN to listOf(Trouble.STATUS_UNKNOWN),
            )
        assertEquals(LicenseStatus.entries.toSet(), states.keys)
        for ((state, expected) in states) assertEquals(expected, troubles(state))
        assertEquals(emptyList(), troubles(age = 24.hours), "a day old is not older than a day")
        assertEquals(listOf(Trouble.STATUS_OLD), troubles(age = 24.hours + 1.seconds))
        assertEquals(listOf(Trouble.STATUS_UNKNOWN), troubles(LicenseStatus.UNKNOWN, age = 200.hours), "one word for one thing")
        assertEquals(emptyList(), troubles(ends = NOW + 1.seconds), "the last day counts")
        assertEquals(emptyList(), troubles(ends = null), "some licenses have no end")
        assertEquals(listOf(Trouble.LICENSE_EXPIRED), troubles(ends = NOW))
        val all =
            troublesOf(LicenseStatus.SUSPENDED, 30.hours, true, true, listOf(Trouble.NO_NETWORK, Trouble.NO_NETWORK), NOW - 24.hours, NOW, true)
        val expected =
            listOf(Trouble.DAMAGED, Trouble.SUSPENDED, Trouble.LICENSE_EXPIRED, Trouble.ROLLED_BACK, Trouble.CLOCK_SET_BACK, Trouble.STATUS_OLD, Trouble.NO_NETWORK)
        assertEquals(expected, all)
    }

    private fun troubles(
        state: LicenseStatus = LicenseStatus.VALID,
        age: Duration? = Duration.ZERO,
        ends: Instant? = NOW + 24.hours,
    ) = troublesOf(state, age, rolledBack = false, damaged = false, failures = emptyList(), ends, NOW, setBack = false)

    private val WalletException.name: String
        get() {
            val reason = message?.substringAfter("reason=", "").orEmpty()
            val kind = this::class.simpleName.orEmpty().replace(Regex("(?<=[a-z])(?=[A-Z])"), "_")
            return listOf(kind, reason).filter(String::isNotEmpty).joinToString(".").lowercase()
        }

    private companion object {
        val NOW: Instant = Instant.parse("2026-11-26T12:00:00Z")

        val FAILURES: List<WalletException> =
            VaultProblem.entries.map { WalletException.Vault(it) } +
                StorageProblem.entries.map { WalletException.Storage(it) } +
                KeyStoreProblem.entries.map { WalletException.KeyStore(it) } +
                OfferProblem.entries.map { WalletException.Offer(it) } +
                IssuerProblem.entries.map { WalletException.Issuer(it) } +
                NetworkProblem.entries.map { WalletException.Network(it) } +
                ChallengeProblem.entries.map { WalletException.Challenge(it) } +
                listOf(
                    WalletException.Server(503),
                    WalletException.Busy(503, Instant.fromEpochSeconds(3)),
                    WalletException.ServerTimeWrong(Instant.fromEpochSeconds(2), Instant.fromEpochSeconds(1)),
                    WalletException.NoSuchLicense(),
                    WalletException.PresentationEnded(),
                    WalletException.Untrusted(),
                    WalletException.InvalidArgument(),
                    WalletException.Cancelled(),
                    WalletException.Closed(),
                    WalletException.Internal(),
                )
    }
}
