package org.vidimus.screens

import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import org.vidimus.app.Action
import org.vidimus.app.Offered
import org.vidimus.app.ShowButton
import org.vidimus.app.ShowPhase
import org.vidimus.app.ShowScreen
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
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/** A license that is shown, or about to be, or was. */
@Composable
internal fun ShowScreen(
    state: ShowScreen,
    driver: Driver,
) {
    when (val phase = state.phase) {
        is ShowPhase.Live -> {
            LiveScreen(phase.code, driver)
        }

        is ShowPhase.Failed -> {
            TroubleScreen(phase.story, { driver.send(Action.Back) }) { NextButton(state.button, null, driver) }
        }

        is ShowPhase.Unlocking -> {
            Around(Glyph.LOCK, state, driver) { Busy(say(phase.words)) }
        }

        is ShowPhase.Starting -> {
            Around(Glyph.QR, state, driver) { Busy(say(phase.words)) }
        }

        is ShowPhase.Locked -> {
            Around(Glyph.LOCK, state, driver) { Notice(phase.note) }
        }

        is ShowPhase.Over -> {
            Around(Glyph.QR, state, driver) { for (words in phase.words) Text(say(words)) }
        }
    }
}

/** What the phases before and after have in common. */
@Composable
private fun Around(
    glyph: Glyph,
    state: ShowScreen,
    driver: Driver,
    content: @Composable () -> Unit,
) {
    val title = say(Word.SHOW_TITLE)
    Page(title, { Bar({ driver.send(Action.Back) }) }) {
        Emblem(Modifier, glyph)
        Title(title)
        content()
        NextButton(state.button, glyph, driver)
    }
}

/** The button that leads on, where there is one. */
@Composable
private fun NextButton(
    button: ShowButton?,
    ofPhase: Glyph?,
    driver: Driver,
) {
    if (button == null) return
    val (action, glyph) =
        when (val does = button.does) {
            is Offered.Show -> Action.Show to ofPhase
            is Offered.Answer -> Action.Answer to Glyph.ANSWER
            is Offered.Act -> Action.Act(does.action) to null
        }
    MainButton(say(button.words), { driver.send(action) }, glyph = glyph)
}
