package org.vidimus.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import org.vidimus.app.Action
import org.vidimus.app.AnswerScreen
import org.vidimus.app.Asker
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Field
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.Hairline
import org.vidimus.screens.design.Heading
import org.vidimus.screens.design.Labelled
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.MainButton
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Page
import org.vidimus.screens.design.Panel
import org.vidimus.screens.design.Picture
import org.vidimus.screens.design.SideButton
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Title
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.say
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/** An officer asks: first how, then who. */
@Composable
internal fun AnswerScreen(
    state: AnswerScreen,
    driver: Driver,
) {
    val title = say(Word.ANSWER_TITLE)
    Page(title, { Bar({ driver.send(Action.Back) }) }) {
        Title(title)
        val asker = state.asker
        if (asker == null) {
            Question(state, driver)
        } else {
            Panel { Who(asker) }
            Shares(state)
            state.face?.let { asked ->
                val word = say(if (asked.on) Word.SHOW_FACE_OFF else Word.SHOW_FACE_ON)
                SideButton(word, { driver.send(Action.ShowFace(!asked.on)) }, glyph = Glyph.PERSON)
            }
            MainButton(say(Word.ANSWER_SHOW), { driver.send(Action.AnswerNow) }, glyph = Glyph.QR)
        }
    }
}

/** Which license answers, and what they will see of it. */
@Composable
private fun Shares(state: AnswerScreen) {
    Panel {
        state.license?.let {
            Row(Modifier, Arrangement.spacedBy(Space.medium), Alignment.CenterVertically) {
                Picture(Glyph.CARD, Look.palette.accent)
                Text(say(it), Modifier.weight(1f), Type.strong)
            }
            Hairline()
        }
        Heading(say(Word.ANSWER_SHARES))
        for (words in state.shares) {
            Row(Modifier, Arrangement.spacedBy(Space.medium)) {
                Picture(Glyph.CHECK, Look.palette.accent)
                Text(say(words), Modifier.weight(1f))
            }
        }
    }
}

@Composable
private fun Question(
    state: AnswerScreen,
    driver: Driver,
) {
    Text(say(Word.ANSWER_BODY))
    state.problem?.let { Notice(it) }
    MainButton(say(Word.ANSWER_SCAN), { driver.send(Action.Scan) }, glyph = Glyph.SCAN)
    Panel {
        Field(
            label = say(Word.ANSWER_DIGITS),
            heard = state.digits,
            next = driver::nextEdit,
            onType = { text, edit -> driver.send(Action.TypeAnswer(text, edit)) },
            onDone = { driver.send(Action.ReadAnswer) },
            style = Type.digits,
            digits = true,
        )
        SideButton(say(Word.ANSWER_READ), { driver.send(Action.ReadAnswer) }, enabled = state.mayRead)
    }
}

/** Who asks, and whether that is proven: by sentence and shape. */
@Composable
internal fun Who(asker: Asker) {
    Labelled(say(Word.ANSWER_ASKS)) {
        // At twice the size it would be larger than the state that is shown.
        Text(say(asker.name), style = if (Look.isStacked) Type.strong else Type.heading)
    }
    Notice(asker.proof, isNews = false)
}
