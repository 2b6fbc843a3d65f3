package org.vidimus

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.vidimus.support.Authority
import org.vidimus.support.FaultyKeyStore
import org.vidimus.support.JdkTransport
import org.vidimus.support.Phone
import org.vidimus.support.reader
import java.nio.file.Path
import kotlin.reflect.KClass
import kotlin.reflect.KVisibility
import kotlin.reflect.full.declaredMemberFunctions
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

class ClosingTest {
    private val keys = FaultyKeyStore()
    private val transport = JdkTransport()

    @TempDir
    private lateinit var folder: Path

    @Test
    fun `closing a presentation while a frame is being made gives the frame up`() =
        withLicense { wallet, id ->
            val presentation = wallet.present(id)
            giveUp({ hangIn("sign", it) }, { presentation.frame() }, { presentation.close() })
            keys.fault = {}
            wallet.present(id).use { it.frame() }
        }

    @Test
    fun `closing a wallet gives up its frames, its enrollments and its refreshes`() {
        withLicense { wallet, id ->
            val presentation = wallet.present(id)
            giveUp({ hangIn("sign", it) }, { presentation.frame() }, { wallet.close() })
        }
        withLicense { wallet, _ ->
            val registered = authority.register()
            val offer = wallet.readOffer(registered.offer)
            giveUp(::hangNetwork, { wallet.enroll(offer, registered.txCode) }, { wallet.close() })
        }
        withLicense { wallet, _ ->
            giveUp(::hangNetwork, { wallet.refresh(RefreshScope.NOW) }, { wallet.close() })
        }
    }

    @Test
    fun `closing at any instant from another thread gives a frame or Closed, never anything else`() =
        withLicense { wallet, id ->
            repeat(100) { round ->
                val presentation = wallet.present(id)
                val frames =
                    List(4) {
                        async(Dispatchers.Default) { runCatching { repeat(8) { presentation.frame() } }.exceptionOrNull() }
                    }
                repeat(round % 10) { yield() }
                presentation.close()
                val failures = frames.awaitAll().filterNotNull()
                assertTrue(failures.all { it is WalletException.Closed }, "$failures")
            }
        }

    @Test
    fun `a closed wallet closes its presentations, and ends their frames`() =
        withLicense { wallet, id ->
            val presentation = wallet.present(id)
            val shown = CompletableDeferred<Frame>()
            val frames = async { presentation.frames().onEach(shown::complete).toList() }
            val first = shown.await()
            wallet.close()
            assertEquals(listOf(first), withTimeout(1.seconds) { frames.await() })
            assertFailsWith<WalletException.Closed> { presentation.frame() }
        }

    @Test
    fun `every function of what is closed throws Closed`() =
        withLicense { wallet, id ->
            val offer = wallet.readOffer(authority.register().offer)
            val reader = authority.reader(wallet)
            val challenge = reader.ask("Patrol 7")
            val request = wallet.readChallenge(challenge.text)
            val presentation = wallet.present(id)
            val verdict = reader.check(presentation.frame().text)
            val bytes = checkNotNull(wallet.trustList())
            val book = ReaderBook.open(folder, keys)
            val look = book.look()
            val faces = FaceCollector()
            repeat(2) {
                wallet.close()
                presentation.close()
                reader.close()
                book.close()
                faces.close()
            }
            assertClosed(
                Wallet::class,
                "readOffer" to { wallet.readOffer("") },
                "enroll" to { wallet.enroll(offer) },
                "applyBySigningIn" to { wallet.applyBySigningIn(SignInClient("test", "http://127.0.0.1/callback", emptyList())) },
                "resume" to { wallet.resume("http://127.0.0.1/callback") },
                "abandonSignIn" to { wallet.abandonSignIn() },
                "applications" to { wallet.applications() },
                "dismiss" to { wallet.dismiss("") },
                "licenses" to { wallet.licenses() },
                "portrait" to { wallet.portrait(id) },
                "remove" to { wallet.remove(id) },
                "refresh" to { wallet.refresh() },
                "present" to { wallet.present(id) },
                "readChallenge" to { wallet.readChallenge("") },
                "answer" to { wallet.answer(id, request) },
                "activity" to { wallet.activity() },
                "examine" to { wallet.examine() },
                "trustList" to { wallet.trustList() },
                "time" to { wallet.time() },
            )
            assertClosed(
                Presentation::class,
                "frame" to { presentation.frame() },
                "showFace" to { presentation.showFace(true) },
                "remaining" to { presentation.remaining() },
                "end" to { presentation.end() },
            )
            assertClosed(
                Verifier::class,
                "setTrustList" to { reader.setTrustList(bytes) },
                "setBundle" to { reader.setBundle(bytes) },
                "forgetBundles" to { reader.forgetBundles() },
                "ask" to { reader.ask("Patrol 7") },
                "askByDigits" to { reader.askByDigits() },
                "check" to { reader.check("") },
                "remembered" to { reader.remembered() },
                "remember" to { reader.remember(bytes) },
            )
            assertClosed(
                ReaderBook::class,
                "trust" to { book.trust(TrustedAuthority(authority.rootKey, authority.issuer, emptyList())) },
                "distrust" to { book.distrust("") },
                "status" to { book.status() },
                "examine" to { book.examine() },
                "refresh" to { book.refresh() },
                "check" to { book.check("") },
                "look" to { book.look() },
                "ask" to { book.ask("Patrol 7") },
                "askByDigits" to { book.askByDigits() },
                "log" to { book.log() },
                "exportedLog" to { book.exportedLog() },
                "forgetLog" to { book.forgetLog(0) },
            )
            assertClosed(Look::class, "take" to { look.take(listOf("")) })
            assertClosed(FaceCollector::class, "take" to { faces.take("") }, "face" to { faces.face(verdict) })
            // These two end instead, and what was read stays readable.
            wallet.keepFresh()
            assertTrue(presentation.frames().toList().isEmpty())
            assertEquals(id, wallet.status.value.licenses.single().id)
            assertEquals(authority.issuer, wallet.authority)
        }

    /** Holds the list itself to naming every public function but those that end instead. */
    private suspend fun assertClosed(
        of: KClass<*>,
        vararg calls: Pair<String, suspend () -> Any?>,
    ) {
        val functions = of.declaredMemberFunctions.filter { it.visibility == KVisibility.PUBLIC }.map { it.name }
        assertEquals(functions.toSet() - setOf("close", "keepFresh", "frames"), calls.map { it.first }.toSet())
        for ((name, call) in calls) {
            val failure = assertFailsWith<WalletException.Closed>(name) { call() }
            assertFalse("Core" in failure.toString())
        }
    }

    private suspend fun CoroutineScope.giveUp(
        hang: (CompletableDeferred<Unit>) -> Unit,
        call: suspend () -> Unit,
        close: () -> Unit,
    ) {
        val reached = CompletableDeferred<Unit>()
        hang(reached)
        val given = async(Dispatchers.Default) { assertFailsWith<WalletException.Closed> { call() } }
        withTimeout(10.seconds) { reached.await() }
        close()
        withTimeout(1.seconds) { given.await() }
    }

    private fun hangIn(
        function: String,
        reached: CompletableDeferred<Unit>,
    ) = keys.breakIn(function) {
        reached.complete(Unit)
        awaitCancellation()
    }

    private fun hangNetwork(reached: CompletableDeferred<Unit>) {
        transport.before = {
            reached.complete(Unit)
            awaitCancellation()
        }
    }

    private fun withLicense(test: suspend CoroutineScope.(Wallet, String) -> Unit): Unit =
        runBlocking {
            keys.fault = {}
            transport.before = {}
            Phone(authority, keys).use { phone ->
                phone.create(network = transport).use { wallet ->
                    val registered = authority.register()
                    test(wallet, wallet.enroll(wallet.readOffer(registered.offer), registered.txCode))
                }
            }
        }

    private companion object {
        val authority = Authority()

        @JvmStatic
        @AfterAll
        fun close() = authority.close()
    }
}
