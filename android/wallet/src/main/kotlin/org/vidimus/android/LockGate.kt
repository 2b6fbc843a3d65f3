package org.vidimus.android

import android.app.Activity
import android.app.KeyguardManager
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** What came of asking for the phone's lock. */
public enum class LockResult {
    /** The driver has unlocked. */
    OPENED,

    /**
     * The driver does not want to, or something else came to the front: ask again only when asked
     * to.
     */
    CANCELLED,

    /** It did not work: too many attempts, or the sensor fails. The driver may try again. */
    FAILED,

    /**
     * The phone has no lock that would keep anybody out, so nothing was asked. Whether a license is
     * shown then is the app's decision; say to the driver that anyone who has the phone can show
     * it.
     */
    NO_LOCK,
}

/**
 * What the phone's own dialog says.
 *
 * @property title a few words, such as what will be shown
 * @property explanation one sentence why; may be empty
 */
public data class LockWords(
    val title: String,
    val explanation: String = "",
)

/**
 * Asks for the phone's lock, finger, face, PIN or pattern, before a license is shown. It proves to
 * this app that anyone who holds the phone may unlock it, and no more: the keys are not bound to
 * it, since a status is refreshed while the phone lies locked.
 */
public class LockGate internal constructor(
    private val isSecure: () -> Boolean,
    private val prompt: LockPrompt,
) {
    private val turn = Mutex()

    /** A gate in front of [activity], which must be on the screen when [pass] is called. */
    public constructor(activity: Activity) : this(
        isSecure = { activity.getSystemService(KeyguardManager::class.java).isDeviceSecure },
        prompt = systemPrompt(activity),
    )

    /**
     * Shows the system's dialog and waits for the driver, without its own limit. One dialog at a
     * time: a second call waits for the first. Cancelling the coroutine takes the dialog away.
     */
    public suspend fun pass(words: LockWords): LockResult =
        turn.withLock {
            // Looked at each time: a lock may be set, or removed, while the app lives.
            if (isSecure()) prompt.ask(words).result else LockResult.NO_LOCK
        }
}

/** How a dialog of the system ended. */
internal sealed interface PromptEnd {
    data object Succeeded : PromptEnd

    /** With a number of `BiometricPrompt`. */
    data class Error(
        val code: Int,
    ) : PromptEnd
}

/** One of the system's dialogs. */
internal fun interface LockPrompt {
    suspend fun ask(words: LockWords): PromptEnd
}
