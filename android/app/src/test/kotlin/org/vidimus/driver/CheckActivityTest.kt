package org.vidimus.driver

import android.os.Looper
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import kotlinx.coroutines.runBlocking
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
import org.vidimus.app.Action
import org.vidimus.app.OfficerAction
import org.vidimus.app.OfficerScreen
import org.vidimus.driver.support.RealApp
import org.vidimus.shell.support.DriversPhone
import org.vidimus.shell.support.PlayedDriver
import org.vidimus.shell.support.scan
import org.vidimus.support.Authority
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** A driver checks another one's license: the real core, the real authority, another real driver. */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(application = RealApp::class)
internal class CheckActivityTest {
    private val app: RealApp get() = RuntimeEnvironment.getApplication() as RealApp
    private lateinit var authority: Authority
    private lateinit var controller: ActivityController<CheckActivity>
    private val activity get() = controller.get()

    @Before
    fun serve() {
        authority = Authority()
        app.server = authority
        controller = Robolectric.buildActivity(CheckActivity::class.java).setup()
    }

    @After
    fun stop() {
        controller.close()
        authority.close()
    }

    @Test
    fun `a license is accepted, its screen is kept by no picture, and the log does not know whose it was`() {
        sees<OfficerScreen.Start> { it.v1.mayCheck }
        assertFalse(activity.isSecure)
        does(OfficerAction.Refresh)
        sees<OfficerScreen.Start> { start -> !start.v1.refreshing && start.v1.note == null }
        does(OfficerAction.Check)
        sees<OfficerScreen.Look> { it.v1.torch != null }
        assertTrue(activity.isSecure)

        activity.shell.seen(listOf(codeOfAnother()))
        val verdict = sees<OfficerScreen.Verdict>().v1
        assertNotNull(verdict.holder)
        assertTrue(activity.isSecure)

        does(OfficerAction.Back)
        sees<OfficerScreen.Start>()
        does(OfficerAction.Log)
        val row = sees<OfficerScreen.Log>().v1.rows.single()
        assertEquals(verdict.word, row.word)
        assertNull(row.number)
    }

    @Test
    fun `going back leads through the pages, and from the first one to where the driver was`() {
        sees<OfficerScreen.Start> { it.v1.mayCheck }
        does(OfficerAction.Check)
        sees<OfficerScreen.Look>()
        activity.onBackPressedDispatcher.onBackPressed()
        sees<OfficerScreen.Start>()
        assertFalse(activity.isFinishing)
        activity.onBackPressedDispatcher.onBackPressed()
        assertTrue(activity.isFinishing)
    }

    @Test
    fun `a wallet is neither made nor needed`() {
        sees<OfficerScreen.Start>()
        assertTrue(app.readerHome.directory.toFile().isDirectory)
        assertFalse(app.walletHome.directory.toFile().exists())
    }

    /** What the camera reads of the phone of another driver. */
    private fun codeOfAnother(): String =
        runBlocking {
            DriversPhone(authority).use { phone ->
                PlayedDriver(phone).use { driver ->
                    driver.enroll(authority.register())
                    driver.does(Action.Show)
                    driver.scan(driver.seesCode())
                }
            }
        }

    private fun does(action: OfficerAction) = activity.shell.send(action)

    private inline fun <reified S : OfficerScreen> sees(crossinline test: (S) -> Boolean = { true }): S {
        val end = System.nanoTime() + PATIENCE
        while (true) {
            shadowOf(Looper.getMainLooper()).idle()
            val now = activity.shell.updates.value.screen
            if (now is S && test(now)) return now
            check(System.nanoTime() < end) { "no ${S::class.simpleName}, but a ${now::class.simpleName}" }
            Thread.sleep(10)
        }
    }

    private val CheckActivity.isSecure get() = window.attributes.flags and FLAG_SECURE != 0

    private companion object {
        /** In nanoseconds: long enough for a busy machine. */
        const val PATIENCE = 30_000_000_000L
    }
}
