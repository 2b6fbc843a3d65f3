package org.vidimus.screens.support

import androidx.compose.ui.geometry.Rect
import org.vidimus.Tone
import org.vidimus.models.AnswerProblem
import org.vidimus.models.Asker
import org.vidimus.models.LockOutcome
import org.vidimus.models.Refusal
import org.vidimus.models.Screen
import org.vidimus.models.ShowState
import org.vidimus.models.Standing
import org.vidimus.models.Texts
import org.vidimus.models.Trouble
import org.vidimus.models.Word
import org.vidimus.screens.design.shapeName
import org.vidimus.screens.design.title
import org.vidimus.screens.design.word

/** What of a state has a tone, with the word that says it. Never colour alone: word and mark stand side by side. */
internal object Tones {
    fun problems(
        sample: Sample,
        leaves: List<LayoutCheck.Leaf>,
        texts: Texts,
    ): List<String> =
        of(sample.screen).mapNotNull { (tone, word) ->
            val words = leaves.filter { it.isText && it.name == texts[word] }
            val marks = leaves.filter { it.shape == tone.shapeName }
            val isTold = words.any { text -> marks.any { it.bounds.isBeside(text.bounds) } }
            if (isTold) null else "no ${tone.shapeName} beside \"${texts[word]}\""
        }

    /** Also above, where letters are large. */
    private fun Rect.isBeside(other: Rect): Boolean = inflate(NEAR).overlaps(other)

    fun of(screen: Screen): List<Pair<Tone, Word>> =
        when (screen) {
            is Screen.Opening -> {
                emptyList()
            }

            is Screen.Welcome -> {
                listOfNotNull(screen.state.refusal?.told)
            }

            is Screen.Scan -> {
                listOf(Tone.CAUTION to Word.SCAN_NO_CAMERA).filter { screen.state.cameraRefused }
            }

            is Screen.Offer -> {
                val proof = if (screen.state.proven) Tone.GOOD to Word.OFFER_PROVEN else Tone.CAUTION to Word.OFFER_UNPROVEN
                listOfNotNull(screen.state.refusal?.told, proof)
            }

            is Screen.License -> {
                val damaged = listOf(Tone.BAD to Word.LICENSE_DAMAGED).filter { screen.state.card.damaged }
                listOf(screen.state.card.standing.told) + screen.state.troubles.map { it.told } + damaged
            }

            is Screen.Show -> {
                of(screen.state)
            }

            is Screen.Answer -> {
                val problem =
                    when (screen.state.problem) {
                        AnswerProblem.MALFORMED -> Tone.CAUTION to Word.ANSWER_MALFORMED
                        AnswerProblem.RECORDED -> Tone.BAD to Word.ANSWER_RECORDED
                        null -> null
                    }
                listOfNotNull(screen.state.asker?.told ?: problem)
            }

            is Screen.History -> {
                listOf(Tone.BAD to Word.HISTORY_BROKEN).filter { !screen.state.intact }
            }

            is Screen.Settings -> {
                listOf(Tone.BAD to Word.SETTINGS_REMOVE_TITLE).filter { screen.state.removing != null }
            }

            is Screen.Blocked -> {
                listOf(screen.state.trouble.told)
            }
        }

    private fun of(state: ShowState): List<Pair<Tone, Word>> =
        when (state) {
            is ShowState.Live -> {
                val without = listOf(Tone.CAUTION to Word.SHOW_NO_STATUS_INSIDE).filter { state.code.statusLeftOut }
                listOf(state.code.standing.told) + listOfNotNull(state.code.audience?.told) + without
            }

            is ShowState.Failed -> {
                listOf(state.trouble.told)
            }

            is ShowState.Locked -> {
                listOfNotNull(state.outcome.told)
            }

            ShowState.Unlocking, ShowState.Starting, ShowState.TooLate, is ShowState.Over -> {
                emptyList()
            }
        }

    private val Standing.told get() = tone to license.word

    private val Trouble.told get() = tone to title

    private val Refusal.told get() = (if (mayRetry) Tone.CAUTION else Tone.BAD) to word

    private val Asker.told get() = if (proven) Tone.GOOD to Word.ANSWER_PROVEN else Tone.CAUTION to Word.ANSWER_UNPROVEN

    private val LockOutcome.told
        get() =
            when (this) {
                LockOutcome.NO_LOCK -> Tone.BAD to Word.SHOW_NO_LOCK
                LockOutcome.CANCELLED -> Tone.UNKNOWN to Word.SHOW_CANCELLED
                LockOutcome.FAILED -> Tone.CAUTION to Word.SHOW_FAILED
                LockOutcome.OPENED -> null
            }

    /** In pixels of a stage that is not sharp. */
    private const val NEAR = 20f
}
