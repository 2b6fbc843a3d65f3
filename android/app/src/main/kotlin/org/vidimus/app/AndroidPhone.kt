package org.vidimus.app

import android.app.Activity
import android.app.KeyguardManager
import android.content.Context
import org.vidimus.VaultProblem
import org.vidimus.Wallet
import org.vidimus.WalletException
import org.vidimus.android.LockGate
import org.vidimus.android.LockResult
import org.vidimus.android.LockWords
import org.vidimus.android.SleepAwareClock
import org.vidimus.android.WalletHome
import org.vidimus.models.Language
import org.vidimus.models.LockOutcome
import org.vidimus.models.Notice
import org.vidimus.models.Phone
import org.vidimus.models.Texts
import org.vidimus.models.Word
import java.lang.ref.WeakReference
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

    override val elapsed: TimeSource.WithComparableMarks get() = SleepAwareClock

    override val hasLock: Boolean get() = context.getSystemService(KeyguardManager::class.java).isDeviceSecure

    override val version: String
        get() = context.packageManager.getPackageInfo(context.packageName, 0).versionName.orEmpty()

    override val notices: List<Notice> get() = NOTICES

    /** Whose window the lock's dialog appears over. */
    fun inFront(activity: Activity) {
        this.activity = WeakReference(activity)
    }

    override suspend fun openWallet(): Wallet =
        try {
            home.open()
        } catch (failure: WalletException.Vault) {
            if (failure.reason != VaultProblem.NOT_FOUND) throw failure
            val authority = authority()
            home.create(authority.rootKey, authority.address)
        }

    override suspend fun setWalletAside() {
        home.setAside()
    }

    override suspend fun unlock(): LockOutcome {
        // Nobody is there who could be asked.
        val front = activity.get() ?: return LockOutcome.CANCELLED
        return when (LockGate(front).pass(front.lockWords())) {
            LockResult.OPENED -> LockOutcome.OPENED
            LockResult.CANCELLED -> LockOutcome.CANCELLED
            LockResult.FAILED -> LockOutcome.FAILED
            LockResult.NO_LOCK -> LockOutcome.NO_LOCK
        }
    }

    private fun Context.lockWords(): LockWords {
        val texts = texts()
        return LockWords(title = texts[Word.APP_NAME], explanation = texts[Word.SHOW_UNLOCKING])
    }
}

/** What the app says, in the language that the driver has chosen for it or for the phone. */
internal fun Context.texts(): Texts = Texts(Language.of(resources.configuration.locales[0].toLanguageTag()))
