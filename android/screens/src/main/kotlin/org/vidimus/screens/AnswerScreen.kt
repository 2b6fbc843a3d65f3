package org.vidimus.screens

import androidx.compose.runtime.Composable
import org.vidimus.Tone
import org.vidimus.models.Actions
import org.vidimus.models.AnswerProblem
import org.vidimus.models.AnswerState
import org.vidimus.models.Asker
import org.vidimus.models.Word
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Field
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.Labelled
import org.vidimus.screens.design.MainButton
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Page
import org.vidimus.screens.design.Panel
import org.vidimus.screens.design.SideButton
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Title
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.say

/** An officer asks: first how, then who. */
@Composable
internal fun AnswerScreen(
    state: AnswerState,
    actions: Actions,
) {
    val title = say(Word.ANSWER_TITLE)
    Page(title, { Bar(actions::back) }) {
        Title(title)
        val asker = state.asker
        if (asker == null) {
            Question(state, actions)
        } else {
            Panel { Who(asker) }
            MainButton(say(Word.ANSWER_SHOW), actions::answerNow, glyph = Glyph.QR)
        }
    }
}

@Composable
private fun Question(
    state: AnswerState,
    actions: Actions,
) {
    Text(say(Word.ANSWER_BODY))
    when (state.problem) {
        AnswerProblem.MALFORMED -> Notice(Tone.CAUTION, say(Word.ANSWER_MALFORMED))
        AnswerProblem.RECORDED -> Notice(Tone.BAD, say(Word.ANSWER_RECORDED))
        null -> Unit
    }
    MainButton(say(Word.ANSWER_SCAN), actions::scan, glyph = Glyph.SCAN)
    Panel {
        Field(
            label = say(Word.ANSWER_DIGITS),
            text = state.text,
            onChange = actions::typeAnswer,
            onDone = actions::readAnswer,
            style = Type.digits,
            digits = true,
        )
        SideButton(say(Word.ANSWER_READ), actions::readAnswer, enabled = state.text.isNotBlank())
    }
}

/** Who asks, and whether that is proven: by sentence and shape. */
@Composable
internal fun Who(asker: Asker) {
    Labelled(say(Word.ANSWER_ASKS)) {
        Text(asker.name ?: say(Word.ANSWER_BY_DIGITS), style = Type.heading)
    }
    Proof(asker.proven, say(if (asker.proven) Word.ANSWER_PROVEN else Word.ANSWER_UNPROVEN))
}
