package org.vidimus.screens.officer

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import org.vidimus.app.CheckLogScreen
import org.vidimus.app.CheckRow
import org.vidimus.app.OfficerAction
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Code
import org.vidimus.screens.design.Hairline
import org.vidimus.screens.design.Heading
import org.vidimus.screens.design.Look
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

/** The checks of before, each day under its heading. */
@Composable
internal fun CheckLogScreen(
    state: CheckLogScreen,
    officer: Officer,
) {
    val title = say(Word.OFFICER_LOG)
    Page(title, { Bar({ officer.send(OfficerAction.Back) }) }) {
        Title(title)
        state.broken?.let { Notice(it, isNews = false) }
        state.failed?.let { Notice(it) }
        Text(say(state.kept), color = Look.palette.soft)
        if (state.rows.isEmpty()) Text(say(Word.OFFICER_LOG_EMPTY), color = Look.palette.soft)
        val (texts, zone) = Look.texts to Look.host.zone
        val days = remember(state.rows, texts, zone) { state.rows.groupBy { texts.say(it.day, zone) } }
        for ((day, rows) in days) {
            Heading(day)
            Panel {
                for ((index, row) in rows.withIndex()) {
                    if (index > 0) Hairline()
                    Check(row)
                }
            }
        }
        SideButton(say(Word.OFFICER_LOG_EXPORT), { officer.send(OfficerAction.Export) }, enabled = state.mayExport)
    }
}

@Composable
private fun Check(row: CheckRow) {
    Row(Modifier.semantics(mergeDescendants = true) {}, Arrangement.spacedBy(Space.medium)) {
        Mark(row.sign)
        Column(Modifier.weight(1f)) {
            Text(say(row.word), style = Type.strong)
            for (reason in row.reasons) Text(say(reason))
            row.number?.let { Code(it) }
            Text(say(row.at), style = Type.label, color = Look.palette.soft)
        }
    }
}
