package org.vidimus.driver

import android.Manifest
import android.app.KeyguardManager
import android.app.admin.DevicePolicyManager
import android.content.ComponentName
import android.content.Intent
import android.content.IntentFilter
import android.net.Uri
import android.os.Build
import android.os.Looper
import android.os.SystemClock
import android.provider.Settings
import android.view.InputDevice
import android.view.MotionEvent
import android.view.View
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
import org.vidimus.app.Action
import org.vidimus.app.Answer
import org.vidimus.app.Ask
import org.vidimus.app.LockOutcome
import org.vidimus.app.Pager
import org.vidimus.app.Place
import org.vidimus.app.Screen
import org.vidimus.app.UnlockReason
import org.vidimus.app.Words
import org.vidimus.driver.support.AppForTests
import org.vidimus.driver.support.Samples
import org.vidimus.reader.rememberHost
import org.vidimus.reader.texts
import org.vidimus.screens.Host
import org.vidimus.shell.Word
import org.vidimus.shell.support.StandInCore
import java.time.Duration
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertSame
import kotlin.test.assertTrue

/** What the window does for the screens, and what reaches the driver from outside. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
internal class MainActivityTest {
    private val app: AppForTests get() = RuntimeEnvironment.getApplication() as AppForTests
    private val driver: StandInCore get() = app.core
    private val heard: List<Action> get() = driver.heard
    private val links: List<String> get() = heard.filterIsInstance<Action.Link>().map { it.text }
    private val unlock = Ask.Unlock(UnlockReason.SHOWING)
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
        for (personal in listOf(false, true, false, true)) {
            show(Samples.license, isPersonal = personal)
            assertEquals(personal, activity.has(FLAG_SECURE))
        }
        // The core says what is personal, and nothing here does.
        show(Samples.welcome, isPersonal = true)
        assertTrue(activity.has(FLAG_SECURE))
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
    fun `leaving the screen is told, and so is coming back, with the lock that is there then`() {
        val controller = open()
        show(Samples.live)
        controller.pause().stop()
        setLock()
        controller.restart().resume()
        idle()
        assertEquals(listOf(Action.Seen(false), Action.Left, Action.Seen(true)), heard)
    }

    @Test
    fun `the page that asks for the PIN before Android 11 does not end what waits for it`() {
        val controller = open()
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", Build.VERSION_CODES.Q)
        show(Samples.unlocking, 1 to unlock)
        controller.pause().stop()
        idle()
        assertFalse(Action.Left in heard)

        controller.restart().resume()
        show(Samples.live)
        controller.pause().stop()
        assertEquals(Action.Left, heard.last())
    }

    @Test
    fun `who goes away from that page has left the app as soon as nothing waits for it`() {
        val controller = open()
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", Build.VERSION_CODES.Q)
        show(Samples.unlocking, 1 to unlock)
        controller.pause().stop()
        show(Samples.license)
        show(Samples.license)
        assertEquals(1, heard.count { it == Action.Left })
    }

    @Test
    fun `since Android 11 leaving while the lock is asked is leaving`() {
        val controller = open()
        show(Samples.unlocking, 1 to unlock)
        controller.pause().stop()
        assertEquals(Action.Left, heard.last())
    }

    @Test
    fun `the phone's dialog is asked once, though the window is turned, and a phone without a lock says so`() {
        val controller = open()
        show(Samples.unlocking, 7 to unlock)
        assertEquals(done(7, Answer.Lock(LockOutcome.NO_LOCK)), heard.last())
        controller.recreate()
        show(Samples.unlocking, 7 to unlock)
        assertEquals(1, heard.count { it is Action.Done })
    }

    @Test
    fun `the lock's dialog says why it is asked`() {
        val activity = open().get()
        val texts = activity.texts()
        val words = UnlockReason.entries.associateWith { activity.lockWords(it) }
        assertEquals(setOf(texts[Word.APP_NAME]), words.values.map { it.title }.toSet())
        assertEquals(texts[Word.SHOW_UNLOCKING], words.getValue(UnlockReason.SHOWING).explanation)
        assertEquals(texts[Word.SETTINGS_REMOVE_TITLE], words.getValue(UnlockReason.REMOVING).explanation)
    }

    @Test
    fun `turning the phone ends nothing, and the same app goes on`() {
        val controller = open()
        show(Samples.live, isPersonal = true)
        val shell = controller.get().shell
        controller.recreate()
        idle()
        assertSame(shell, controller.get().shell)
        assertFalse(Action.Left in heard)
        assertFalse(driver.isClosed)
        assertTrue(controller.get().has(FLAG_SECURE))
    }

    @Test
    fun `an activity that is finished ends its app`() {
        val controller = open()
        val core = driver
        controller.pause().stop().destroy()
        this.controller = null
        assertTrue(core.isClosed)
    }

    @Test
    fun `the link of an offer is read once, and another one when it comes`() {
        val first = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Flicenses.example%2F1"
        val controller = open(view(first))
        assertEquals(listOf(first), links)

        controller.recreate()
        controller.newIntent(view(first + "2"))
        assertEquals(listOf(first, first + "2"), links)
    }

    @Test
    fun `a link of the authority's host is read, as an offer or as an officer's question`() {
        val controller = open(view("https://licenses.example/offers/abc"))
        controller.newIntent(view("https://licenses.example/answer#DLQ1:AB"))
        val offer = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Flicenses.example%2Foffers%2Fabc"
        assertEquals(listOf(offer, "DLQ1:AB"), links)
    }

    @Test
    fun `nothing else that arrives is read`() {
        open(view("https://licenses.example/offer"))
        controller?.newIntent(view("https://other.example/offers/abc"))
        controller?.newIntent(view("openid-credential-offer://" + "x".repeat(20_000)))
        controller?.newIntent(Intent(Intent.ACTION_SEND, Uri.parse("openid-credential-offer://x")))
        assertEquals(emptyList(), links)
    }

    @Test
    fun `a link that the list of recent apps gives once more is not read`() {
        val link = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Flicenses.example%2F1"
        open(view(link).addFlags(Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY))
        assertEquals(emptyList(), links)
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
    fun `a window that lies over this one is said, until it is gone`() {
        val activity = open().get()
        show(Samples.license)
        for (flag in listOf(MotionEvent.FLAG_WINDOW_IS_OBSCURED, MotionEvent.FLAG_WINDOW_IS_PARTIALLY_OBSCURED)) {
            touch(activity, 0)
            assertFalse(activity.isDrawnOver)
            touch(activity, flag)
            assertTrue(activity.isDrawnOver)
        }
        touch(activity, 0)
        assertFalse(activity.isDrawnOver)
    }

    @Test
    fun `who has a license is asked once whether the app may notify`() {
        shadowOf(app).denyPermissions(Manifest.permission.POST_NOTIFICATIONS)
        val controller = open()
        val activity = shadowOf(controller.get())
        show(Samples.welcome)
        assertNull(activity.lastRequestedPermission)
        show(Samples.license)
        assertEquals(listOf(Manifest.permission.POST_NOTIFICATIONS), activity.lastRequestedPermission.requestedPermissions.toList())

        controller.close()
        val again = open()
        show(Samples.license)
        assertNull(shadowOf(again.get()).lastRequestedPermission)
    }

    @Test
    fun `a license that came while the app was out of sight has the question wait`() {
        shadowOf(app).denyPermissions(Manifest.permission.POST_NOTIFICATIONS)
        val controller = open()
        controller.pause()
        show(Samples.license)
        assertNull(shadowOf(controller.get()).lastRequestedPermission)
        controller.resume()
        assertNotNull(shadowOf(controller.get()).lastRequestedPermission)
    }

    @Test
    fun `who may be notified without a question, or has said yes, is not asked`() {
        val first = open()
        show(Samples.license)
        assertNull(shadowOf(first.get()).lastRequestedPermission)
        shadowOf(app).denyPermissions(Manifest.permission.POST_NOTIFICATIONS)
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", Build.VERSION_CODES.S)
        show(Samples.license)
        assertNull(shadowOf(first.get()).lastRequestedPermission)
    }

    @Test
    fun `what was told is seen when the app is, and planned anew when it is left`() {
        val controller = open()
        assertTrue(app.notices.isSeen)
        controller.recreate()
        assertTrue(app.notices.isSeen)
        assertEquals(0, app.plans)
        controller.pause().stop()
        assertFalse(app.notices.isSeen)
        assertEquals(1, app.plans)
    }

    @Test
    fun `a notification leads to its license`() {
        val news = Intent(LicenseNotices.ACTION).putExtra(LicenseNotices.LICENSE, "three")
        open(news)
        show(Samples.license("one", Pager(words, previous = null, next = 1u)))
        assertEquals(Action.Select(1u), heard.last())
        show(Samples.license("two", Pager(words, previous = 0u, next = 2u)))
        assertEquals(Action.Select(2u), heard.last())
        show(Samples.license("three", Pager(words, previous = 1u, next = null)))
        // It is there; the driver goes where they like.
        val before = heard.size
        show(Samples.license("two", Pager(words, previous = 0u, next = 2u)))
        assertEquals(before, heard.size)

        // The list of recent apps gives it once more.
        controller?.newIntent(Intent(news).addFlags(Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY))
        assertEquals(before, heard.size)
    }

    @Test
    fun `what is agreed to beside another app's window is not taken`() {
        val activity = open().get()
        var taken = 0
        val page =
            View(activity).apply {
                setOnTouchListener { _, event ->
                    if (event.actionMasked == MotionEvent.ACTION_DOWN) taken++
                    true
                }
            }
        activity.setContentView(page)
        val beside = MotionEvent.FLAG_WINDOW_IS_PARTIALLY_OBSCURED
        show(Samples.license)
        touch(activity, beside)
        assertEquals(1, taken, "a card may be turned")
        show(Samples.offer)
        touch(activity, beside)
        assertEquals(1, taken)
        touch(activity, 0)
        assertEquals(2, taken)
    }

    @Test
    fun `going back goes to the screen before, and from the first one out of the app`() {
        val activity = open().get()
        for (screen in listOf(Samples.offer, Samples.live, Samples.welcome(mayGoBack = true))) {
            show(screen)
            activity.onBackPressedDispatcher.onBackPressed()
            assertEquals(Action.Back, heard.last())
            assertFalse(activity.isFinishing)
        }
        val before = heard.size
        for (screen in listOf(Screen.Opening, Samples.welcome, Samples.license, Samples.blocked)) assertTrue(screen.isFirst)
        show(Samples.license)
        activity.onBackPressedDispatcher.onBackPressed()
        assertEquals(before, heard.size)
        assertTrue(activity.isFinishing)
    }

    @Test
    fun `who is led out of the app gets to the page, once, and the app hears of it`() {
        val activity = open().get()
        val pages =
            mapOf(
                Place.CLOCK to Settings.ACTION_DATE_SETTINGS,
                Place.LOCK to DevicePolicyManager.ACTION_SET_NEW_PASSWORD,
                Place.STORAGE to Settings.ACTION_INTERNAL_STORAGE_SETTINGS,
                Place.STORE to Intent.ACTION_VIEW,
                Place.AUTHORITY to Intent.ACTION_VIEW,
                Place.APP to Settings.ACTION_APPLICATION_DETAILS_SETTINGS,
                Place.LANGUAGE to Settings.ACTION_APP_LOCALE_SETTINGS,
                Place.NOTIFICATIONS to Settings.ACTION_APP_NOTIFICATION_SETTINGS,
            )
        assertEquals(Place.entries.toSet() - Place.CHECK, pages.keys)
        for ((place, page) in pages) {
            val id = place.ordinal + 1
            repeat(2) { show(Samples.license, id to Ask.Leave(place)) }
            val started = shadowOf(activity).nextStartedActivity
            assertEquals(page, started.action)
            if (place == Place.AUTHORITY) assertEquals("https://licenses.example/help", started.dataString)
            assertNull(shadowOf(activity).nextStartedActivity)
            assertEquals(done(id, Answer.Left), heard.last())
        }
    }

    @Test
    fun `who wants to check another license gets there in the same task, and once`() {
        val activity = open().get()
        repeat(2) { show(Samples.license, 1 to Ask.Leave(Place.CHECK)) }
        val started = shadowOf(activity).nextStartedActivity
        assertEquals(CheckActivity::class.java.name, started.component?.className)
        assertEquals(0, started.flags and Intent.FLAG_ACTIVITY_NEW_TASK)
        assertNull(shadowOf(activity).nextStartedActivity)
        assertEquals(done(1, Answer.Left), heard.last())
    }

    @Test
    fun `a phone without a store shows in a browser where the app is to be had`() {
        val activity = open().get()
        // As on a phone, what no one takes cannot be started then.
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
        show(Samples.license, 1 to Ask.Leave(Place.STORE))
        assertEquals("https", shadowOf(activity).nextStartedActivity?.scheme)
    }

    @Test
    fun `a library that cannot start the app leaves the opening on the screen, and it is tried again`() {
        app.fails = 1
        val activity = open().get()
        assertEquals(emptyList(), app.cores)
        assertEquals(
            Screen.Opening,
            activity.shell.updates.value.screen,
        )
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofSeconds(2))
        assertEquals(listOf<Action>(Action.Seen(false)), heard)
    }

    private fun open(intent: Intent = Intent(Intent.ACTION_MAIN)): ActivityController<MainActivity> =
        Robolectric.buildActivity(MainActivity::class.java, intent).also {
            controller = it
            it.setup()
            idle()
        }

    private fun show(
        screen: Screen,
        vararg asks: Pair<Int, Ask>,
        isPersonal: Boolean = false,
    ) {
        driver.comes(*asks, screen = screen, isPersonal = isPersonal)
        idle()
    }

    private fun touch(
        activity: MainActivity,
        flags: Int,
    ) {
        val finger = MotionEvent.PointerProperties().apply { id = 0 }
        val at =
            MotionEvent.PointerCoords().apply {
                x = 1f
                y = 1f
            }
        val now = SystemClock.uptimeMillis()
        for (action in listOf(MotionEvent.ACTION_DOWN, MotionEvent.ACTION_UP)) {
            activity.dispatchTouchEvent(
                MotionEvent.obtain(now, now, action, 1, arrayOf(finger), arrayOf(at), 0, 0, 1f, 1f, 0, 0, InputDevice.SOURCE_TOUCHSCREEN, flags),
            )
        }
        idle()
    }

    private val words = Words("license.of", emptyList())

    private fun setLock() {
        shadowOf(app.getSystemService(KeyguardManager::class.java)).setIsDeviceSecure(true)
    }

    private fun done(
        id: Int,
        answer: Answer,
    ) = Action.Done(id.toULong(), answer)

    private fun idle() = shadowOf(Looper.getMainLooper()).idle()

    /**
     * Composes when it is told to: Android's composer is the process's, and an earlier test may
     * have stopped it.
     */
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
