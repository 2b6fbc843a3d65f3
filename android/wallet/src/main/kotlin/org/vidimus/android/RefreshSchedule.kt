package org.vidimus.android

import android.content.Context
import androidx.work.BackoffPolicy
import androidx.work.Constraints
import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.ExistingWorkPolicy
import androidx.work.NetworkType
import androidx.work.OneTimeWorkRequest
import androidx.work.OneTimeWorkRequestBuilder
import androidx.work.PeriodicWorkRequest
import androidx.work.PeriodicWorkRequestBuilder
import androidx.work.WorkManager
import java.util.concurrent.TimeUnit
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes

/**
 * When the status is refreshed in the background: again and again [every] so often, and once more
 * when the wallet itself says so. Both want a network, and both survive a restart of the phone. The
 * system may run it late: a license can be shown all the same, with the age of its status.
 *
 * Call [start] whenever the app starts. While the app is on the screen let `wallet.keepFresh()` run
 * instead.
 *
 * @param context any of the app's
 * @property every how often; 15 minutes, the least that the system allows, or more
 * @throws IllegalArgumentException for less
 */
public class RefreshSchedule internal constructor(
    private val work: () -> WorkManager,
    public val every: Duration,
) {
    /** On the work manager of the app that [context] belongs to. */
    public constructor(
        context: Context,
        every: Duration = 6.hours,
    ) : this({ WorkManager.getInstance(context) }, every)

    init {
        require(every >= SHORTEST) { "the system allows no less than $SHORTEST" }
    }

    /** Begins, or goes on with what is scheduled already, at the new pace. */
    public fun start() {
        work().enqueueUniquePeriodicWork(PERIODIC, ExistingPeriodicWorkPolicy.UPDATE, periodic())
    }

    /** Ends, for a phone without a wallet. A refresh that is under way is cancelled. */
    public fun stop() {
        work().cancelUniqueWork(PERIODIC)
        work().cancelUniqueWork(NEXT)
    }

    /**
     * One refresh more, after what a report says ([org.vidimus.RefreshReport.nextIn]): that knows
     * the lifetime of a status and how often the authority failed to answer. It takes the place of
     * one that was waiting. A wish for less than 15 minutes is granted after 15, and one for more
     * than [every] not at all: the periodic refresh comes before.
     */
    public fun next(after: Duration) {
        request(after, ExistingWorkPolicy.REPLACE)
    }

    /**
     * The same, from within the one that [next] had asked for: replacing that one would cancel the
     * caller.
     */
    internal fun nextFromWithin(after: Duration) {
        request(after, ExistingWorkPolicy.APPEND_OR_REPLACE)
    }

    private fun request(
        after: Duration,
        instead: ExistingWorkPolicy,
    ) {
        if (after < every) work().enqueueUniqueWork(NEXT, instead, once(after.coerceAtLeast(SHORTEST)))
    }

    private fun periodic(): PeriodicWorkRequest =
        PeriodicWorkRequestBuilder<RefreshWorker>(every.inWholeMilliseconds, TimeUnit.MILLISECONDS)
            .setConstraints(ONLINE)
            .setBackoffCriteria(BackoffPolicy.EXPONENTIAL, SHORTEST.inWholeMilliseconds, TimeUnit.MILLISECONDS)
            .addTag(TAG)
            .build()

    private fun once(after: Duration): OneTimeWorkRequest =
        OneTimeWorkRequestBuilder<RefreshWorker>()
            .setConstraints(ONLINE)
            .setInitialDelay(after.inWholeMilliseconds, TimeUnit.MILLISECONDS)
            .setBackoffCriteria(BackoffPolicy.EXPONENTIAL, SHORTEST.inWholeMilliseconds, TimeUnit.MILLISECONDS)
            .addTag(TAG)
            .addTag(NEXT)
            .build()

    internal companion object {
        const val TAG = "org.vidimus.refresh"
        const val PERIODIC = "org.vidimus.refresh.periodic"
        const val NEXT = "org.vidimus.refresh.next"

        /**
         * What the system allows for periodic work, and as often as we ask at all while no one
         * looks.
         */
        val SHORTEST = 15.minutes

        private val ONLINE = Constraints.Builder().setRequiredNetworkType(NetworkType.CONNECTED).build()
    }
}
