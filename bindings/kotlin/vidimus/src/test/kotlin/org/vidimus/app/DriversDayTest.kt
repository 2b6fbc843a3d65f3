package org.vidimus.app

import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Test
import org.vidimus.ActivityEvent
import org.vidimus.DeviceException
import org.vidimus.KeyStore
import org.vidimus.Verdict
import org.vidimus.png
import org.vidimus.support.Authority
import org.vidimus.support.FaultyKeyStore
import org.vidimus.support.Phone
import org.vidimus.support.reader
import org.vidimus.support.scan
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/**
 * The driver's app in Kotlin on the real wallet and the real authority. What each screen says is
 * told by the scenarios.
 */
class DriversDayTest {
    private val keys = FaultyKeyStore()

    @Test
    fun `a driver lives from the first screen to a code that a reader accepts`() =
        withPhone { phone ->
            val shell = Shell(phone.start())
            shell.send(Action.Seen(hasLock = true))
            shell.enroll(authority.register())
            val card = shell.sees { screen -> (screen as? Screen.License)?.v1?.card }
            assertEquals("Zoë 美咲 Nakamura-Østergård", card.holder?.name)
            assertEquals(Tone.GOOD, card.status.sign.tone)
            val portrait = assertNotNull(shell.app.picture(checkNotNull(card.portrait)))
            assertContentEquals(byteArrayOf(0xff.toByte(), 0xd8.toByte()), portrait.copyOf(2))
            assertNull(shell.app.picture("of nobody"))

            shell.send(Action.Show)
            val code = shell.code()
            val symbol = assertNotNull(shell.app.frame(code.showing, code.frame))
            val text = scan(symbol.png())
            assertNull(shell.app.frame(code.showing, code.frame + 1uL))
            shell.send(Action.EndShow)
            shell.sees { screen -> ((screen as? Screen.Show)?.v1?.phase as? ShowPhase.Over) }
            assertNull(shell.app.frame(code.showing, code.frame), "what is no longer shown is no longer there")
            shell.app.end()

            phone.open().use { wallet ->
                authority.reader(wallet).use { officer ->
                    val verdict = assertIs<Verdict.Accept>(officer.check(text))
                    assertTrue(verdict.license.licenseNumber.startsWith("ZZ-4711-0815"))
                }
            }
        }

    @Test
    fun `what is shown when the app ends stands in the log once the end has returned`() =
        withPhone { phone ->
            val shell = Shell(phone.start())
            shell.enroll(authority.register())
            shell.send(Action.Show)
            shell.code()
            shell.app.end()
            phone.open().use { wallet ->
                val shown = wallet.activity().entries.map { it.event }
                assertEquals(1, shown.filterIsInstance<ActivityEvent.Shown>().size)
            }
        }

    @Test
    fun `a code that was typed is there again after the system has ended the app`() =
        withPhone { phone ->
            val first = Shell(phone.start())
            val registered = authority.register()
            first.sees { screen -> screen as? Screen.Welcome }
            first.send(Action.TypeOffer(registered.offer, first.edit()))
            first.send(Action.ReadOffer)
            first.sees { screen -> screen as? Screen.Offer }
            val code = registered.txCode.take(3)
            first.send(Action.TypeCode(code, first.edit()))
            first.sees { screen -> (screen as? Screen.Offer)?.v1?.code?.takeIf { it.field.text == code } }
            val saved = first.leave()
            first.app.end()
            assertTrue(saved.size <= 8192, "${saved.size} bytes")
            for (secret in listOf(code, registered.offer.takeLast(20))) {
                assertTrue(secret.toByteArray().toList() !in saved.toList().windowed(secret.length), "$secret is not sealed")
            }

            val again = Shell(phone.start(saved))
            val field = again.sees { screen -> (screen as? Screen.Offer)?.v1?.code }
            assertEquals(code, field.field.text)
            again.app.end()

            // What somebody changed counts for nothing.
            saved[saved.lastIndex] = (saved.last() + 1).toByte()
            val changed = Shell(phone.start(saved))
            assertEquals("", changed.sees { screen -> (screen as? Screen.Welcome)?.v1 }.offer.text)
            changed.app.end()
        }

    @Test
    fun `keys that are locked block the app, and open it once the phone is unlocked`() =
        withPhone { phone ->
            phone.create().close()
            keys.breakIn("unwrap") { throw DeviceException.Locked() }
            val shell = Shell(phone.start())
            assertEquals(Trouble.DEVICE_LOCKED, blocked(shell).story.trouble)
            keys.fault = {}
            shell.send(Action.Act(TroubleAction.UNLOCK))
            shell.sees { screen -> screen as? Screen.Welcome }
            shell.app.end()
        }

    @Test
    fun `a key store that does not say which keys it makes blocks the app, and works when it is tried again`() =
        withPhone { phone ->
            class Odd(
                good: KeyStore,
            ) : KeyStore by good {
                @Volatile
                var broken = true
                private val algorithm = good.holderAlgorithm
                override val holderAlgorithm get() = if (broken) error("a text of its own") else algorithm
            }
            phone.create().close()
            val odd = Odd(phone.keys as KeyStore)
            val shell = Shell(phone.start(keys = odd))
            assertEquals(Trouble.KEY_STORE, blocked(shell).story.trouble)
            odd.broken = false
            shell.send(Action.Act(TroubleAction.RETRY))
            shell.sees { screen -> screen as? Screen.Welcome }
            shell.enroll(authority.register())
            shell.app.end()
        }

    /** Leaves the app, and gives what it keeps from then on. */
    private suspend fun Shell.leave(): ByteArray {
        val before = app.saved()
        send(Action.Left)
        return withTimeout(20.seconds) {
            var last = before
            // What was typed may still be sealed; it is kept once nothing more comes.
            do {
                val now = app.saved()
                val isNews = now == null || now.contentEquals(before) || !now.contentEquals(last)
                last = now
                if (isNews) delay(300)
            } while (isNews)
            checkNotNull(last)
        }
    }

    private suspend fun blocked(shell: Shell): BlockedScreen = shell.sees { screen -> (screen as? Screen.Blocked)?.v1 }

    private fun withPhone(test: suspend (Phone) -> Unit): Unit = runBlocking { Phone(authority, keys).use { test(it) } }

    private companion object {
        val authority = Authority()

        @JvmStatic
        @AfterAll
        fun close() = authority.close()
    }
}
