package org.vidimus.app

import android.content.ComponentName
import android.content.Intent
import android.content.IntentFilter
import android.net.Uri
import android.os.Build
import android.os.Looper
import android.provider.Settings
import android.view.WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_FULL
import android.view.WindowManager.LayoutParams.FLAG_KEEP_SCREEN_ON
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import androidx.activity.compose.setContent
import androidx.compose.runtime.BroadcastFrameClock
import androidx.compose.runtime.Recomposer
import androidx.compose.runtime.snapshots.Snapshot
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import org.junit.After
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.GraphicsMode
import org.robolectric.util.ReflectionHelpers
import org.vidimus.app.support.AppForTests
import org.vidimus.app.support.DriverForTests
import org.vidimus.app.support.Samples
import org.vidimus.models.ScanPurpose
import org.vidimus.models.ScanState
import org.vidimus.models.Screen
import org.vidimus.models.TroubleAction
import org.vidimus.models.WelcomeState
import org.vidimus.screens.Host
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** What the window does for the screens, and what reaches the driver from outside. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
internal class MainActivityTest {
    private val app: AppForTests get() = RuntimeEnvironment.getApplication() as AppForTests
    private val driver: DriverForTests get() = app.driver
    private val sdk = Build.VERSION.SDK_INT
    private var controller: ActivityController<MainActivity>? = null

    @After
    fun close() {
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", sdk)
        controller?.close()
    }

    @Test
    fun `what is personal cannot be photographed, and everything else can`() {
        val activity = open().get()
        for ((screen, secret) in mapOf(
            Samples.welcome to false,
            Screen.Welcome(WelcomeState(text = "an offer")) to true,
            Screen.Scan(ScanState(ScanPurpose.OFFER)) to true,
            Samples.license to true,
            Samples.live to true,
            Samples.over to true,
            Samples.blocked to false,
            Samples.offer to true,
            Screen.Opening to false,
        )) {
            show(screen)
            assertEquals(secret, activity.has(FLAG_SECURE), screen.code)
        }
    }

    @Test
    fun `light is full and the screen stays on while a code is there, and no longer`() {
        val activity = open().get()
        show(Samples.license)
        val usual = activity.window.attributes.screenBrightness
        assertFalse(activity.has(FLAG_KEEP_SCREEN_ON))

        show(Samples.unlocking)
        assertEquals(usual, activity.window.attributes.screenBrightness)

        show(Samples.live)
        assertEquals(BRIGHTNESS_OVERRIDE_FULL, activity.window.attributes.screenBrightness)
        assertTrue(activity.has(FLAG_KEEP_SCREEN_ON))

        show(Samples.over)
        assertEquals(usual, activity.window.attributes.screenBrightness)
        assertFalse(activity.has(FLAG_KEEP_SCREEN_ON))
    }

    @Test
    fun `leaving the screen ends the showing and rests the model, coming back wakes it`() {
        val controller = open()
        show(Samples.live)
        assertTrue(driver.isInForeground)

        controller.pause().stop()
        idle()
        assertEquals(listOf("left"), driver.done)
        assertFalse(driver.isInForeground)

        controller.restart().resume()
        idle()
        assertTrue(driver.isInForeground)
    }

    @Test
    fun `the page that asks for the PIN before Android 11 does not end what waits for it`() {
        val controller = open()
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", Build.VERSION_CODES.Q)
        show(Samples.unlocking)
        controller.pause().stop()
        assertEquals(emptyList(), driver.done)

        controller.restart().resume()
        show(Samples.live)
        controller.pause().stop()
        assertEquals(listOf("left"), driver.done)
    }

    @Test
    fun `turning the phone ends nothing`() {
        val controller = open()
        show(Samples.live)
        controller.recreate()
        idle()
        assertEquals(emptyList(), driver.done)
        assertTrue(controller.get().has(FLAG_SECURE))
    }

    @Test
    fun `the link of an offer is read once, and another one when it comes`() {
        val first = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Flicenses.example%2F1"
        val controller = open(view(first))
        assertEquals(listOf("scanned $first"), driver.done)

        controller.recreate()
        controller.newIntent(view(first + "2"))
        assertEquals(listOf("scanned $first", "scanned ${first}2"), driver.done)
    }

    @Test
    fun `nothing else that arrives is read`() {
        open(view("https://licenses.example/offer"))
        controller?.newIntent(view("openid-credential-offer://" + "x".repeat(20_000)))
        controller?.newIntent(Intent(Intent.ACTION_SEND, Uri.parse("openid-credential-offer://x")))
        assertEquals(emptyList(), driver.done)
    }

    @Test
    fun `a link that the list of recent apps gives once more is not read`() {
        val link = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Flicenses.example%2F1"
        open(view(link).addFlags(Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY))
        assertEquals(emptyList(), driver.done)
    }

    @Test
    fun `what is set for the whole phone while the app is away holds when it is back`() {
        val controller = open()
        val hosts = mutableListOf<Host>()
        composing { recomposer, compose ->
            controller.get().setContent(recomposer) { hosts += rememberHost() }
            compose()
            assertTrue(hosts.last().reduceMotion)

            controller.pause()
            app.setAnimations(1f)
            controller.resume()
            compose()
            assertFalse(hosts.last().reduceMotion)

            controller.pause()
            app.setAnimations(0f)
            controller.resume()
            compose()
            assertTrue(hosts.last().reduceMotion)
        }
    }

    @Test
    fun `a finger that is led by what another app draws over the window touches nothing`() {
        assertTrue(open().get().window.decorView.filterTouchesWhenObscured)
    }

    @Test
    fun `going back goes to the screen before, and from the first one out of the app`() {
        val activity = open().get()
        show(Samples.offer)
        activity.onBackPressedDispatcher.onBackPressed()
        assertEquals(listOf("back"), driver.done)
        assertFalse(activity.isFinishing)

        show(Samples.license)
        activity.onBackPressedDispatcher.onBackPressed()
        assertEquals(listOf("back"), driver.done)
        assertTrue(activity.isFinishing)
    }

    @Test
    fun `a trouble that the system can cure opens the system's page`() {
        val activity = open().get()
        for ((action, page) in mapOf(
            TroubleAction.SET_CLOCK to Settings.ACTION_DATE_SETTINGS,
            TroubleAction.FREE_STORAGE to Settings.ACTION_INTERNAL_STORAGE_SETTINGS,
            TroubleAction.UPDATE_APP to Intent.ACTION_VIEW,
        )) {
            driver.leaveFor(action)
            idle()
            assertEquals(page, shadowOf(activity).nextStartedActivity.action)
        }
    }

    @Test
    fun `who is to ask the authority gets to its page`() {
        val activity = open().get()
        driver.leaveFor(TroubleAction.ASK_AUTHORITY)
        idle()
        val page = shadowOf(activity).nextStartedActivity
        assertEquals(Intent.ACTION_VIEW to "https://licenses.example/help", page.action to page.dataString)
    }

    @Test
    fun `every trouble that is cured outside of the app has a page, and none of them is read in clear`() {
        fun pages(
            action: TroubleAction,
            authorityPage: String = "https://licenses.example/help",
        ) = action.pages("org.vidimus.app", authorityPage)
        val within = setOf(TroubleAction.RETRY, TroubleAction.REFRESH, TroubleAction.BEGIN_ANEW, TroubleAction.UNLOCK)
        for (action in TroubleAction.entries) assertEquals(action in within, pages(action).isEmpty(), "$action")
        assertEquals(emptyList(), pages(TroubleAction.ASK_AUTHORITY, "http://licenses.example/help"))
    }

    @Test
    fun `a phone without a store shows in a browser where the app is to be had`() {
        val activity = open().get()
        // As on a phone, what nobody takes cannot be started then.
        shadowOf(app).checkActivities(true)
        val browser = ComponentName("org.example.browser", "Browser")
        val packages = shadowOf(activity.packageManager)
        packages.addActivityIfNotPresent(browser)
        packages.addIntentFilterForActivity(
            browser,
            IntentFilter(Intent.ACTION_VIEW).apply {
                addDataScheme("https")
                addCategory(Intent.CATEGORY_DEFAULT)
            },
        )
        driver.leaveFor(TroubleAction.UPDATE_APP)
        idle()
        assertEquals("https", shadowOf(activity).nextStartedActivity?.scheme)
    }

    private fun open(intent: Intent = Intent(Intent.ACTION_MAIN)): ActivityController<MainActivity> =
        Robolectric.buildActivity(MainActivity::class.java, intent).also {
            controller = it
            it.setup()
            idle()
        }

    private fun show(screen: Screen) {
        driver.screen.value = screen
        idle()
    }

    private fun idle() = shadowOf(Looper.getMainLooper()).idle()

    /** Composes when it is told to: Android's composer is the process's, and an earlier test may have stopped it. */
    private fun composing(test: (Recomposer, compose: () -> Unit) -> Unit) {
        val clock = BroadcastFrameClock()
        val scope = CoroutineScope(Dispatchers.Unconfined + clock)
        val recomposer = Recomposer(scope.coroutineContext)
        scope.launch { recomposer.runRecomposeAndApplyChanges() }
        try {
            test(recomposer) {
                Snapshot.sendApplyNotifications()
                idle()
                clock.sendFrame(System.nanoTime())
            }
        } finally {
            recomposer.cancel()
            scope.cancel()
        }
    }

    private fun view(link: String) = Intent(Intent.ACTION_VIEW, Uri.parse(link))

    private fun MainActivity.has(flag: Int) = window.attributes.flags and flag != 0
}
