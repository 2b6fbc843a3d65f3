package org.vidimus.driver

import android.app.KeyguardManager
import android.os.Build
import android.os.Bundle
import android.os.Looper
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
import org.robolectric.util.ReflectionHelpers
import org.vidimus.app.Action
import org.vidimus.app.Answer
import org.vidimus.app.Ask
import org.vidimus.app.LockOutcome
import org.vidimus.app.Screen
import org.vidimus.app.ShellEffect
import org.vidimus.app.ShowPhase
import org.vidimus.driver.support.RealApp
import org.vidimus.support.Authority
import org.vidimus.support.Registered
import java.io.File
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull

/**
 * The system ends the app and gives back what it kept: the real core, the real authority, and no
 * phone.
 */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(application = RealApp::class)
internal class ProcessDeathTest {
    private val app: RealApp get() = RuntimeEnvironment.getApplication() as RealApp
    private val sdk = Build.VERSION.SDK_INT
    private lateinit var authority: Authority
    private lateinit var controller: ActivityController<MainActivity>

    @Before
    fun serve() {
        authority = Authority()
        app.server = authority
    }

    @After
    fun stop() {
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", sdk)
        controller.close()
        authority.close()
    }

    @Test
    fun `a transaction code that was being typed is still there`() {
        val registered = authority.register()
        open(null)
        takesTheLink(registered)
        keeps {
            types(registered.txCode.take(2))
            sees<Screen.Offer> { it.typed == registered.txCode.take(2) }
        }

        open(dies())
        val offer = sees<Screen.Offer> { !it.v1.issuing }
        assertEquals(registered.txCode.take(2), offer.typed)
        // It goes on from there.
        types(registered.txCode)
        does(Action.TakeOffer)
        sees<Screen.License>()
    }

    @Test
    fun `a removal that was asked about is still asked, and nothing is removed by itself`() {
        open(null)
        val license = enrolls()
        does(Action.Settings)
        keeps {
            does(Action.AskToRemove(license))
            sees<Screen.Settings> { it.v1.licenses.single().asked }
        }

        open(dies())
        sees<Screen.Settings> { it.v1.licenses.single().run { asked && !removing } }
        does(Action.Keep)
        does(Action.Back)
        assertEquals(license, sees<Screen.License>().v1.card.id)
    }

    @Test
    fun `a showing is not restored`() {
        open(null)
        enrolls()
        opensTheLock { does(Action.Show) }
        sees<Screen.Show> { it.v1.phase is ShowPhase.Live }

        open(dies())
        sees<Screen.License>()
    }

    @Test
    fun `a license that came while nobody looked is there, and its offer is not read again`() {
        val registered = authority.register()
        open(null)
        takesTheLink(registered)
        types(registered.txCode)
        sees<Screen.Offer> { it.typed == registered.txCode }
        does(Action.TakeOffer)

        val state =
            dies {
                sees<Screen.License>()
                settles()
            }
        open(state)
        assertIs<Screen.License>(first())
    }

    @Test
    fun `what is kept counts from the moment that the app was left`() {
        open(null)
        sees<Screen.Welcome>()
        settles()
        val before = assertNotNull(kept())
        dies { await("nothing newer was kept") { !before.contentEquals(kept()) } }
    }

    @Test
    fun `an app that the driver has closed begins at its first page, and keeps nothing`() {
        typesAnOffer()
        // As by going back from the first page.
        controller.get().finish()
        controller.pause().stop().destroy()
        assertNull(kept())
        shadowOf(Looper.getMainLooper()).idle()
        assertNull(kept())

        open(null)
        assertIs<Screen.Welcome>(first())
    }

    @Test
    fun `an app whose process went with its task begins at its first page, and what it had kept is gone`() {
        typesAnOffer()
        dies()
        val old = assertNotNull(kept())

        open(null)
        assertFalse(old.contentEquals(kept()))
        assertIs<Screen.Welcome>(first())
    }

    @Test
    fun `an app that is closed takes nothing from the one that is opened right after it`() {
        typesAnOffer()
        val closed = controller
        closed.get().finish()
        closed.pause()
        open(null)
        sees<Screen.Welcome>()
        settles()
        closed.stop().destroy()
        assertNotNull(kept())
    }

    private fun typesAnOffer() {
        val registered = authority.register()
        open(null)
        takesTheLink(registered)
        settles()
        assertNotNull(kept())
    }

    /**
     * The system's page that asks for the PIN comes up and stays, since there is no system; the
     * test types the PIN.
     */
    private fun opensTheLock(what: () -> Unit) {
        shadowOf(app.getSystemService(KeyguardManager::class.java)).setIsDeviceSecure(true)
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", Build.VERSION_CODES.Q)
        what()
        val shell = controller.get().shell
        var asked: ShellEffect? = null
        await("the lock was not asked") {
            asked =
                shell.updates.value.effects
                    .find { it.ask is Ask.Unlock }
            asked != null
        }
        shell.send(Action.Done(assertNotNull(asked).id, Answer.Lock(LockOutcome.OPENED)))
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", sdk)
    }

    private fun open(state: Bundle?) {
        controller = Robolectric.buildActivity(MainActivity::class.java)
        if (state == null) controller.setup() else controller.setup(state)
    }

    /**
     * The app is left, and Android takes the state of the activity in the same breath. Then the
     * process is gone: at once, or after what it does [meanwhile] out of sight.
     */
    private fun dies(meanwhile: () -> Unit = {}): Bundle {
        val state = Bundle()
        controller
            .pause()
            .stop()
            .saveInstanceState(state)
        meanwhile()
        controller.destroy()
        return state
    }

    /**
     * Does something that is to be kept, and waits for that: it is sealed beside the screen, and
     * comes a moment later.
     */
    private fun keeps(what: () -> Unit) {
        settles()
        val before = kept()
        what()
        await("nothing newer was kept") { !kept().contentEquals(before) }
        settles()
    }

    /** Waits until nothing newer is kept for a while. */
    private fun settles() {
        var newest = kept()
        var since = System.nanoTime()
        await("it is kept again and again") {
            val now = kept()
            if (!now.contentEquals(newest)) since = System.nanoTime()
            newest = now
            System.nanoTime() - since > QUIET
        }
    }

    private fun kept(): ByteArray? = File(app.noBackupFilesDir, "vidimus-kept").takeIf { it.exists() }?.readBytes()

    /** The first page after the opening. */
    private fun first(): Screen {
        await("it does not open") { controller.get().shell.updates.value.screen !is Screen.Opening }
        return controller.get().shell.updates.value.screen
    }

    private fun enrolls(): String {
        val registered = authority.register()
        takesTheLink(registered)
        types(registered.txCode)
        does(Action.TakeOffer)
        return sees<Screen.License>().v1.card.id
    }

    private fun takesTheLink(registered: Registered) {
        sees<Screen.Welcome>()
        controller.get().shell.link(registered.offer)
        sees<Screen.Offer>()
    }

    private fun types(code: String) = types { Action.TypeCode(code, it) }

    private fun types(action: (ULong) -> Action) {
        val shell = controller.get().shell
        val shown = (shell.updates.value.screen as? Screen.Offer)?.v1?.code?.field?.edit ?: 0uL
        shell.send(action(shell.nextEdit(shown)))
    }

    private fun does(action: Action) = controller.get().shell.send(action)

    private val Screen.Offer.typed: String get() = assertNotNull(v1.code).field.text

    private inline fun <reified S : Screen> sees(crossinline test: (S) -> Boolean = { true }): S {
        var found: S? = null
        await("no ${S::class.simpleName}") {
            found = (controller.get().shell.updates.value.screen as? S)?.takeIf { test(it) }
            found != null
        }
        return assertNotNull(found)
    }

    private fun await(
        otherwise: String,
        test: () -> Boolean,
    ) {
        val end = System.nanoTime() + PATIENCE
        while (!test()) {
            check(System.nanoTime() < end) { otherwise }
            Thread.sleep(10)
            shadowOf(Looper.getMainLooper()).idle()
        }
    }

    private companion object {
        /** In nanoseconds: long enough for a busy machine. */
        const val PATIENCE = 30_000_000_000L

        /** In nanoseconds: longer than it takes to seal what is kept. */
        const val QUIET = 400_000_000L
    }
}
