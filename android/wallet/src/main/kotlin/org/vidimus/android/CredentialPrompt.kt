package org.vidimus.android

import android.app.Activity
import android.app.KeyguardManager
import android.content.Context
import android.content.Intent
import android.hardware.biometrics.BiometricPrompt
import android.os.Bundle
import kotlinx.coroutines.CompletableDeferred
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger

/**
 * Asks for PIN, pattern or password, on Android 8 to 10: the system's page, by way of
 * [CredentialActivity].
 */
internal class CredentialPrompt(
    private val context: Context,
) : LockPrompt {
    override suspend fun ask(words: LockWords): PromptEnd {
        val number = CredentialActivity.NUMBERS.incrementAndGet()
        val end = CompletableDeferred<PromptEnd>()
        CredentialActivity.WAITING[number] = end
        try {
            val ask =
                Intent(context, CredentialActivity::class.java)
                    .putExtra(CredentialActivity.NUMBER, number)
                    .putExtra(CredentialActivity.TITLE, words.title)
                    .putExtra(CredentialActivity.EXPLANATION, words.explanation)
            context.startActivity(ask)
            return end.await()
        } finally {
            CredentialActivity.WAITING.remove(number)
            CredentialActivity.OPEN[number]?.finish()
        }
    }
}

/**
 * Has no page: it starts the system's page and takes the answer, so that an app's activity need
 * not. Not exported.
 *
 * @suppress
 */
public class CredentialActivity : Activity() {
    private val number get() = intent.getIntExtra(NUMBER, 0)

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        OPEN[number] = this
        // Made anew, after a turn of the screen: the page is there already.
        if (savedInstanceState != null) return
        val title = intent.getStringExtra(TITLE)
        val explanation = intent.getStringExtra(EXPLANATION)

        // From Android 11 on there is a better way, which is the one taken there.
        @Suppress("DEPRECATION")
        val page = getSystemService(KeyguardManager::class.java).createConfirmDeviceCredentialIntent(title, explanation)
        if (page == null || !WAITING.containsKey(number)) {
            // Without a page there is no lock; and no one waits where the asking was cancelled
            // meanwhile.
            end(PromptEnd.Error(BiometricPrompt.BIOMETRIC_ERROR_NO_DEVICE_CREDENTIAL))
        } else {
            @Suppress("DEPRECATION")
            startActivityForResult(page, ASKS)
        }
    }

    @Deprecated("The framework's own way, which needs no androidx.activity.")
    override fun onActivityResult(
        requestCode: Int,
        resultCode: Int,
        data: Intent?,
    ) {
        val opened = requestCode == ASKS && resultCode == RESULT_OK
        end(if (opened) PromptEnd.Succeeded else PromptEnd.Error(BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED))
    }

    override fun onDestroy() {
        OPEN.remove(number, this)
        // The page is gone, by whose hand does not matter: no caller must wait for it any longer.
        if (isFinishing) end(PromptEnd.Error(BiometricPrompt.BIOMETRIC_ERROR_CANCELED))
        super.onDestroy()
    }

    private fun end(how: PromptEnd) {
        WAITING[number]?.complete(how)
        finish()
    }

    internal companion object {
        const val NUMBER = "number"
        const val TITLE = "title"
        const val EXPLANATION = "explanation"
        private const val ASKS = 1

        val NUMBERS = AtomicInteger()
        val WAITING = ConcurrentHashMap<Int, CompletableDeferred<PromptEnd>>()
        val OPEN = ConcurrentHashMap<Int, Activity>()
    }
}
