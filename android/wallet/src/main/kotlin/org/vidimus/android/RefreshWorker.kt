package org.vidimus.android

import android.content.Context
import androidx.work.CoroutineWorker
import androidx.work.WorkerParameters
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.withTimeout
import org.vidimus.KeyStoreProblem
import org.vidimus.RefreshReport
import org.vidimus.VaultProblem
import org.vidimus.Wallet
import org.vidimus.WalletException
import kotlin.time.Duration.Companion.minutes

/**
 * Refreshes what is due, as [RefreshSchedule] asks. The application must be a
 * [WalletHome.Provider]; it may have a [RefreshSchedule] as well, through [Scheduler].
 *
 * When the system stops the work, the requests that are under way stop, and what was written stays
 * good.
 */
public class RefreshWorker(
    context: Context,
    parameters: WorkerParameters,
) : CoroutineWorker(context, parameters) {
    /** An application that refreshes at its own pace. */
    public interface Scheduler {
        /** What it has started. */
        public val refreshSchedule: RefreshSchedule
    }

    /** An application that tells its driver what a refresh has brought. */
    public interface Listener {
        /**
         * Called after each refresh, also one that reached no one, with the wallet open. A
         * [WalletException] from it has the work tried again.
         */
        public suspend fun refreshed(wallet: Wallet)
    }

    override suspend fun doWork(): Result {
        // An app without a home stays without one: trying again would change nothing.
        val home = (applicationContext as? WalletHome.Provider)?.walletHome ?: return Result.failure()
        return when (val end = refreshed(home, applicationContext as? Listener)) {
            is RefreshEnd.Done -> {
                askForNext(end.report)
                Result.success()
            }

            RefreshEnd.Nothing -> {
                Result.success()
            }

            RefreshEnd.Later -> {
                Result.retry()
            }

            RefreshEnd.Never -> {
                Result.failure()
            }
        }
    }

    private fun askForNext(report: RefreshReport) {
        val schedule =
            (applicationContext as? Scheduler)?.refreshSchedule ?: RefreshSchedule(applicationContext)
        if (RefreshSchedule.NEXT in tags) {
            schedule.nextFromWithin(report.nextIn)
        } else {
            schedule.next(report.nextIn)
        }
    }
}

/** How a refresh in the background ended. */
internal sealed interface RefreshEnd {
    /** What went wrong with the network is in the report, and its pause is in there, too. */
    class Done(
        val report: RefreshReport,
    ) : RefreshEnd

    /** The wallet could not be opened or written now. */
    data object Later : RefreshEnd

    /**
     * There is no wallet. A worker makes none, and there is nothing to refresh before there is one.
     */
    data object Nothing : RefreshEnd

    /** Only its driver can mend the wallet. */
    data object Never : RefreshEnd
}

/** Refreshes the wallet of a [home], within the time that the system gives, and tells of it. */
internal suspend fun refreshed(
    home: WalletHome,
    listener: RefreshWorker.Listener?,
): RefreshEnd =
    try {
        val report =
            withTimeout(LIMIT) {
                home.use { wallet -> wallet.refresh(budget = BUDGET).also { listener?.refreshed(wallet) } }
            }
        RefreshEnd.Done(report)
    } catch (_: TimeoutCancellationException) {
        RefreshEnd.Later
    } catch (failure: WalletException) {
        failure.end
    }

private val WalletException.end: RefreshEnd
    get() =
        when (this) {
            is WalletException.Vault -> {
                when (reason) {
                    VaultProblem.NOT_FOUND, VaultProblem.HAD_BEFORE -> RefreshEnd.Nothing
                    else -> RefreshEnd.Never
                }
            }

            is WalletException.KeyStore -> {
                if (reason == KeyStoreProblem.UNAVAILABLE) RefreshEnd.Never else RefreshEnd.Later
            }

            else -> {
                RefreshEnd.Later
            }
        }

/** The system ends work after 10 minutes, without asking whether it is done. */
private val LIMIT = 9.minutes

/** For the requests alone: the wallet returns with what it has. */
private val BUDGET = 2.minutes
