package org.vidimus.app

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Test
import org.vidimus.CoreCancelToken
import org.vidimus.CoreDriverApp
import org.vidimus.NoHandle
import org.vidimus.WalletException
import org.vidimus.liveObjects
import org.vidimus.provokeAsyncPanic
import org.vidimus.provokePanic
import org.vidimus.support.Authority
import org.vidimus.support.Phone
import org.vidimus.uniffiForeignFutureHandleCount
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** How the updates of an app come, and how they end. */
class UpdatesTest {
    @Test
    fun `each collector begins with what is on the screen now`() =
        withApp { app ->
            val shell = Shell(app)
            shell.sees { screen -> screen as? Screen.Welcome }
            repeat(3) {
                val update = withTimeout(1.seconds) { app.updates.first() }
                assertIs<Screen.Welcome>(update.screen)
                assertTrue(update.number >= checkNotNull(shell.seen).number)
            }
        }

    @Test
    fun `a slow collector sees the newest and not each`() =
        withApp { app ->
            Shell(app).sees { screen -> screen as? Screen.Welcome }
            val texts = mutableListOf<String>()
            val collector =
                launch(Dispatchers.Default) {
                    app.updates.collect { update ->
                        texts.add((update.screen as Screen.Welcome).v1.offer.text)
                        if (texts.last() == "100") return@collect app.end()
                        delay(100)
                    }
                }
            delay(50)
            for (number in 1..100) app.send(Action.TypeOffer("$number", number.toULong()))
            withTimeout(10.seconds) { collector.join() }
            assertEquals("100", texts.last())
            assertTrue(texts.size < 20, "${texts.size} updates of 100")
        }

    @Test
    fun `the flow completes after the end, and after the app was closed`() {
        val ways: List<suspend (DriverApp) -> Unit> = listOf({ it.end() }, { it.close() })
        for (end in ways) {
            withApp { app ->
                val begun = CompletableDeferred<Unit>()
                val updates =
                    async(Dispatchers.Default) {
                        app.updates.collect { begun.complete(Unit) }
                        true
                    }
                begun.await()
                end(app)
                assertTrue(withTimeout(5.seconds) { updates.await() })
                assertEquals(emptyList(), withTimeout(5.seconds) { app.updates.toList() })
                assertNull(app.next())
            }
        }
    }

    @Test
    fun `after the end nothing that is called does anything`() =
        withApp { app ->
            Shell(app).sees { screen -> screen as? Screen.Welcome }
            repeat(2) { app.end() }
            app.close()
            app.send(Action.TypeOffer("x", 1uL))
            assertNull(app.picture("x"))
            assertNull(app.frame(1uL, 1uL))
            assertNull(app.saved())
            assertNull(app.next(7uL))
        }

    @Test
    fun `whoever is cancelled waits no more, and leaves no object behind`() =
        withPhone { phone ->
            val none = settled()
            val app = phone.start()
            val shell = Shell(app)
            shell.sees { screen -> screen as? Screen.Welcome }
            assertNull(withTimeoutOrNull(50.milliseconds) { app.next(ULong.MAX_VALUE) })
            val one = settled()
            repeat(50) {
                val collector = launch(Dispatchers.Default) { app.updates.collect {} }
                val waiter = launch(Dispatchers.Default) { app.next(ULong.MAX_VALUE) }
                delay(2)
                withTimeout(1.seconds) {
                    collector.cancelAndJoin()
                    waiter.cancelAndJoin()
                }
            }
            assertEquals(one, settled())
            app.end()
            assertEquals(none, settled())
        }

    @Test
    fun `an end that is cancelled half-way is an end all the same`() =
        withApp { app ->
            Shell(app).sees { screen -> screen as? Screen.Welcome }
            val end = launch(start = kotlinx.coroutines.CoroutineStart.UNDISPATCHED) { app.end() }
            end.cancelAndJoin()
            assertNull(app.next())
        }

    @Test
    fun `eight threads send and read at once, and one ends the app under them`() =
        withApp { app ->
            Shell(app).sees { screen -> screen as? Screen.Welcome }
            val calls = AtomicInteger()
            val threads =
                List(8) { thread ->
                    async(Dispatchers.IO) {
                        repeat(200) { round ->
                            app.send(Action.TypeOffer("$thread", (thread * 1_000 + round).toULong()))
                            app.saved()
                            app.picture("$round")
                            app.frame(1uL, round.toULong())
                            if (round == 100 && thread == 0) app.end()
                            calls.incrementAndGet()
                        }
                        app.updates.toList()
                    }
                }
            // A thread that is done before the end sees updates. Each stops at the end, and none
            // comes after it.
            withTimeout(20.seconds) { threads.awaitAll() }
            assertEquals(emptyList(), app.updates.toList())
            assertEquals(1_600, calls.get())
        }

    @Test
    fun `a text with half a character comes as one with an unknown character`() =
        withApp { app ->
            val shell = Shell(app)
            shell.sees { screen -> screen as? Screen.Welcome }
            val half = "a\ud83d"
            app.send(Action.TypeOffer(half, 1uL))
            val text = shell.sees { screen -> (screen as? Screen.Welcome)?.v1?.offer?.text?.takeIf { it.isNotEmpty() } }
            assertTrue(text.length == 2 && text[0] == 'a' && !text[1].isSurrogate(), "${text.length}")
            app.send(Action.TypeOffer("", 2uL))
            val others = listOf(Action.TypeCode(half, 3uL), Action.TypeAnswer(half, 4uL), Action.AskToRemove(half))
            others.forEach(app::send)
            assertNull(app.picture(half))
            app.send(Action.Scan)
            val camera = shell.sees { screen -> (screen as? Screen.Scan)?.let { shell.seen }?.effects?.firstOrNull { it.ask == Ask.Camera } }
            app.send(Action.Done(camera.id, Answer.Seen(half)))
            shell.sees { screen -> (screen as? Screen.Welcome)?.v1?.takeIf { it.refusal != null } }
            app.send(Action.Link(half))
            assertNotNull(app.next())
        }

    @Test
    fun `a name of this start of the device that has not 16 bytes is refused at once`(): Unit =
        runBlocking {
            Phone(authority).use { phone ->
                for (size in listOf(0, 15, 17)) {
                    assertFailsWith<WalletException.InvalidArgument> { phone.start(bootId = ByteArray(size)) }
                }
                phone.start(bootId = ByteArray(16)).close()
            }
        }

    @Test
    fun `a fault of the library ends the updates and not the process`() {
        class Faulty : CoreDriverApp(NoHandle) {
            override suspend fun next(
                after: ULong,
                cancel: CoreCancelToken,
            ): Update? = null.also { provokeAsyncPanic("the text of a panic") }

            override fun send(action: Action) = provokePanic("the text of a panic")

            override fun saved(): ByteArray? = null.also { provokePanic("the text of a panic") }
        }
        runBlocking {
            assertEquals(emptyList(), withTimeout(5.seconds) { DriverApp(Faulty()).updates.toList() })
            for (call in listOf<(DriverApp) -> Unit>({ it.send(Action.Back) }, { assertNull(it.saved()) })) {
                val app = DriverApp(Faulty())
                call(app)
                // The app has ended, so no wait is left open.
                assertNull(withTimeout(5.seconds) { app.next() })
            }
        }
    }

    private fun withApp(test: suspend CoroutineScope.(DriverApp) -> Unit): Unit = withPhone { phone -> phone.start().use { test(it) } }

    private fun withPhone(test: suspend CoroutineScope.(Phone) -> Unit): Unit = runBlocking { Phone(authority).use { test(it) } }

    /**
     * Objects of the library that are alive, and calls of ours that it waits for, once no more of
     * them go.
     */
    private suspend fun settled(): List<Int> {
        System.gc()
        var now = listOf(liveObjects(), uniffiForeignFutureHandleCount())
        withTimeout(20.seconds) {
            do {
                val last = now
                delay(300)
                now = listOf(liveObjects(), uniffiForeignFutureHandleCount())
            } while (now != last)
        }
        return now
    }

    private companion object {
        val authority = Authority()

        @JvmStatic
        @AfterAll
        fun close() = authority.close()
    }
}
