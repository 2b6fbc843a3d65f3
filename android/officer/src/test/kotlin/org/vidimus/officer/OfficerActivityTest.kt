package org.vidimus.officer

import android.Manifest
import android.app.Activity
import android.content.Intent
import android.content.pm.PackageManager
import android.media.ToneGenerator
import android.net.Uri
import android.os.Build
import android.os.Looper
import android.provider.Settings
import android.view.HapticFeedbackConstants
import android.view.WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_FULL
import android.view.WindowManager.LayoutParams.FLAG_KEEP_SCREEN_ON
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import androidx.activity.compose.setContent
import androidx.compose.runtime.BroadcastFrameClock
import androidx.compose.runtime.Recomposer
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.snapshots.Snapshot
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import org.junit.After
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import org.robolectric.shadows.ShadowToneGenerator
import org.robolectric.util.ReflectionHelpers
import org.vidimus.app.OfficerAction
import org.vidimus.app.OfficerAnswer
import org.vidimus.app.OfficerAsk
import org.vidimus.app.OfficerScreen
import org.vidimus.app.Place
import org.vidimus.app.Tone
import org.vidimus.officer.support.DeletedFiles
import org.vidimus.officer.support.OfficerAppForTests
import org.vidimus.officer.support.Samples
import org.vidimus.reader.PhoneScreens
import org.vidimus.screens.officer.OfficerScreens
import org.vidimus.shell.support.StandInOfficerCore
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.OutputStream
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertSame
import kotlin.test.assertTrue

/** What the window does for the screens, and for what the core asks of the phone. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(shadows = [DeletedFiles::class])
internal class OfficerActivityTest {
    private val app: OfficerAppForTests get() = RuntimeEnvironment.getApplication() as OfficerAppForTests
    private val core: StandInOfficerCore get() = app.core
    private val sdk = Build.VERSION.SDK_INT
    private lateinit var controller: ActivityController<OfficerActivity>
    private val activity: OfficerActivity get() = controller.get()

    @Before
    fun forgetFiles() {
        DeletedFiles.deleted.clear()
    }

    @After
    fun close() {
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", sdk)
        ShadowToneGenerator.reset()
        controller.close()
    }

    @Test
    fun `what is personal cannot be photographed, and everything else can`() {
        open()
        for (personal in listOf(false, true, false, true)) {
            show(Samples.log, isPersonal = personal)
            assertEquals(personal, has(FLAG_SECURE))
        }
        // The core says what is personal, and nothing here does.
        show(Samples.start, isPersonal = true)
        assertTrue(has(FLAG_SECURE))
    }

    @Test
    fun `a question is bright for the driver's camera, and digits are not`() {
        open()
        show(Samples.start)
        val usual = activity.window.attributes.screenBrightness
        show(Samples.doubt())
        assertEquals(BRIGHTNESS_OVERRIDE_FULL, activity.window.attributes.screenBrightness)
        show(Samples.doubt(digits = "12345678"))
        assertEquals(usual, activity.window.attributes.screenBrightness)
        show(Samples.doubt())
        show(Samples.start)
        assertEquals(usual, activity.window.attributes.screenBrightness)
    }

    @Test
    fun `the phone stays on while a camera looks, a verdict is compared or a question is answered`() {
        open()
        val camera = 1 to OfficerAsk.Camera
        val stays =
            listOf(
                showing(Samples.start) to false,
                showing(Samples.look) to false,
                showing(Samples.look, camera) to true,
                showing(Samples.two, camera) to true,
                showing(Samples.verdict(Tone.GOOD, 1)) to true,
                showing(Samples.doubt("12345678")) to true,
                showing(Samples.log) to false,
            )
        for ((shows, stays) in stays) {
            shows()
            assertEquals(stays, has(FLAG_KEEP_SCREEN_ON))
        }
    }

    @Test
    fun `leaving the screen is told, and so is coming back`() {
        open()
        controller.pause().stop()
        controller.restart().resume()
        idle()
        assertEquals(listOf(OfficerAction.Seen, OfficerAction.Left, OfficerAction.Seen), core.heard)
    }

    @Test
    fun `turning the phone ends nothing, and the same app goes on`() {
        open()
        show(Samples.verdict(Tone.GOOD, 1), isPersonal = true)
        val shell = activity.shell
        controller.recreate()
        idle()
        assertSame(shell, activity.shell)
        assertFalse(OfficerAction.Left in core.heard)
        assertFalse(core.isClosed)
        assertTrue(has(FLAG_SECURE))
    }

    @Test
    fun `a window that is finished ends its app, and the next one begins another`() {
        open()
        val first = core
        controller.pause().stop().destroy()
        assertTrue(first.isClosed)
        open()
        assertEquals(listOf(true, false), app.cores.map { it.isClosed })
    }

    @Test
    fun `going back goes to the screen before, and from the first one out of the app`() {
        open()
        val others = listOf(Samples.look, Samples.two, Samples.verdict(Tone.BAD, 1), Samples.doubt(), Samples.log)
        for (screen in others) {
            show(screen)
            activity.onBackPressedDispatcher.onBackPressed()
            assertEquals(OfficerAction.Back, core.heard.last())
            assertFalse(activity.isFinishing)
        }
        val before = core.heard.size
        show(Samples.start)
        activity.onBackPressedDispatcher.onBackPressed()
        assertEquals(before, core.heard.size)
        assertTrue(activity.isFinishing)
    }

    @Test
    fun `a verdict that is news is told by touch and sound, once, though the window is turned`() {
        open()
        show(Samples.verdict(Tone.GOOD, 1))
        assertEquals(HapticFeedbackConstants.CONFIRM, touch())
        assertEquals(listOf(ToneGenerator.TONE_PROP_ACK), sounds())
        show(Samples.verdict(Tone.GOOD, 1))
        controller.recreate()
        idle()
        assertEquals(1, sounds().size)

        show(Samples.verdict(Tone.BAD, 2))
        assertEquals(HapticFeedbackConstants.REJECT, touch())
        assertEquals(listOf(ToneGenerator.TONE_PROP_ACK, ToneGenerator.TONE_PROP_NACK), sounds())
        // An app that begins anew counts from the first again.
        show(OfficerScreen.Opening)
        show(Samples.verdict(Tone.CAUTION, 1))
        assertEquals(3, sounds().size)
        assertEquals(3, sounds().toSet().size)
    }

    @Test
    fun `before Android 11 there is another touch`() {
        open()
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", Build.VERSION_CODES.Q)
        show(Samples.verdict(Tone.GOOD, 1))
        assertEquals(HapticFeedbackConstants.LONG_PRESS, touch())
    }

    @Test
    fun `the camera is asked for once someone looks, and a refusal is told`() {
        open()
        composing { recomposer, compose ->
            show(Samples.start)
            activity.setContent(recomposer) {
                val update by activity.shell.updates.collectAsState()
                PhoneScreens(isDrawnOver = false) { texts, host -> OfficerScreens(update.screen, activity.shell, texts, host) }
            }
            compose()
            assertNull(shadowOf(activity).lastRequestedPermission)

            show(Samples.look, 4 to OfficerAsk.Camera)
            compose()
            val asked = assertNotNull(shadowOf(activity).lastRequestedPermission)
            assertContentEquals(arrayOf(Manifest.permission.CAMERA), asked.requestedPermissions)

            val denied = intArrayOf(PackageManager.PERMISSION_DENIED)
            activity.onRequestPermissionsResult(asked.requestCode, asked.requestedPermissions, denied)
            idle()
            assertEquals(done(4, OfficerAnswer.CameraRefused), core.heard.last())
        }
    }

    @Test
    fun `who is led out of the app gets to the page, once, and the app hears of it`() {
        open()
        val pages =
            mapOf(
                Place.APP to Settings.ACTION_APPLICATION_DETAILS_SETTINGS,
                Place.CLOCK to Settings.ACTION_DATE_SETTINGS,
                Place.STORAGE to Settings.ACTION_INTERNAL_STORAGE_SETTINGS,
                Place.AUTHORITY to Intent.ACTION_VIEW,
            )
        for ((place, page) in pages) {
            val id = place.ordinal + 1
            repeat(2) { show(Samples.start, id to OfficerAsk.Leave(place)) }
            val started = shadowOf(activity).nextStartedActivity
            assertEquals(page, started.action)
            if (place == Place.AUTHORITY) assertEquals("https://licenses.example/help", started.dataString)
            assertNull(shadowOf(activity).nextStartedActivity)
            assertEquals(done(id, OfficerAnswer.Left), core.heard.last())
        }
    }

    @Test
    fun `the log goes where the officer puts it, though the app is covered and turned meanwhile`() {
        open()
        val written = ByteArrayOutputStream()
        shadowOf(app.contentResolver).registerOutputStream(PLACE, written)
        val asked = export()
        assertEquals(Intent.ACTION_CREATE_DOCUMENT, asked.action)
        assertEquals("checks.jsonl", asked.getStringExtra(Intent.EXTRA_TITLE))
        assertEquals(done(6, OfficerAnswer.Shared), core.heard.last())

        // Its page is gone by then.
        show(Samples.start)
        controller.recreate()
        shadowOf(activity).receiveResult(asked, Activity.RESULT_OK, Intent().setData(PLACE))
        await { written.size() > 0 }
        assertEquals(LOG, written.toByteArray().decodeToString())

        assertEquals(emptyList<Uri>(), DeletedFiles.deleted.toList())
    }

    @Test
    fun `a log that cannot be written leaves no half of it behind`() {
        open()
        shadowOf(app.contentResolver).registerOutputStream(PLACE, Refusing)
        shadowOf(activity).receiveResult(export(), Activity.RESULT_OK, Intent().setData(PLACE))
        await { DeletedFiles.deleted == listOf(PLACE) }
    }

    @Test
    fun `an officer who chooses no place has handed over nothing`() {
        open()
        val asked = export()
        shadowOf(activity).receiveResult(asked, Activity.RESULT_CANCELED, null)
        idle()
        assertEquals(emptyList<Uri>(), DeletedFiles.deleted.toList())
        // Another try asks again.
        assertEquals(Intent.ACTION_CREATE_DOCUMENT, export(7).action)
    }

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
                repeat(2) {
                    Snapshot.sendApplyNotifications()
                    idle()
                    clock.sendFrame(System.nanoTime())
                }
                idle()
            }
        } finally {
            recomposer.cancel()
            scope.cancel()
        }
    }

    /** Lets the core ask for the file to be handed over; the page of the system that opens. */
    private fun export(id: Int = 6): Intent {
        core.log = LOG.encodeToByteArray()
        show(Samples.log, id to OfficerAsk.Share)
        return assertNotNull(shadowOf(activity).nextStartedActivityForResult).intent
    }

    private fun open() {
        controller = Robolectric.buildActivity(OfficerActivity::class.java).setup()
        idle()
    }

    private fun showing(
        screen: OfficerScreen,
        vararg asks: Pair<Int, OfficerAsk>,
    ): () -> Unit = { show(screen, *asks) }

    private fun show(
        screen: OfficerScreen,
        vararg asks: Pair<Int, OfficerAsk>,
        isPersonal: Boolean = false,
    ) {
        core.comes(screen, *asks, isPersonal = isPersonal)
        idle()
    }

    private fun done(
        id: Int,
        answer: OfficerAnswer,
    ): OfficerAction = OfficerAction.Done(id.toULong(), answer)

    private fun idle() = shadowOf(Looper.getMainLooper()).idle()

    private fun await(test: () -> Boolean) {
        val end = System.nanoTime() + PATIENCE
        while (!test()) {
            check(System.nanoTime() < end) { "it does not come" }
            Thread.sleep(10)
            idle()
        }
    }

    private fun touch(): Int = shadowOf(activity.window.decorView).lastHapticFeedbackPerformed()

    private fun sounds(): List<Int> = ShadowToneGenerator.getPlayedTones().map { it.type() }

    private fun has(flag: Int) = activity.window.attributes.flags and flag != 0

    private object Refusing : OutputStream() {
        override fun write(byte: Int): Unit = throw IOException("no space")
    }

    private companion object {
        val PLACE: Uri = Uri.parse("content://files.example/document/1")
        const val LOG = "{\"at\":1}\n"

        /** In nanoseconds: long enough for a busy machine. */
        const val PATIENCE = 30_000_000_000L
    }
}
