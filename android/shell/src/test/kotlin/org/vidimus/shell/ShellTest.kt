package org.vidimus.shell

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.test.testTimeSource
import org.junit.jupiter.api.Test
import org.vidimus.WalletException
import org.vidimus.app.Action
import org.vidimus.app.Answer
import org.vidimus.app.Ask
import org.vidimus.app.LockOutcome
import org.vidimus.app.Place
import org.vidimus.app.Screen
import org.vidimus.app.UnlockReason
import org.vidimus.shell.support.StandInCore
import org.vidimus.shell.support.StandInPhone
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * What a shell does with the effects of an app, on the virtual clock. The app and the phone are
 * stand-ins.
 */
class ShellTest {
    private val phone = StandInPhone()
    private val cores = mutableListOf<StandInCore>()
    private val core get() = cores.last()
    private val unlock = Ask.Unlock(UnlockReason.SHOWING)

    /** How often an app cannot be started before one can. */
    private var fails = 0

    @Test
    fun `each effect is begun once, however often it stands there, and answered`() =
        shelled {
            core.toKeep = "sealed".encodeToByteArray()
            val asks = arrayOf(1 to unlock, 2 to Ask.Leave(Place.CLOCK), 3 to Ask.Save)
            repeat(3) {
                core.comes(*asks)
                runCurrent()
            }
            assertEquals(listOf("unlock SHOWING", "leave CLOCK", "keep sealed"), phone.asked)
            assertEquals(listOf<Action>(done(2, Answer.Left), done(3, Answer.Saved)), core.heard)

            phone.finger.complete(LockOutcome.OPENED)
            runCurrent()
            assertEquals(done(1, Answer.Lock(LockOutcome.OPENED)), core.heard.last())
            // The app has not heard it yet.
            repeat(2) {
                core.comes(*asks)
                runCurrent()
            }
            assertEquals(3, phone.asked.size)
            assertEquals(3, core.heard.size)
        }

    @Test
    fun `the browser opens the address of the app, and a phone without one says so`() =
        shelled {
            core.signInAddress = "https://licenses.example/authorize"
            core.comes(1 to Ask.OpenBrowser)
            runCurrent()
            phone.hasBrowser = false
            core.comes(2 to Ask.OpenBrowser)
            runCurrent()
            core.signInAddress = null
            core.comes(3 to Ask.OpenBrowser)
            runCurrent()
            val opened = "browse https://licenses.example/authorize"
            assertEquals(listOf(opened, opened), phone.asked, "one that is over has no address")
            assertEquals(listOf<Action>(done(1, Answer.Left), done(2, Answer.NoBrowser), done(3, Answer.Left)), core.heard)
        }

    @Test
    fun `a dialog closes when its effect is gone, and what it says afterwards reaches nobody`() =
        shelled {
            core.comes(1 to unlock)
            runCurrent()
            assertEquals(listOf("unlock SHOWING"), phone.open)
            core.comes()
            runCurrent()
            assertEquals(emptyList(), phone.open)
            phone.finger.complete(LockOutcome.OPENED)
            runCurrent()
            assertEquals(emptyList(), core.heard)
        }

    @Test
    fun `a lock that never answers is waited for, and the next question is one of its own`() =
        shelled {
            core.comes(1 to unlock)
            advanceTimeBy(3600.seconds)
            assertEquals(listOf("unlock SHOWING"), phone.open)
            core.comes(2 to Ask.Unlock(UnlockReason.REMOVING))
            runCurrent()
            assertEquals(listOf("unlock REMOVING"), phone.open)
            phone.finger.complete(LockOutcome.CANCELLED)
            runCurrent()
            assertEquals(listOf<Action>(done(2, Answer.Lock(LockOutcome.CANCELLED))), core.heard)
        }

    @Test
    fun `two effects at once go on beside each other, and one that is gone takes the other not with it`() =
        shelled {
            core.comes(1 to Ask.StayAwake, 2 to unlock)
            runCurrent()
            assertEquals(listOf("awake", "unlock SHOWING"), phone.open)
            core.comes(2 to unlock)
            runCurrent()
            assertEquals(listOf("unlock SHOWING"), phone.open)
            phone.finger.complete(LockOutcome.FAILED)
            runCurrent()
            assertEquals(listOf<Action>(done(2, Answer.Lock(LockOutcome.FAILED))), core.heard)
        }

    @Test
    fun `the phone stays awake until that is gone, and nothing answers it`() =
        shelled {
            core.comes(1 to Ask.StayAwake)
            advanceTimeBy(600.seconds)
            core.comes(1 to Ask.StayAwake)
            runCurrent()
            assertEquals(listOf("awake"), phone.open)
            core.comes()
            runCurrent()
            assertEquals(emptyList(), phone.open)
            assertEquals(emptyList(), core.heard)
        }

    @Test
    fun `the camera answers while it is asked, and not before or after`() =
        shelled { shell ->
            shell.seen("early")
            shell.cameraRefused()
            core.comes(4 to Ask.Camera)
            runCurrent()
            shell.seen("an offer")
            shell.cameraRefused()
            core.comes(5 to unlock)
            runCurrent()
            shell.seen("late")
            val expected = listOf<Action>(done(4, Answer.Seen("an offer")), done(4, Answer.CameraRefused))
            assertEquals(expected, core.heard)
        }

    @Test
    fun `who comes back from the background finds the same dialog, and it was not asked for twice`() =
        shelled(follows = false) { shell ->
            val before = launch { shell.follow() }
            core.comes(1 to unlock)
            runCurrent()
            // An activity that is made anew may begin to follow anew.
            before.cancelAndJoin()
            val after = launch { shell.follow() }
            runCurrent()
            assertEquals(listOf("unlock SHOWING"), phone.asked)
            phone.finger.complete(LockOutcome.OPENED)
            runCurrent()
            assertEquals(listOf<Action>(done(1, Answer.Lock(LockOutcome.OPENED))), core.heard)
            after.cancelAndJoin()
        }

    @Test
    fun `what is asked for again after an answer has another number, and is begun`() =
        shelled {
            core.comes(1 to unlock)
            runCurrent()
            phone.finger.complete(LockOutcome.CANCELLED)
            runCurrent()
            phone.finger = CompletableDeferred()
            core.comes(2 to unlock)
            runCurrent()
            assertEquals(2, phone.asked.size)
            assertEquals(listOf("unlock SHOWING"), phone.open)
        }

    @Test
    fun `where there is nothing to keep, the answer comes all the same`() =
        shelled {
            core.comes(1 to Ask.Save)
            runCurrent()
            assertEquals(emptyList(), phone.asked)
            assertEquals(listOf<Action>(done(1, Answer.Saved)), core.heard)
        }

    @Test
    fun `the app is told whether there is a lock each time that it is seen`() =
        shelled { shell ->
            shell.appSeen()
            phone.hasLock = false
            shell.appSeen()
            shell.appLeft()
            shell.link("a link")
            assertEquals(listOf(Action.Seen(true), Action.Seen(false), Action.Left, Action.Link("a link")), core.heard)
        }

    @Test
    fun `typing is numbered upwards over all fields, and from the number of a field that began anew`() =
        shelled { shell ->
            assertEquals(listOf(1uL, 2uL, 8uL, 9uL), listOf(0uL, 1uL, 7uL, 3uL).map(shell::nextEdit))
        }

    @Test
    fun `each screen is handed on`() =
        shelled { shell ->
            assertEquals(Screen.Opening, shell.updates.value.screen)
            core.comes(1 to Ask.Camera)
            runCurrent()
            assertEquals(1uL, shell.updates.value.number)
            assertEquals(
                1uL,
                shell.updates.value.effects
                    .single()
                    .id,
            )
        }

    @Test
    fun `where a fault has ended the app, its dialog closes, nothing stays on the screen, and another one begins with what was kept`() =
        shelled(saved = "before".encodeToByteArray()) { shell ->
            assertContentEquals("before".encodeToByteArray(), core.startedWith)
            shell.appSeen()
            keeps("old", 1)
            keeps("sealed", 2)
            core.comes(3 to unlock)
            advanceTimeBy(60.seconds)
            core.breaks()
            runCurrent()
            assertEquals(emptyList(), phone.open)
            assertEquals(0uL, shell.updates.value.number)
            assertEquals(1, cores.size, "not at once, or a fault that comes again would never end")

            advanceTimeBy(2.seconds)
            assertEquals(2, cores.size)
            assertTrue(cores.first().isClosed)
            assertContentEquals("sealed".encodeToByteArray(), core.startedWith)
            assertEquals(listOf<Action>(Action.Seen(true)), core.heard)
            // Numbers of effects begin anew with it.
            core.comes(1 to unlock)
            runCurrent()
            assertEquals(listOf("unlock SHOWING"), phone.open)
        }

    @Test
    fun `what was kept is given to one app, and to none after a fault that came soon`() =
        shelled {
            keeps("sealed")
            advanceTimeBy(60.seconds)
            core.breaks()
            advanceTimeBy(2.seconds)
            assertContentEquals("sealed".encodeToByteArray(), core.startedWith)

            // It keeps the same at once, and fails by it.
            keeps("sealed")
            advanceTimeBy(3.seconds)
            core.breaks()
            advanceTimeBy(2.seconds)
            assertEquals(3, cores.size)
            assertNull(core.startedWith)
            assertEquals("keep nothing", phone.asked.last(), "nor does the system give it to the next process")

            // One that lived on has kept nothing: what the first was given is no longer there.
            advanceTimeBy(60.seconds)
            core.breaks()
            advanceTimeBy(2.seconds)
            assertNull(core.startedWith)

            keeps("newer")
            advanceTimeBy(60.seconds)
            core.breaks()
            advanceTimeBy(2.seconds)
            assertContentEquals("newer".encodeToByteArray(), core.startedWith)
        }

    @Test
    fun `what the system gave back is not given again where the app ends soon`() =
        shelled(saved = "bad".encodeToByteArray()) {
            core.breaks()
            advanceTimeBy(2.seconds)
            assertEquals(2, cores.size)
            assertNull(core.startedWith)
            assertEquals(listOf("keep nothing"), phone.asked)
        }

    @Test
    fun `an app that cannot be started is tried again, with what was kept, and hears what came meanwhile`() {
        fails = 2
        shelled(saved = "before".encodeToByteArray()) { shell ->
            shell.appSeen()
            shell.link("a link")
            shell.send(Action.Settings)
            assertEquals(Screen.Opening, shell.updates.value.screen)
            assertEquals(1uL, shell.nextEdit(0uL))
            assertNull(shell.picture("1"))
            advanceTimeBy(1500.milliseconds)
            assertEquals(emptyList(), cores)
            advanceTimeBy(1.seconds)
            assertContentEquals("before".encodeToByteArray(), core.startedWith)
            assertEquals(listOf(Action.Seen(true), Action.Link("a link")), core.heard)
        }
    }

    @Test
    fun `where the app cannot be started anew after a fault it is tried again`() =
        shelled {
            keeps("sealed")
            advanceTimeBy(60.seconds)
            fails = 1
            core.breaks()
            advanceTimeBy(3.seconds)
            assertEquals(2, cores.size)
            assertContentEquals("sealed".encodeToByteArray(), core.startedWith)
        }

    @Test
    fun `a link that comes between two apps is read by the next, once`() =
        shelled { shell ->
            core.breaks()
            runCurrent()
            shell.link("first")
            shell.link("a link")
            advanceTimeBy(2.seconds)
            assertEquals(listOf<Action>(Action.Link("a link")), core.heard)
            core.breaks()
            advanceTimeBy(2.seconds)
            assertEquals(3, cores.size)
            assertEquals(emptyList(), core.heard)
        }

    @Test
    fun `an app that was ended is not begun again`() =
        shelled(follows = false) { shell ->
            val following = launch { shell.follow() }
            core.comes(1 to unlock)
            runCurrent()
            shell.end()
            advanceTimeBy(60.seconds)
            assertTrue(following.isCompleted)
            assertEquals(emptyList(), phone.open)
            assertEquals(1, cores.size)
            assertTrue(core.isClosed)
        }

    @Test
    fun `an app that is closed without waiting is not begun again either`() =
        shelled { shell ->
            core.breaks()
            runCurrent()
            shell.close()
            advanceTimeBy(60.seconds)
            assertEquals(1, cores.size)
            assertFalse(core.heard.any())
        }

    private fun done(
        id: Int,
        answer: Answer,
    ) = Action.Done(id.toULong(), answer)

    /** The app asks to keep this. */
    private fun TestScope.keeps(
        what: String,
        id: Int = 1,
    ) {
        core.toKeep = what.encodeToByteArray()
        core.comes(id to Ask.Save)
        runCurrent()
    }

    @OptIn(ExperimentalCoroutinesApi::class)
    private fun shelled(
        saved: ByteArray? = null,
        follows: Boolean = true,
        test: suspend TestScope.(Shell) -> Unit,
    ) = runTest {
        val shell = Shell(phone, backgroundScope, saved, testTimeSource, ::start)
        if (follows) backgroundScope.launch { shell.follow() }
        runCurrent()
        test(shell)
    }

    private fun start(saved: ByteArray?): StandInCore {
        if (fails-- > 0) throw WalletException.Internal()
        return StandInCore(saved).also(cores::add)
    }
}
