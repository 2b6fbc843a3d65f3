package org.vidimus.screens.officer

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.vidimus.app.BookBlockedScreen
import org.vidimus.app.OfficerAction
import org.vidimus.app.StartScreen
import org.vidimus.app.TrustRow
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Busy
import org.vidimus.screens.design.Code
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.Hairline
import org.vidimus.screens.design.Heading
import org.vidimus.screens.design.MainButton
import org.vidimus.screens.design.Mark
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Page
import org.vidimus.screens.design.Panel
import org.vidimus.screens.design.SideButton
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Title
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.say
import org.vidimus.shell.Officer
import org.vidimus.shell.Word

/** Whom the reader trusts, and how old what it knows is; the way to a check. */
@Composable
internal fun StartScreen(
    state: StartScreen,
    officer: Officer,
    leave: (() -> Unit)?,
) {
    val title = say(Word.OFFICER_TITLE)
    Page(
        title,
        bar = { Bar(leave) },
        foot = {
            val check = { officer.send(OfficerAction.Check) }
            MainButton(say(Word.OFFICER_CHECK), check, glyph = Glyph.SCAN, enabled = state.mayCheck)
        },
    ) {
        Title(title)
        state.note?.let { Notice(it) }
        state.trouble?.let { Notice(it) }
        Panel {
            Heading(say(Word.OFFICER_TRUST))
            for ((index, row) in state.trust.withIndex()) {
                if (index > 0) Hairline()
                Trusted(row)
            }
        }
        if (state.refreshing) {
            Busy(say(Word.LICENSE_REFRESHING))
        } else {
            SideButton(say(Word.LICENSE_REFRESH), { officer.send(OfficerAction.Refresh) }, glyph = Glyph.REFRESH)
        }
        SideButton(say(Word.OFFICER_LOG), { officer.send(OfficerAction.Log) }, glyph = Glyph.HISTORY)
    }
}

@Composable
private fun Trusted(row: TrustRow) {
    Row(Modifier.semantics(mergeDescendants = true) {}, Arrangement.spacedBy(Space.medium)) {
        Mark(row.sign)
        Column(Modifier.weight(1f)) {
            Code(row.name, style = Type.strong)
            Text(say(row.list))
            Text(say(row.statuses))
        }
    }
}

/** The reader's book cannot be opened. */
@Composable
internal fun BookBlockedScreen(
    state: BookBlockedScreen,
    officer: Officer,
    leave: (() -> Unit)?,
) {
    val title = say(state.title)
    Page(title, { Bar(leave) }) {
        Column(Modifier, Arrangement.spacedBy(Space.medium)) {
            Mark(state.sign, side = 48.dp)
            Title(title)
        }
        Panel { Text(say(state.happened)) }
        if (state.working) Busy(say(Word.COMMON_LOADING))
        MainButton(say(state.button), { officer.send(OfficerAction.Act(state.action)) }, enabled = !state.working)
    }
}
