package org.vidimus

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import org.vidimus.support.Authority
import org.vidimus.support.FaultyKeyStore
import org.vidimus.support.JdkTransport
import org.vidimus.support.Phone
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime

/** What hangs is left at once by anyone who cancels, and can be done again. */
class CancellationTest {
    private val keys = FaultyKeyStore()
    private val transport = JdkTransport()

    @Test
    fun `an enrollment whose network hangs is cancelled, and goes on with the same offer`() =
        withWallet { wallet ->
            val registered = authority.register()
            val offer = wallet.readOffer(registered.offer)
            cancelHalfWay(::hangNetwork) { wallet.enroll(offer, registered.txCode) }
            assertTrue(wallet.licenses().isEmpty())
            transport.before = {}
            val id = wallet.enroll(offer, registered.txCode)
            assertEquals(id, wallet.licenses().single().id)
        }

    @ParameterizedTest
    @ValueSource(strings = ["/token", "/nonce", "/credential"])
    fun `an enrollment that is cancelled around any request still brings the license`(end: String) =
        withWallet { wallet ->
            for (late in listOf(false, true)) {
                val registered = authority.register()
                val offer = wallet.readOffer(registered.offer)
                val cancelled = CompletableDeferred<Unit>()
                cancelHalfWay({ delayNetwork(it, end, late, cancelled) }) { wallet.enroll(offer, registered.txCode) }
                cancelled.complete(Unit)
                val id = wallet.enroll(offer, registered.txCode)
                assertTrue(id in wallet.licenses().map { it.id }, "late: $late")
            }
        }

    @Test
    fun `a refresh whose network hangs is cancelled, and can be called again`() =
        withWallet { wallet ->
            enroll(wallet)
            cancelHalfWay(::hangNetwork) { wallet.refresh(RefreshScope.NOW) }
            transport.before = {}
            assertTrue(wallet.refresh(RefreshScope.NOW).failures.isEmpty())
        }

    @Test
    fun `a refresh whose network hangs ends within its budget`() =
        withWallet { wallet ->
            enroll(wallet)
            transport.before = { awaitCancellation() }
            val took =
                measureTime {
                    val report = wallet.refresh(RefreshScope.NOW, budget = 300.milliseconds)
                    assertTrue(report.failures.isNotEmpty())
                }
            assertTrue(took < 3.seconds, "it took $took")
        }

    @Test
    fun `a frame whose key hangs is cancelled, and the next one is made`() =
        withWallet { wallet ->
            wallet.present(enroll(wallet)).use { presentation ->
                cancelHalfWay({ reached -> hangKeys("sign", reached) }) { presentation.frame() }
                keys.fault = {}
                presentation.frame()
                presentation.end()
            }
        }

    @Test
    fun `opening with keys that hang is cancelled, and a time limit of the caller's own holds`(): Unit =
        runBlocking {
            Phone(authority, keys).use { phone ->
                phone.create().close()
                cancelHalfWay({ reached -> hangKeys("unwrap", reached) }) { phone.open() }
                assertNull(withTimeoutOrNull(200.milliseconds) { phone.open() })
                keys.fault = {}
                phone.open().close()
            }
        }

    private fun hangNetwork(
        reached: CompletableDeferred<Unit>,
        at: (HttpRequest) -> Boolean = { true },
    ) {
        transport.before = {
            if (at(it)) {
                reached.complete(Unit)
                awaitCancellation()
            }
        }
    }

    private fun hangNetwork(reached: CompletableDeferred<Unit>) = hangNetwork(reached) { true }

    /** A request goes out, or its answer comes in, only after the enrollment was cancelled. */
    private fun delayNetwork(
        reached: CompletableDeferred<Unit>,
        end: String,
        late: Boolean,
        until: CompletableDeferred<Unit>,
    ) {
        val wait: suspend (HttpRequest, Boolean) -> Unit = { request, isLate ->
            if (request.url.endsWith(end) && late == isLate) {
                reached.complete(Unit)
                until.await()
            }
        }
        transport.before = { wait(it, false) }
        transport.after = { request, answer -> answer.also { wait(request, true) } }
    }

    private fun hangKeys(
        function: String,
        reached: CompletableDeferred<Unit>,
    ) = keys.breakIn(function) {
        reached.complete(Unit)
        awaitCancellation()
    }

    /** Starts a call, waits until it hangs, cancels it, and holds it to leaving at once. */
    private suspend fun CoroutineScope.cancelHalfWay(
        hang: (CompletableDeferred<Unit>) -> Unit,
        call: suspend () -> Unit,
    ) {
        val reached = CompletableDeferred<Unit>()
        hang(reached)
        val job = launch(Dispatchers.Default) { call() }
        withTimeout(10.seconds) { reached.await() }
        val took = measureTime { job.cancelAndJoin() }
        assertTrue(took < 1.seconds, "it left after $took")
        assertTrue(job.isCancelled)
    }

    private suspend fun enroll(wallet: Wallet): String {
        val registered = authority.register()
        return wallet.enroll(wallet.readOffer(registered.offer), registered.txCode)
    }

    private fun withWallet(test: suspend CoroutineScope.(Wallet) -> Unit): Unit = runBlocking { Phone(authority, keys).use { phone -> phone.create(network = transport).use { test(it) } } }

    private companion object {
        val authority = Authority()

        @JvmStatic
        @AfterAll
        fun close() = authority.close()
    }
}
