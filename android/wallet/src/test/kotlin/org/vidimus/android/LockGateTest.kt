package org.vidimus.android

import android.app.Activity
import android.app.KeyguardManager
import android.content.Intent
import android.hardware.biometrics.BiometricPrompt
import android.os.Build
import android.os.Looper
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.runTest
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.util.ReflectionHelpers
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** The phone's lock before a presentation. */
@RunWith(RobolectricTestRunner::class)
@OptIn(ExperimentalCoroutinesApi::class)
class LockGateTest {
    private val words = LockWords("Show the license", "So that nobody else does.")

    @Test
    fun `each end of the dialog has its meaning`() {
        val meanings =
            mapOf(
                PromptEnd.Succeeded to LockResult.OPENED,
                error(BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED) to LockResult.CANCELLED,
                error(BiometricPrompt.BIOMETRIC_ERROR_CANCELED) to LockResult.CANCELLED,
                error(BiometricPrompt.BIOMETRIC_ERROR_NO_DEVICE_CREDENTIAL) to LockResult.NO_LOCK,
                error(BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT) to LockResult.FAILED,
                error(BiometricPrompt.BIOMETRIC_ERROR_LOCKOUT_PERMANENT) to LockResult.FAILED,
                error(BiometricPrompt.BIOMETRIC_ERROR_TIMEOUT) to LockResult.FAILED,
                error(BiometricPrompt.BIOMETRIC_ERROR_HW_UNAVAILABLE) to LockResult.FAILED,
                error(-1) to LockResult.FAILED,
            )
        for ((end, result) in meanings) {
            val gate = LockGate(isSecure = { true }) { end }
            assertEquals(result, runBlocking { gate.pass(words) }, "$end")
        }
    }

    @Test
    fun `a phone without a lock is not asked, and one that gets a lock is`() {
        var asked = 0
        var secure = false
        val gate =
            LockGate(isSecure = { secure }) {
                asked++
                PromptEnd.Succeeded
            }
        assertEquals(LockResult.NO_LOCK, runBlocking { gate.pass(words) })
        assertEquals(0, asked)
        secure = true
        assertEquals(LockResult.OPENED, runBlocking { gate.pass(words) })
        assertEquals(1, asked)
    }

    @Test
    fun `there is one dialog at a time, and none after a cancellation`() =
        runTest(UnconfinedTestDispatcher()) {
            var shown = 0
            val first = CompletableDeferred<PromptEnd>()
            val gate =
                LockGate(isSecure = { true }) {
                    shown++
                    try {
                        first.await()
                    } finally {
                        shown--
                    }
                }
            val one = async { gate.pass(words) }
            val two = async { gate.pass(words) }
            assertEquals(1, shown)
            one.cancel()
            assertEquals(1, shown, "the second has its turn")
            first.complete(PromptEnd.Succeeded)
            assertEquals(LockResult.OPENED, two.await())
            assertEquals(0, shown)
        }

    @Test
    fun `whether there is a lock is what the phone says`() {
        val activity = Robolectric.buildActivity(Activity::class.java).setup().get()
        val gate = LockGate(activity)
        assertEquals(LockResult.NO_LOCK, runBlocking { gate.pass(words) })
        shadowOf(activity.getSystemService(KeyguardManager::class.java)).setIsDeviceSecure(true)
        val asking = runTestUntilIdle { gate.pass(words) }
        assertTrue(asking.isActive, "nothing was asked")
        asking.cancel()
    }

    @Test
    fun `on Android 8 to 10 the system's page is asked, and its answer comes back`() {
        val (activity, prompt) = page()
        for ((result, end) in mapOf(
            Activity.RESULT_OK to PromptEnd.Succeeded,
            Activity.RESULT_CANCELED to error(BiometricPrompt.BIOMETRIC_ERROR_USER_CANCELED),
        )) {
            val asking = start { prompt.ask(words) }
            val started = shadowOf(activity).nextStartedActivity
            assertEquals(CredentialActivity::class.java.name, started.component?.className)
            val controller = Robolectric.buildActivity(CredentialActivity::class.java, started).setup()
            val asked = shadowOf(controller.get()).nextStartedActivityForResult
            shadowOf(controller.get()).receiveResult(asked.intent, result, null)
            assertTrue(controller.get().isFinishing)
            assertEquals(end, runBlocking { asking.await() })
        }
    }

    @Test
    fun `a page that goes away without an answer is a cancellation, and a cancellation takes the page away`() {
        val (activity, prompt) = page()
        val left = start { prompt.ask(words) }
        val controller = Robolectric.buildActivity(CredentialActivity::class.java, shadowOf(activity).nextStartedActivity).setup()
        controller.get().finish()
        controller.destroy()
        assertEquals(error(BiometricPrompt.BIOMETRIC_ERROR_CANCELED), runBlocking { left.await() })

        val cancelled = start { prompt.ask(words) }
        val second = Robolectric.buildActivity(CredentialActivity::class.java, shadowOf(activity).nextStartedActivity).setup()
        assertFalse(second.get().isFinishing)
        cancelled.cancel()
        assertTrue(second.get().isFinishing)
    }

    @Test
    fun `a page that nobody waits for asks nothing`() {
        page()
        val stray = Intent(RuntimeEnvironment.getApplication(), CredentialActivity::class.java)
        val controller = Robolectric.buildActivity(CredentialActivity::class.java, stray).setup()
        assertTrue(controller.get().isFinishing)
        assertNull(shadowOf(controller.get()).nextStartedActivityForResult)
    }

    @Test
    fun `the dialog of the framework is asked from Android 11 on, the page before`() {
        val activity = Robolectric.buildActivity(Activity::class.java).setup().get()
        val now = Build.VERSION.SDK_INT
        try {
            for (old in Build.VERSION_CODES.O..Build.VERSION_CODES.Q) {
                ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", old)
                assertIs<CredentialPrompt>(systemPrompt(activity), "$old")
            }
            ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", Build.VERSION_CODES.R)
            assertIs<BiometricLockPrompt>(systemPrompt(activity))
        } finally {
            ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", now)
        }
    }

    private fun page(): Pair<Activity, CredentialPrompt> {
        val activity = Robolectric.buildActivity(Activity::class.java).setup().get()
        shadowOf(activity.getSystemService(KeyguardManager::class.java)).setIsDeviceSecure(true)
        return activity to CredentialPrompt(activity)
    }

    private fun error(code: Int) = PromptEnd.Error(code)

    private fun <T> start(block: suspend () -> T) = CoroutineScope(Dispatchers.Unconfined).async(start = CoroutineStart.UNDISPATCHED) { block() }

    private fun <T> runTestUntilIdle(block: suspend () -> T) = start(block).also { shadowOf(Looper.getMainLooper()).idle() }
}
