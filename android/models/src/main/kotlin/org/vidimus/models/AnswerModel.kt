package org.vidimus.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import org.vidimus.ChallengeProblem
import org.vidimus.Wallet
import org.vidimus.WalletException

/** A question that was read: who asks, and how to answer with a license. */
internal class Question(
    val asker: Asker,
    val answer: suspend (license: String) -> Showing,
)

/** Reads a challenge for the model of its screen. */
internal suspend fun Wallet.question(text: String): Question {
    val request = readChallenge(text)
    val proven = request.provenName
    val asker = if (proven != null) Asker(proven, proven = true) else askerNamed(request.reader, proven = false)
    return Question(asker) { license -> answer(license, request).asShowing() }
}

/** Who asks, by the name that a reader gives itself. Digits that were read out have none. */
internal fun askerNamed(
    reader: String,
    proven: Boolean,
): Asker = Asker(reader.takeUnless { it == READ_OUT }, proven)

/** How the core calls a reader whose digits were read out. */
private const val READ_OUT = "dl1:code"

/** How many digits an officer reads out. */
internal const val ANSWER_DIGITS: Int = 8

/** An officer asks: the question, and who that is. */
internal class AnswerModel(
    private val scope: CoroutineScope,
    private val failed: (WalletException) -> Unit,
    private val reader: suspend (text: String) -> Question,
) {
    private val states = MutableStateFlow(AnswerState())
    private var reading: Job? = null

    val state: StateFlow<AnswerState> = states.asStateFlow()

    /** The question that was read; `null` before. */
    var question: Question? = null
        private set

    fun type(text: String) {
        reading?.cancel()
        question = null
        states.value = AnswerState(text = text.digits(ANSWER_DIGITS))
    }

    /** Reads the digits that were typed. */
    fun readTyped(): Unit = read(states.value.text)

    /** Reads a question, which may be a scanned one. */
    fun read(text: String) {
        reading?.cancel()
        question = null
        states.update { it.copy(problem = null, asker = null) }
        reading =
            scope.launch {
                try {
                    val question = reader(text.trim())
                    this@AnswerModel.question = question
                    states.update { it.copy(asker = question.asker) }
                } catch (refused: WalletException.Challenge) {
                    states.update { it.copy(problem = refused.reason.problem) }
                } catch (_: WalletException.InvalidArgument) {
                    states.update { it.copy(problem = AnswerProblem.MALFORMED) }
                } catch (failure: WalletException) {
                    failed(failure)
                }
            }
    }

    private val ChallengeProblem.problem: AnswerProblem
        get() =
            when (this) {
                ChallengeProblem.MALFORMED -> AnswerProblem.MALFORMED

                // One that was just read is not over; an old one is old either way.
                ChallengeProblem.RECORDED, ChallengeProblem.OVER -> AnswerProblem.RECORDED
            }
}
