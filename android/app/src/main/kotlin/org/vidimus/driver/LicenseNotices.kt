package org.vidimus.driver

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext
import org.vidimus.Wallet
import org.vidimus.WalletException
import org.vidimus.app.dueNotices
import org.vidimus.reader.texts
import org.vidimus.shell.Word
import kotlin.time.Instant

/**
 * Tells a driver who does not look at the app that there is news of a license: by a notification
 * that says no more than that, since a locked phone shows it. What news it is, the app says.
 *
 * What is news is the core's to say, and it says each once: what was told is in the wallet, so that
 * of two processes with the same news one tells it.
 */
internal class LicenseNotices(
    private val context: Context,
) {
    private val system = context.getSystemService(NotificationManager::class.java)

    /** Whether the driver looks at the licenses now. What changes there is told by the page. */
    @Volatile
    var isSeen: Boolean = false
        private set

    /** The driver looks: what was told is seen. */
    fun seen() {
        isSeen = true
        system.cancelAll()
    }

    /** The driver looks away. */
    fun left() {
        isSeen = false
    }

    /**
     * Tells what is due, unless the driver looks, or wants no notifications. Then the core is not
     * asked: what it says counts as told.
     *
     * @return when there may be something to tell next; `null` where nothing is planned
     * @throws WalletException where the wallet cannot be read or written; nothing was told then
     */
    suspend fun tell(wallet: Wallet): Instant? {
        makeChannel()
        if (isSeen || !mayTell) return null
        // Between the two of them nothing may end: what the core has said, it does not say again.
        return withContext(NonCancellable) {
            val due = wallet.dueNotices()
            for (license in due.now.map { it.license }.distinct()) post(license)
            due.planned.firstOrNull()?.let { Instant.fromEpochSeconds(it.at.toLong()) }
        }
    }

    private val mayTell: Boolean
        get() =
            system.areNotificationsEnabled() &&
                system.getNotificationChannel(CHANNEL).importance != NotificationManager.IMPORTANCE_NONE

    /** What is there already gets its name anew: the driver may have chosen another language. */
    private fun makeChannel() {
        val name = context.texts()[Word.NOTICE_CHANNEL]
        system.createNotificationChannel(NotificationChannel(CHANNEL, name, NotificationManager.IMPORTANCE_DEFAULT))
    }

    /** In the place of what was told of this license before. */
    private fun post(license: String) {
        val texts = context.texts()
        val notification =
            Notification
                .Builder(context, CHANNEL)
                .setSmallIcon(R.drawable.ic_notice)
                .setColor(context.getColor(R.color.icon_ground))
                .setContentTitle(texts[Word.APP_NAME])
                .setContentText(texts[Word.NOTICE_NEWS])
                .setContentIntent(opening(license))
                .setCategory(Notification.CATEGORY_STATUS)
                // It says nothing that a locked phone must hide.
                .setVisibility(Notification.VISIBILITY_PUBLIC)
                // It is this phone's: a watch could not open the license.
                .setLocalOnly(true)
                .setAutoCancel(true)
                .build()
        system.notify(license, ID, notification)
    }

    private fun opening(license: String): PendingIntent {
        val intent =
            Intent(context, MainActivity::class.java)
                .setAction(ACTION)
                .putExtra(LICENSE, license)
                .addFlags(Intent.FLAG_ACTIVITY_NEW_TASK)
        // Of two intents that differ in their extras alone the system keeps one.
        val request = license.hashCode()
        return PendingIntent.getActivity(
            context,
            request,
            intent,
            PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT,
        )
    }

    internal companion object {
        const val CHANNEL = "news"

        /** Opens the app at a license, [LICENSE] names it. */
        const val ACTION = "org.vidimus.driver.NEWS"

        /** The id of a license in the wallet: random, and of no use elsewhere. */
        const val LICENSE = "license"

        /** One for each license: its tag tells them apart. */
        private const val ID = 1
    }
}
