package org.vidimus

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Test
import org.vidimus.support.Authority
import org.vidimus.support.FaultyKeyStore
import org.vidimus.support.Phone
import org.vidimus.support.reader
import java.io.PrintWriter
import java.io.StringWriter
import java.util.concurrent.CountDownLatch
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime

class KeyStoreFaultsTest {
    private val keys = FaultyKeyStore()

    @Test
    fun `each error of a key store arrives as what it means`() {
        val meanings =
            listOf(
                DeviceException.Unavailable() to KeyStoreProblem.UNAVAILABLE,
                DeviceException.Locked() to KeyStoreProblem.LOCKED,
                DeviceException.Invalidated() to VaultProblem.KEY_INVALIDATED,
                DeviceException.NotFound() to VaultProblem.OTHER_DEVICE,
                DeviceException.Refused() to VaultProblem.OTHER_DEVICE,
                DeviceException.Failed() to KeyStoreProblem.FAILED,
                DeviceException.Timeout() to KeyStoreProblem.TIMEOUT,
                DeviceException.Unreachable() to KeyStoreProblem.FAILED,
                DeviceException.Certificate() to KeyStoreProblem.FAILED,
                DeviceException.TooLarge() to KeyStoreProblem.FAILED,
                DeviceException.Broken() to KeyStoreProblem.FAILED,
            )
        withPhone { phone ->
            phone.create().close()
            for ((thrown, meaning) in meanings) {
                keys.breakIn("unwrap") { throw thrown }
                val problem =
                    when (val failure = assertFailsWith<WalletException> { phone.open() }) {
                        is WalletException.KeyStore -> failure.reason
                        is WalletException.Vault -> failure.reason
                        else -> failure
                    }
                assertEquals(meaning, problem, "${thrown::class}")
            }
            keys.fault = {}
            phone.open().close()
        }
    }

    @Test
    fun `whatever else is thrown, even an Error, is a failure without its text`() {
        val thrown =
            listOf(
                IllegalStateException(SECRET),
                java.io.IOException(SECRET, RuntimeException(SECRET)),
                NotImplementedError(SECRET),
                OutOfMemoryError(SECRET),
                AssertionError(SECRET),
                object : Throwable(SECRET) {},
                kotlinx.coroutines.CancellationException(SECRET),
            )
        withPhone { phone ->
            phone.create().close()
            for (any in thrown) {
                keys.breakIn("unwrap") { throw any }
                val failure = withTimeout(5.seconds) { assertFailsWith<WalletException.KeyStore> { phone.open() } }
                assertEquals(KeyStoreProblem.FAILED, failure.reason, "${any::class}")
                val whole = StringWriter().also { failure.printStackTrace(PrintWriter(it)) }.toString()
                assertFalse(SECRET in whole, "${any::class}")
            }
        }
    }

    @Test
    fun `a fault in any function is the failure of what needed it, and all works again after it`() {
        withPhone { phone ->
            keys.breakIn("wrap") { throw NotImplementedError() }
            assertFailsWith<WalletException.KeyStore> { phone.create() }
            keys.fault = {}
            phone.create().use { wallet ->
                val registered = authority.register()
                keys.breakIn("createHolderKey") { throw NotImplementedError() }
                val offer = wallet.readOffer(registered.offer)
                assertFailsWith<WalletException.KeyStore> { wallet.enroll(offer, registered.txCode) }
                keys.fault = {}
                val id = wallet.enroll(offer, registered.txCode)
                wallet.present(id).use { presentation ->
                    keys.breakIn("sign") { throw DeviceException.Locked() }
                    val locked = assertFailsWith<WalletException.KeyStore> { presentation.frame() }
                    assertEquals(KeyStoreProblem.LOCKED, locked.reason)
                    keys.fault = {}
                    authority.reader(wallet).use { assertIs<Verdict.Accept>(it.check(presentation.frame().text)) }
                }
            }
        }
    }

    @Test
    fun `keys and signatures of the wrong length are failures`() {
        class Odd(
            private val good: KeyStore,
        ) : KeyStore by good {
            @Volatile
            var odd = false

            override suspend fun unwrap(wrapped: ByteArray) = if (odd) ByteArray(31) else good.unwrap(wrapped)
        }
        val odd = Odd(keys)
        withPhone { phone ->
            phone.create(odd).close()
            odd.odd = true
            assertEquals(KeyStoreProblem.FAILED, assertFailsWith<WalletException.KeyStore> { phone.open(odd) }.reason)
        }
    }

    @Test
    fun `a key store that never answers is given up after ten seconds, whether it suspends or blocks`() {
        val late = CountDownLatch(1)
        withPhone { first ->
            Phone(authority).use { second ->
                val blocking = FaultyKeyStore()
                first.create().close()
                second.create(blocking).close()
                val left = CompletableDeferred<Unit>()
                keys.breakIn("unwrap") {
                    try {
                        awaitCancellation()
                    } finally {
                        left.complete(Unit)
                    }
                }
                blocking.breakIn("unwrap") { late.await() }
                val took =
                    measureTime {
                        val openings =
                            listOf(
                                async { assertFailsWith<WalletException.KeyStore> { first.open() } },
                                async { assertFailsWith<WalletException.KeyStore> { second.open(blocking) } },
                            )
                        openings.forEach { assertEquals(KeyStoreProblem.TIMEOUT, it.await().reason) }
                    }
                assertTrue(took in 9.seconds..15.seconds, "it took $took")
                withTimeout(3.seconds) { left.await() }
                // The late answer comes to no one, and harms no one.
                late.countDown()
                delay(1.seconds)
                blocking.fault = {}
                second.open(blocking).close()
            }
        }
    }

    private fun withPhone(test: suspend kotlinx.coroutines.CoroutineScope.(Phone) -> Unit): Unit = runBlocking { Phone(authority, keys).use { test(it) } }

    private companion object {
        const val SECRET = "the text of a foreign exception"
        val authority = Authority()

        @JvmStatic
        @AfterAll
        fun close() = authority.close()
    }
}
