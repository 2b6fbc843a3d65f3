package org.vidimus.android

import android.app.Activity
import android.content.Context
import android.hardware.biometrics.BiometricManager.Authenticators
import android.hardware.biometrics.BiometricPrompt
import android.os.Build
import android.os.CancellationSignal
import androidx.annotation.RequiresApi
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlin.coroutines.resume

/**
 * The dialog of this version of Android. The framework's own one, because androidx.biometric brings
 * AppCompat and fragments along and wants the app's activity to be of its kind.
 */
internal fun systemPrompt(activity: Activity): LockPrompt =
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
        BiometricLockPrompt(activity)
    } else {
        // That of Android 10 asks for no PIN where the phone has no biometric hardware; that of 9
        // knows none.
        CredentialPrompt(activity)
    }

/** What the end of a dialog means to an app. */
internal val PromptEnd.result: LockResult
    get() =
        when (this) {
            PromptEnd.Succeeded -> {
                LockResult.OPENED
            }

            is PromptEnd.Error -> {
                when (code) {
                    BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED,
                    BiometricPrompt.BIOMETRIC_ERROR_CANCELED,
                    -> LockResult.CANCELLED

                    // The lock was removed while the dialog came up.
                    BiometricPrompt.BIOMETRIC_ERROR_NO_DEVICE_CREDENTIAL -> LockResult.NO_LOCK

                    else -> LockResult.FAILED
                }
            }
        }

@RequiresApi(Build.VERSION_CODES.R)
internal class BiometricLockPrompt(
    private val context: Context,
) : LockPrompt {
    override suspend fun ask(words: LockWords): PromptEnd =
        suspendCancellableCoroutine { waiting ->
            val cancel = CancellationSignal()
            waiting.invokeOnCancellation { cancel.cancel() }
            dialog(words).authenticate(
                cancel,
                context.mainExecutor,
                object : BiometricPrompt.AuthenticationCallback() {
                    override fun onAuthenticationSucceeded(result: BiometricPrompt.AuthenticationResult) =
                        end(PromptEnd.Succeeded)

                    // An unknown finger does not end it: the dialog stays and says so.
                    override fun onAuthenticationError(
                        errorCode: Int,
                        text: CharSequence?,
                    ) = end(PromptEnd.Error(errorCode))

                    private fun end(how: PromptEnd) {
                        if (waiting.isActive) waiting.resume(how)
                    }
                },
            )
        }

    private fun dialog(words: LockWords): BiometricPrompt {
        val builder = BiometricPrompt.Builder(context).setTitle(words.title)
        if (words.explanation.isNotEmpty()) builder.setDescription(words.explanation)
        // All that unlocks the phone.
        builder.setAllowedAuthenticators(Authenticators.BIOMETRIC_WEAK or Authenticators.DEVICE_CREDENTIAL)
        return builder.build()
    }
}
