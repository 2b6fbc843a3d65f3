package org.vidimus.driver

import android.app.Activity
import android.app.KeyguardManager
import android.content.Context
import android.os.Build
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.LifecycleOwner
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeoutOrNull
import org.vidimus.android.LockGate
import org.vidimus.android.LockResult
import org.vidimus.android.LockWords
import org.vidimus.app.LockOutcome
import org.vidimus.app.Place
import org.vidimus.app.UnlockReason
import org.vidimus.reader.leaveFor
import org.vidimus.reader.texts
import org.vidimus.shell.Phone
import org.vidimus.shell.Word
import java.lang.ref.WeakReference
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * This phone, as the driver's app uses it. It outlives activities: one that is turned round comes
 * back as another object, which [is in front][inFront] then.
 */
internal class AndroidPhone(
    private val context: Context,
    private val state: SavedState,
) : Phone {
    private var activity = WeakReference<Activity>(null)

    override val hasLock: Boolean get() = context.getSystemService(KeyguardManager::class.java).isDeviceSecure

    /** Whose window the lock's dialog appears over. */
    fun inFront(activity: Activity) {
        this.activity = WeakReference(activity)
    }

    override suspend fun unlock(reason: UnlockReason): LockOutcome {
        // No window is in front to ask over.
        val front = activity.get() ?: return LockOutcome.CANCELLED
        return when (LockGate(front).pass(front.lockWords(reason))) {
            LockResult.OPENED -> if (isSeenAgain()) LockOutcome.OPENED else LockOutcome.CANCELLED
            LockResult.CANCELLED -> LockOutcome.CANCELLED
            LockResult.FAILED -> LockOutcome.FAILED
            LockResult.NO_LOCK -> LockOutcome.NO_LOCK
        }
    }

    override fun leave(to: Place) {
        val from = activity.get() ?: context
        if (to == Place.CHECK) from.openCheck() else from.leaveFor(to, context.getString(R.string.authority_page))
    }

    override suspend fun browse(address: String): Boolean = (activity.get() ?: context).openInBrowser(address)

    override suspend fun keep(saved: ByteArray?): Unit = state.keep(saved)

    /** The driver has closed the app: what was kept of it goes, and nothing more is kept. */
    fun forget(): Unit = state.end()

    /**
     * Waits, and no more. Android suspends no app that is seen. One that is out of sight goes on
     * for some seconds at least, then its process may be frozen or ended: what was begun goes on
     * when the driver comes back, and an enrollment that was cut off is taken up again with the
     * same code.
     */
    override suspend fun stayAwake() {
        awaitCancellation()
    }

    /**
     * Before Android 11 a page of the system's covers ours while it asks: nothing is shown until
     * ours is back.
     */
    private suspend fun isSeenAgain(): Boolean {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) return true
        val seen =
            withTimeoutOrNull(LONGEST_WAY_BACK) {
                // The page may have been turned, and ours been made anew: each time it is the one
                // that is in front now.
                while (!isStarted) delay(LOOKS_EVERY)
            }
        return seen != null
    }

    private val isStarted: Boolean
        get() {
            val owner = activity.get() as? LifecycleOwner
            return owner != null && owner.lifecycle.currentState.isAtLeast(Lifecycle.State.STARTED)
        }

    private companion object {
        val LONGEST_WAY_BACK = 5.seconds
        val LOOKS_EVERY = 50.milliseconds
    }
}

/** What the lock's dialog says. */
internal fun Context.lockWords(reason: UnlockReason): LockWords {
    val texts = texts()
    val why =
        when (reason) {
            UnlockReason.SHOWING -> Word.SHOW_UNLOCKING
            UnlockReason.REMOVING -> Word.SETTINGS_REMOVE_TITLE
        }
    return LockWords(title = texts[Word.APP_NAME], explanation = texts[why])
}
