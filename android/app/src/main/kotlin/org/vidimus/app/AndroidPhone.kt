package org.vidimus.app

import android.app.Activity
import android.app.KeyguardManager
import android.content.Context
import android.os.Build
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.LifecycleOwner
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import org.vidimus.DeviceException
import org.vidimus.VaultProblem
import org.vidimus.Wallet
import org.vidimus.WalletException
import org.vidimus.android.AndroidKeyStore
import org.vidimus.android.LockGate
import org.vidimus.android.LockResult
import org.vidimus.android.LockWords
import org.vidimus.android.SleepAwareClock
import org.vidimus.android.WalletHome
import org.vidimus.models.Language
import org.vidimus.models.LockOutcome
import org.vidimus.models.Notice
import org.vidimus.models.Phone
import org.vidimus.models.SHIPPED_NOTICES
import org.vidimus.models.Texts
import org.vidimus.models.Word
import java.lang.ref.WeakReference
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/**
 * This phone, as the models see it. It outlives activities: one that is turned round comes back as another object, which
 * [stands in front][inFront] then.
 */
internal class AndroidPhone(
    private val context: Context,
    private val home: WalletHome,
    private val authority: () -> Authority,
) : Phone {
    private var activity = WeakReference<Activity>(null)

    /** Why the lock is asked, as its dialog says it. */
    var reason: () -> Word = { Word.SHOW_UNLOCKING }

    override val elapsed: TimeSource.WithComparableMarks get() = SleepAwareClock

    override val hasLock: Boolean get() = context.getSystemService(KeyguardManager::class.java).isDeviceSecure

    override val version: String
        get() = context.packageManager.getPackageInfo(context.packageName, 0).versionName.orEmpty()

    override val notices: List<Notice> get() = SHIPPED_NOTICES

    /** Whose window the lock's dialog appears over. */
    fun inFront(activity: Activity) {
        this.activity = WeakReference(activity)
    }

    override suspend fun openWallet(): Wallet =
        try {
            openOrMake()
        } catch (failure: WalletException.KeyStore) {
            // It fails for ever then: the driver is to be offered a new beginning, not another attempt.
            throw if (isAnchorDamaged()) WalletException.Vault(VaultProblem.DAMAGED) else failure
        }

    private suspend fun openOrMake(): Wallet =
        try {
            home.open()
        } catch (failure: WalletException.Vault) {
            // Made as where there never was one; the wallet knows, and says it.
            if (failure.reason != VaultProblem.NOT_FOUND && failure.reason != VaultProblem.HAD_BEFORE) throw failure
            val authority = authority()
            home.create(authority.rootKey, authority.address)
        }

    private suspend fun isAnchorDamaged(): Boolean =
        withContext(Dispatchers.IO) {
            try {
                (home.keys as? AndroidKeyStore)?.isAnchorDamaged() == true
            } catch (_: DeviceException) {
                false
            }
        }

    /** A worker may have borrowed it. */
    override fun releaseWallet(wallet: Wallet) = home.release()

    override suspend fun setWalletAside() {
        home.setAside()
    }

    override suspend fun unlock(): LockOutcome {
        // Nobody is there who could be asked.
        val front = activity.get() ?: return LockOutcome.CANCELLED
        return when (LockGate(front).pass(front.lockWords())) {
            LockResult.OPENED -> if (isSeenAgain()) LockOutcome.OPENED else LockOutcome.CANCELLED
            LockResult.CANCELLED -> LockOutcome.CANCELLED
            LockResult.FAILED -> LockOutcome.FAILED
            LockResult.NO_LOCK -> LockOutcome.NO_LOCK
        }
    }

    /** Before Android 11 a page of the system's covers ours while it asks: nothing is shown until ours is back. */
    private suspend fun isSeenAgain(): Boolean {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) return true
        val seen =
            withTimeoutOrNull(LONGEST_WAY_BACK) {
                // The page may have been turned, and ours been made anew: each time it is the one that is in front now.
                while (!isStarted) delay(LOOKS_EVERY)
            }
        return seen != null
    }

    private val isStarted: Boolean
        get() {
            val owner = activity.get() as? LifecycleOwner
            return owner != null && owner.lifecycle.currentState.isAtLeast(Lifecycle.State.STARTED)
        }

    private fun Context.lockWords(): LockWords {
        val texts = texts()
        return LockWords(title = texts[Word.APP_NAME], explanation = texts[reason()])
    }

    private companion object {
        val LONGEST_WAY_BACK = 5.seconds
        val LOOKS_EVERY = 50.milliseconds
    }
}

/** What the app says, in the language that the driver has chosen for it or for the phone. */
internal fun Context.texts(): Texts = Texts(Language.of(resources.configuration.locales[0].toLanguageTag()))
