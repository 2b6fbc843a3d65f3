package org.vidimus.driver

import android.os.Bundle
import android.os.Looper
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.GraphicsMode
import org.vidimus.app.Action
import org.vidimus.app.Answer
import org.vidimus.app.Ask
import org.vidimus.driver.support.AppForTests
import org.vidimus.driver.support.Samples
import org.vidimus.shell.support.StandInCore
import java.io.File
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Where what is kept of the app lies, and how long. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
internal class SavedStateTest {
    private val app: AppForTests get() = RuntimeEnvironment.getApplication() as AppForTests
    private val driver: StandInCore get() = app.core
    private val heard: List<Action> get() = driver.heard
    private val kept: File get() = File(app.noBackupFilesDir, "vidimus-kept")
    private var controller: ActivityController<MainActivity>? = null

    @After
    fun close() {
        controller?.close()
    }

    @Test
    fun `what the app wants to be kept is in a file, and comes back from there where the system has ended the app`() {
        val controller = open()
        driver.toKeep = byteArrayOf(1, 2, 3)
        keeps(9)
        await { heard.lastOrNull() == done(9) }
        assertContentEquals(byteArrayOf(1, 2, 3), kept.readBytes())
        val state = Bundle()
        controller
            .pause()
            .stop()
            .saveInstanceState(state)
            .destroy()
        assertFalse(state.keySet().any { "vidimus" in it })

        val after = Robolectric.buildActivity(MainActivity::class.java).also { this.controller = it }
        after.setup(state)
        idle()
        assertEquals(2, app.cores.size)
        assertContentEquals(byteArrayOf(1, 2, 3), driver.startedWith)
        // Before the next app has anything to keep that of the one before is there still.
        assertTrue(kept.exists())
    }

    @Test
    fun `what was kept goes when the activity finishes, and what comes late is not kept`() {
        val controller = open()
        driver.toKeep = byteArrayOf(1, 2, 3)
        keeps(9)
        await { kept.exists() }
        controller.get().finish()
        controller.pause()
        assertFalse(kept.exists())
        keeps(10)
        await { heard.lastOrNull() == done(10) }
        assertFalse(kept.exists())
    }

    @Test
    fun `an activity that is wiped away from the list of recent apps leaves nothing`() {
        val controller = open()
        driver.toKeep = byteArrayOf(1, 2, 3)
        keeps(9)
        await { kept.exists() }
        controller.pause().stop()
        assertTrue(kept.exists())
        controller.get().finish()
        controller.destroy()
        this.controller = null
        assertFalse(kept.exists())
    }

    @Test
    fun `what is kept replaces what was there, and nothing takes its place where it cannot be written`() =
        runBlocking {
            val state = SavedState(app)
            assertNull(state.read())
            state.keep(byteArrayOf(1, 2, 3))
            state.keep(byteArrayOf(4))
            assertContentEquals(byteArrayOf(4), state.read())
            assertEquals(listOf(kept), app.noBackupFilesDir.listFiles { file -> file.name.startsWith(kept.name) }?.toList())

            val inTheWay = File(app.noBackupFilesDir, "${kept.name}.new").apply { mkdir() }
            state.keep(byteArrayOf(5))
            assertContentEquals(byteArrayOf(4), state.read())
            inTheWay.delete()

            state.keep(null)
            assertNull(state.read())
        }

    /** What is kept is written beside the window. */
    private fun await(test: () -> Boolean) {
        val end = System.nanoTime() + PATIENCE
        while (!test()) {
            check(System.nanoTime() < end) { "it did not come" }
            Thread.sleep(5)
            idle()
        }
    }

    private fun open(): ActivityController<MainActivity> =
        Robolectric.buildActivity(MainActivity::class.java).also {
            controller = it
            it.setup()
            idle()
        }

    /** The app asks to keep this. */
    private fun keeps(id: Int) {
        driver.comes(id to Ask.Save, screen = Samples.offer)
        idle()
    }

    private fun done(id: Int) = Action.Done(id.toULong(), Answer.Saved)

    private fun idle() = shadowOf(Looper.getMainLooper()).idle()

    private companion object {
        /** In nanoseconds: long enough for a busy machine. */
        const val PATIENCE = 30_000_000_000L
    }
}
