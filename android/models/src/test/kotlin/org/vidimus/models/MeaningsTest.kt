package org.vidimus.models

import org.junit.jupiter.api.Test
import org.vidimus.ChallengeProblem
import org.vidimus.IssuerProblem
import org.vidimus.KeyStoreProblem
import org.vidimus.LicenseStatus
import org.vidimus.NetworkProblem
import org.vidimus.OfferProblem
import org.vidimus.StandingKind
import org.vidimus.StorageProblem
import org.vidimus.VaultProblem
import org.vidimus.WalletException
import org.vidimus.standing
import org.vidimus.support.Environment
import kotlin.io.path.readLines
import kotlin.test.assertEquals
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
        val troubles = StandingKind.entries.mapNotNull { it.trouble }
        val states = LicenseStatus.entries.map { it.name } - "VALID" - "UPDATE_WAITING" - "UNKNOWN"
        val others = listOf(Trouble.STATUS_UNKNOWN, Trouble.STATUS_OLD, Trouble.LICENSE_EXPIRED)
        assertEquals((states.map(Trouble::valueOf) + others).toSet(), troubles.toSet())
        assertEquals(troubles.size, troubles.toSet().size, "each has its own")
        for (kind in StandingKind.entries) assertEquals(kind.trouble?.tone ?: kind.standing.tone, kind.standing.tone)
        val expired = listOf(StandingKind.SUSPENDED, StandingKind.LICENSE_EXPIRED, StandingKind.STATUS_STALE).map { it.standing }
        val all = troublesOf(expired, true, true, listOf(Trouble.NO_NETWORK, Trouble.NO_NETWORK), true)
        val expected =
            listOf(Trouble.DAMAGED, Trouble.SUSPENDED, Trouble.LICENSE_EXPIRED, Trouble.ROLLED_BACK, Trouble.CLOCK_SET_BACK, Trouble.STATUS_OLD, Trouble.NO_NETWORK)
        assertEquals(expected, all)
    }

    private val WalletException.name: String
        get() {
            val reason = message?.substringAfter("reason=", "").orEmpty()
            val kind = this::class.simpleName.orEmpty().replace(Regex("(?<=[a-z])(?=[A-Z])"), "_")
            return listOf(kind, reason).filter(String::isNotEmpty).joinToString(".").lowercase()
        }

    private companion object {
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
