package org.vidimus.models

import app.cash.turbine.test
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.vidimus.ChallengeProblem
import org.vidimus.StorageProblem
import org.vidimus.WalletException
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull

class AnswerModelTest {
    private val failures = mutableListOf<WalletException>()
    private var reading: suspend (String) -> Question = { Question(Asker(it, proven = false)) { error("nobody answers") } }

    @Test
    fun `eight digits of any script are taken, and no more`() =
        runTest {
            val model = model()
            for ((typed, kept) in mapOf("1234 5678" to "12345678", "১২৩৪৫৬৭৮৯" to "12345678", "١٢" to "12", "DLQ1:ab" to "1")) {
                model.type(typed)
                assertEquals(AnswerState(kept), model.state.value)
            }
        }

    @Test
    fun `who asks is told, until another is typed`() =
        runTest {
            val model = model()
            model.state.test {
                assertEquals(AnswerState(), awaitItem())
                model.type("12345678")
                assertEquals(AnswerState("12345678"), awaitItem())
                model.readTyped()
                assertEquals(AnswerState("12345678", asker = Asker("12345678", proven = false)), awaitItem())
                assertNotNull(model.question)
                model.type("1234567")
                assertEquals(AnswerState("1234567"), awaitItem())
                assertNull(model.question)
            }
        }

    @Test
    fun `a question that is none, or was recorded, says so until another is typed`() =
        runTest {
            val problems =
                mapOf(
                    WalletException.Challenge(ChallengeProblem.MALFORMED) to AnswerProblem.MALFORMED,
                    WalletException.Challenge(ChallengeProblem.RECORDED) to AnswerProblem.RECORDED,
                    WalletException.Challenge(ChallengeProblem.OVER) to AnswerProblem.RECORDED,
                    WalletException.InvalidArgument() to AnswerProblem.MALFORMED,
                )
            val model = model()
            for ((thrown, problem) in problems) {
                reading = { throw thrown }
                model.read("DLQ1:")
                runCurrent()
                assertEquals(problem, model.state.value.problem)
                assertNull(model.question)
                model.type("1")
                assertNull(model.state.value.problem)
            }
        }

    @Test
    fun `what is typed while a question is read makes it void`() =
        runTest {
            reading = { awaitCancellation() }
            val model = model()
            model.read("DLQ1:")
            runCurrent()
            model.type("12")
            runCurrent()
            assertEquals(AnswerState("12"), model.state.value)
        }

    @Test
    fun `any other failure is for the screen of troubles`() =
        runTest {
            reading = { throw WalletException.Storage(StorageProblem.FAILED) }
            model().read("DLQ1:")
            runCurrent()
            assertIs<WalletException.Storage>(failures.single())
        }

    @Test
    fun `digits that were read out have no name`() {
        assertEquals(Asker(null, proven = false), askerNamed("dl1:code", proven = false))
        assertEquals(Asker("Patrol 7", proven = true), askerNamed("Patrol 7", proven = true))
    }

    private fun TestScope.model() = AnswerModel(backgroundScope, failures::add) { reading(it) }
}
