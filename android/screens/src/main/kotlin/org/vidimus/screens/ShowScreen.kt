package org.vidimus.screens

import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import org.vidimus.Tone
import org.vidimus.models.Actions
import org.vidimus.models.LockOutcome
import org.vidimus.models.ShowState
import org.vidimus.models.TroubleAction
import org.vidimus.models.Word
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Busy
import org.vidimus.screens.design.Emblem
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.MainButton
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Page
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Title
import org.vidimus.screens.design.say
import org.vidimus.screens.design.word

/** A license that is shown, or about to be, or was. */
@Composable
internal fun ShowScreen(
    state: ShowState,
    actions: Actions,
) {
    when (state) {
        is ShowState.Live -> LiveScreen(state, actions)
        is ShowState.Failed -> TroubleScreen(state.trouble, false, actions, actions::back)
        ShowState.Unlocking -> Around(Glyph.LOCK, actions) { Busy(say(Word.SHOW_UNLOCKING)) }
        ShowState.Starting -> Around(Glyph.QR, actions) { Busy(say(Word.SHOW_STARTING)) }
        is ShowState.Locked -> Around(Glyph.LOCK, actions) { NotUnlocked(state.outcome, actions) }
        is ShowState.Over -> Around(Glyph.QR, actions) { Over(state.byItself, actions) }
        ShowState.TooLate -> Around(Glyph.QR, actions) { Text(say(Word.SHOW_TOO_LATE)) }
    }
}

/** What the phases before and after have in common. */
@Composable
private fun Around(
    glyph: Glyph,
    actions: Actions,
    content: @Composable () -> Unit,
) {
    val title = say(Word.SHOW_TITLE)
    Page(title, { Bar(actions::back) }) {
        Emblem(Modifier, glyph)
        Title(title)
        content()
    }
}

@Composable
private fun NotUnlocked(
    outcome: LockOutcome,
    actions: Actions,
) {
    when (outcome) {
        LockOutcome.NO_LOCK -> {
            Notice(Tone.BAD, say(Word.SHOW_NO_LOCK))
            MainButton(say(TroubleAction.SET_LOCK.word), { actions.act(TroubleAction.SET_LOCK) })
        }

        LockOutcome.CANCELLED -> {
            Notice(Tone.UNKNOWN, say(Word.SHOW_CANCELLED))
            MainButton(say(Word.SHOW_UNLOCK), actions::show, glyph = Glyph.LOCK)
        }

        LockOutcome.FAILED -> {
            Notice(Tone.CAUTION, say(Word.SHOW_FAILED))
            MainButton(say(Word.SHOW_UNLOCK), actions::show, glyph = Glyph.LOCK)
        }

        // It is open: the first code comes in a moment.
        LockOutcome.OPENED -> {
            Busy(say(Word.SHOW_STARTING))
        }
    }
}

@Composable
private fun Over(
    byItself: Boolean,
    actions: Actions,
) {
    if (byItself) Text(say(Word.SHOW_OVER))
    Text(say(Word.SHOW_ENDED))
    MainButton(say(Word.SHOW_AGAIN), actions::show, glyph = Glyph.QR)
}
