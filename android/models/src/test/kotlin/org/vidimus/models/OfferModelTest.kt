package org.vidimus.models

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import org.junit.jupiter.api.Test
import org.vidimus.IssuerStanding
import org.vidimus.NetworkProblem
import org.vidimus.OfferProblem
import org.vidimus.TxCode
import org.vidimus.WalletException
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

class OfferModelTest {
    private val taken = mutableListOf<String?>()
    private val came = mutableListOf<String>()
    private var reading: suspend (String) -> ReadOffer = { offer() }
    private var taking: suspend () -> String = { "license" }

    @Test
    fun `an offer is proven where the library says that its issuer is the authority`() =
        runTest {
            for (standing in IssuerStanding.entries) {
                reading = { offer(standing = standing, name = "Authority of A") }
                val state = checkNotNull(read().state.value)
                assertEquals(standing == IssuerStanding.AUTHORITY, state.proven, standing.name)
                assertEquals("Authority of A", state.name)
            }
        }

    @Test
    fun `an offer that cannot be read says why, and its text stays to be mended`() =
        runTest {
            reading = { throw WalletException.Offer(OfferProblem.GONE) }
            val model = read("used up")
            assertEquals(WelcomeState("used up", refusal = Refusal.OFFER_GONE), model.welcome.value)
            assertNull(model.state.value)
            model.type("another")
            assertEquals(WelcomeState("another"), model.welcome.value)
        }

    @Test
    fun `a second finger reads no second time, and nothing is nothing to read`() =
        runTest {
            var read = 0
            reading = {
                read++
                delay(1.seconds)
                offer()
            }
            val model = model()
            model.read { came += "read" }
            assertFalse(model.welcome.value.reading)
            model.type(" an offer ")
            repeat(3) { model.read { came += "read" } }
            model.type("typed while it is read")
            advanceTimeBy(2.seconds)
            assertEquals(1, read)
            assertEquals(listOf("read"), came)
            assertEquals(" an offer ", model.welcome.value.text)
        }

    @Test
    fun `a field of digits takes digits of any script, as many as there are`() =
        runTest {
            reading = { offer(TxCode(numeric = true, length = 6, description = "in the letter")) }
            val model = read()
            val typed =
                mapOf(
                    "493536" to "493536",
                    " 49-35 36 " to "493536",
                    "٤٩٣٥٣٦" to "493536",
                    "۴۹۳۵۳۶" to "493536",
                    "৪৯৩৫৩৬" to "493536",
                    "4935367" to "493536",
                    "4a9" to "49",
                    "" to "",
                )
            for ((text, kept) in typed) {
                model.typeCode(text)
                val state = checkNotNull(model.state.value)
                assertEquals(CodeField(kept, numeric = true, length = 6, hint = "in the letter"), state.code)
                assertEquals(kept.length == 6, state.mayTake)
            }
        }

    @Test
    fun `a field of letters takes what can be printed`() =
        runTest {
            reading = { offer(TxCode(numeric = false, length = null, description = null)) }
            val model = read()
            assertFalse(checkNotNull(model.state.value).mayTake)
            model.typeCode(" Ab-٣\u0000\ud800\n ")
            assertEquals("Ab-3", model.state.value?.code?.text)
            model.typeCode("x".repeat(1_000))
            assertEquals(64, model.state.value?.code?.text?.length)
        }

    @Test
    fun `a wrong code clears the code and nothing else`() =
        runTest {
            val wrong = listOf(OfferProblem.REFUSED, OfferProblem.TX_CODE_MALFORMED, OfferProblem.TX_CODE_REQUIRED)
            for (problem in wrong) {
                taking = { throw WalletException.Offer(problem) }
                val model = readWithCode("123456")
                val before = checkNotNull(model.state.value)
                take(model)
                val expected = before.copy(code = before.code?.copy(text = ""), refusal = Refusal.of(WalletException.Offer(problem)))
                assertEquals(expected, model.state.value)
            }
        }

    @Test
    fun `without a network the code stays, and the same offer is taken up again`() =
        runTest {
            taking = { throw WalletException.Network(NetworkProblem.UNREACHABLE) }
            val model = readWithCode("123456")
            take(model)
            assertEquals("123456", model.state.value?.code?.text)
            assertEquals(Refusal.NO_NETWORK, model.state.value?.refusal)
            taking = { "license" }
            take(model)
            assertEquals(listOf("license"), came)
            assertEquals(listOf<String?>("123456", "123456"), taken)
            assertNull(model.state.value, "the code is forgotten")
        }

    @Test
    fun `a second finger takes no second license`() =
        runTest {
            val answer = CompletableDeferred<String>()
            taking = { answer.await() }
            val model = readWithCode("123456")
            repeat(3) { take(model) }
            assertEquals(true, model.state.value?.issuing)
            assertEquals(false, model.state.value?.mayTake)
            answer.complete("license")
            runCurrent()
            assertEquals(1, taken.size)
            assertEquals(listOf("license"), came)
        }

    @Test
    fun `an enrollment that was stopped says so, and the next one waits for what it still writes`() =
        runTest {
            taking = {
                try {
                    awaitCancellation()
                } finally {
                    withContext(NonCancellable) { delay(1.seconds) }
                }
            }
            val model = readWithCode("123456")
            take(model)
            assertTrue(model.cancel())
            assertEquals(Refusal.CANCELLED, model.state.value?.refusal)
            assertEquals(true, model.state.value?.mayTake)
            assertFalse(model.cancel(), "nothing is under way any more")
            taking = { "license" }
            take(model)
            assertEquals(1, taken.size)
            advanceTimeBy(2.seconds)
            assertEquals(listOf("license"), came)
        }

    @Test
    fun `reading that was stopped leaves the text`() =
        runTest {
            reading = { awaitCancellation() }
            val model = read("an offer")
            assertTrue(model.cancel())
            runCurrent()
            assertEquals(WelcomeState("an offer"), model.welcome.value)
        }

    @Test
    fun `a phone that had a license before says so while an offer is typed and read`() =
        runTest {
            val model = OfferModel(backgroundScope, mayGoBack = false, again = true) { offer() }
            assertTrue(model.welcome.value.again)
            model.type("an offer")
            model.read {}
            runCurrent()
            assertTrue(model.welcome.value.again)
        }

    private fun TestScope.model() = OfferModel(backgroundScope, mayGoBack = false) { reading(it) }

    private fun TestScope.read(text: String = "an offer"): OfferModel {
        val model = model()
        model.type(text)
        model.read { came += "read" }
        runCurrent()
        came.clear()
        return model
    }

    private fun TestScope.readWithCode(code: String): OfferModel {
        reading = { offer(TxCode(numeric = true, length = 6, description = null)) }
        return read().also { it.typeCode(code) }
    }

    private fun TestScope.take(model: OfferModel) {
        model.take { came += it }
        runCurrent()
    }

    private fun offer(
        code: TxCode? = null,
        standing: IssuerStanding = IssuerStanding.AUTHORITY,
        name: String? = null,
    ) = ReadOffer("https://a.example", name, standing, code) {
        taken += it
        taking()
    }
}
