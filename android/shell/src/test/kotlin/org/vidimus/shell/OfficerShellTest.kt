package org.vidimus.shell

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.vidimus.WalletException
import org.vidimus.app.OfficerAction
import org.vidimus.app.OfficerAnswer
import org.vidimus.app.OfficerAsk
import org.vidimus.app.OfficerScreen
import org.vidimus.app.Place
import org.vidimus.shell.support.StandInOfficerCore
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** What an officer's shell does with the effects of its app, on the virtual clock. */
class OfficerShellTest {
    private val cores = mutableListOf<StandInOfficerCore>()
    private val core get() = cores.last()
    private val phone = Phone()

    /** How often an app cannot be started before one can. */
    private var fails = 0

    @Test
    fun `each effect is begun once, however often it stands there, and answered`() =
        shelled {
            core.log = "a line".encodeToByteArray()
            repeat(3) {
                core.comes(OfficerScreen.Opening, 1 to OfficerAsk.Leave(Place.APP), 2 to OfficerAsk.Share)
                runCurrent()
            }
            assertEquals(listOf(Place.APP), phone.left)
            assertContentEquals("a line".encodeToByteArray(), phone.shared.single())
            assertEquals(listOf(done(1, OfficerAnswer.Left), done(2, OfficerAnswer.Shared)), core.heard)
        }

    @Test
    fun `a log that is gone is not handed over, and one that is being handed over ends with its page`() =
        shelled {
            core.comes(OfficerScreen.Opening, 1 to OfficerAsk.Share)
            runCurrent()
            assertEquals(emptyList(), phone.shared)
            assertEquals(listOf(done(1, OfficerAnswer.Shared)), core.heard)

            phone.waits = true
            core.log = "a line".encodeToByteArray()
            core.comes(OfficerScreen.Opening, 2 to OfficerAsk.Share)
            runCurrent()
            assertTrue(phone.isSharing)
            core.comes(OfficerScreen.Opening)
            runCurrent()
            assertFalse(phone.isSharing)
            assertEquals(1, core.heard.size)
        }

    @Test
    fun `what the camera sees reaches the effect that asked for it, and nothing where none does`() =
        shelled { shell ->
            shell.seen(listOf("DL1:A"))
            shell.cameraRefused()
            assertEquals(emptyList(), core.heard)

            core.comes(OfficerScreen.Opening, 4 to OfficerAsk.Camera, 5 to OfficerAsk.Torch)
            runCurrent()
            shell.seen(listOf("DL1:A", "DL1:B"))
            shell.cameraRefused()
            assertEquals(listOf(done(4, OfficerAnswer.Texts(listOf("DL1:A", "DL1:B"))), done(4, OfficerAnswer.CameraRefused)), core.heard)
        }

    @Test
    fun `a number of what is typed is higher than all before it and than the one that is shown`() =
        shelled { shell ->
            assertEquals(listOf(1uL, 2uL, 8uL, 9uL), listOf(0uL, 0uL, 7uL, 3uL).map(shell::nextEdit))
        }

    @Test
    fun `after a fault no license stays on the screen, and another app begins and hears that it is seen`() =
        shelled { shell ->
            shell.appSeen()
            core.comes(OfficerScreen.Opening, 1 to OfficerAsk.Leave(Place.APP), isPersonal = true)
            runCurrent()
            val first = core
            first.breaks()
            runCurrent()
            assertTrue(first.isClosed)
            assertFalse(shell.updates.value.isPersonal)
            assertEquals(emptyList(), shell.updates.value.effects)

            advanceTimeBy(2.seconds)
            assertEquals(2, cores.size)
            assertEquals(listOf<OfficerAction>(OfficerAction.Seen), core.heard)
            // Its effects have the numbers of the first one's once more.
            core.comes(OfficerScreen.Opening, 1 to OfficerAsk.Leave(Place.STORAGE))
            runCurrent()
            assertEquals(listOf(Place.APP, Place.STORAGE), phone.left)
        }

    @Test
    fun `an app that cannot be started is tried again, and out of sight it is not told that it is seen`() {
        fails = 2
        shelled { shell ->
            shell.appSeen()
            shell.appLeft()
            advanceTimeBy(5.seconds)
            assertEquals(1, cores.size)
            assertEquals(emptyList(), core.heard)
            assertEquals(OfficerScreen.Opening, shell.updates.value.screen)
        }
    }

    @Test
    fun `what was ended or closed does not begin again`() {
        for (ends in listOf<suspend (OfficerShell) -> Unit>({ it.end() }, { it.close() })) {
            cores.clear()
            shelled { shell ->
                core.comes(OfficerScreen.Opening, isPersonal = true)
                runCurrent()
                ends(shell)
                advanceTimeBy(5.seconds)
                assertEquals(listOf(true), cores.map { it.isClosed })
                assertFalse(shell.updates.value.isPersonal)
            }
        }
    }

    @OptIn(ExperimentalCoroutinesApi::class)
    private fun shelled(test: suspend TestScope.(OfficerShell) -> Unit) =
        runTest {
            val shell =
                OfficerShell(phone, backgroundScope) {
                    if (fails-- > 0) throw WalletException.Internal()
                    StandInOfficerCore().also { cores += it }
                }
            val following = launch { shell.follow() }
            runCurrent()
            test(shell)
            following.cancelAndJoin()
        }

    private fun done(
        id: Int,
        answer: OfficerAnswer,
    ): OfficerAction = OfficerAction.Done(id.toULong(), answer)

    private class Phone : OfficerPhone {
        val left = mutableListOf<Place>()
        val shared = mutableListOf<ByteArray>()
        var waits = false
        var isSharing = false

        override fun leave(to: Place) {
            left += to
        }

        override suspend fun share(log: ByteArray) {
            shared += log
            isSharing = true
            try {
                if (waits) awaitCancellation()
            } finally {
                isSharing = false
            }
        }
    }
}
