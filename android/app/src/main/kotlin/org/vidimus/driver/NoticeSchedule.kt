package org.vidimus.driver

import android.content.Context
import androidx.work.CoroutineWorker
import androidx.work.ExistingWorkPolicy
import androidx.work.OneTimeWorkRequestBuilder
import androidx.work.WorkManager
import androidx.work.WorkerParameters
import org.vidimus.KeyStoreProblem
import org.vidimus.WalletException
import java.util.concurrent.TimeUnit
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Instant

/**
 * When the core is asked next whether the driver is to be told something, without a network: 30, 7
 * and 1 days before an end, and three days after the last status.
 *
 * It is work with a delay and not an alarm: the system keeps it over a restart of the phone, it
 * needs no permission, and that it may come an hour late does not matter where days are counted.
 * The work asks the core and does not itself say what is due: it may come late, twice or never, and
 * each thing is told once all the same.
 */
internal class NoticeSchedule(
    private val work: () -> WorkManager,
) {
    constructor(context: Context) : this({ WorkManager.getInstance(context) })

    /** As soon as the system has a moment. */
    fun now() {
        ask(Duration.ZERO, ExistingWorkPolicy.REPLACE)
    }

    /** At this time, in the place of what was planned; never where it is `null`. */
    fun at(time: Instant?) {
        if (time == null) work().cancelUniqueWork(NAME) else ask(until(time), ExistingWorkPolicy.REPLACE)
    }

    /** The same, from within the work itself: replacing that would cancel the caller. */
    fun atFromWithin(time: Instant?) {
        if (time != null) ask(until(time), ExistingWorkPolicy.APPEND_OR_REPLACE)
    }

    // The wallet's time need not be the phone's: a time that is over here would be asked for again
    // and again.
    private fun until(time: Instant): Duration =
        (time.toEpochMilliseconds() - System.currentTimeMillis()).milliseconds.coerceAtLeast(SOONEST)

    private fun ask(
        after: Duration,
        instead: ExistingWorkPolicy,
    ) {
        val request =
            OneTimeWorkRequestBuilder<NoticeWorker>()
                .setInitialDelay(after.inWholeMilliseconds, TimeUnit.MILLISECONDS)
                .build()
        work().enqueueUniqueWork(NAME, instead, request)
    }

    internal companion object {
        const val NAME = "org.vidimus.notices"

        val SOONEST = 15.minutes
    }
}

/** Tells what is due, and asks to come again. */
internal class NoticeWorker(
    context: Context,
    parameters: WorkerParameters,
) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result {
        val app = applicationContext as App
        return try {
            app.noticeSchedule.atFromWithin(app.walletHome.use { app.notices.tell(it) })
            Result.success()
        } catch (failure: WalletException) {
            if (failure.mayPass) Result.retry() else Result.failure()
        }
    }

    /** Another try changes nothing where there is no wallet, or one that only its driver can mend. */
    private val WalletException.mayPass: Boolean
        get() =
            when (this) {
                is WalletException.Vault -> false
                is WalletException.KeyStore -> reason != KeyStoreProblem.UNAVAILABLE
                else -> true
            }
}
