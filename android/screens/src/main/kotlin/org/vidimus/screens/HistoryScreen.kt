package org.vidimus.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import org.vidimus.app.Action
import org.vidimus.app.HistoryKind
import org.vidimus.app.HistoryRow
import org.vidimus.app.HistoryScreen
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.Hairline
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Page
import org.vidimus.screens.design.Panel
import org.vidimus.screens.design.Picture
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Title
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.say
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/** What happened, newest first. */
@Composable
internal fun HistoryScreen(
    state: HistoryScreen,
    driver: Driver,
) {
    val title = say(Word.HISTORY_TITLE)
    Page(title, { Bar({ driver.send(Action.Back) }) }) {
        Title(title)
        state.broken?.let { Notice(it, isNews = false) }
        if (state.rows.isEmpty()) {
            Text(say(Word.HISTORY_EMPTY), color = Look.palette.soft)
        } else {
            Panel {
                for ((index, row) in state.rows.withIndex()) {
                    if (index > 0) Hairline()
                    Happened(row)
                }
            }
        }
    }
}

@Composable
private fun Happened(row: HistoryRow) {
    Row(Modifier.semantics(mergeDescendants = true) {}, Arrangement.spacedBy(Space.medium)) {
        Picture(glyphOf(row.kind), Look.palette.accent)
        Column(Modifier.weight(1f)) {
            Text(say(row.headline), style = Type.strong)
            row.status?.let { Text(say(it)) }
            if (row.details.isNotEmpty()) Text(Look.texts.list(row.details.map { say(it) }))
            Text(say(row.at), style = Type.label, color = Look.palette.soft)
        }
    }
}

private fun glyphOf(kind: HistoryKind): Glyph =
    when (kind) {
        HistoryKind.SHOWN -> Glyph.QR
        HistoryKind.ANSWERED -> Glyph.ANSWER
        HistoryKind.ENROLLED -> Glyph.CARD
        HistoryKind.RENEWED -> Glyph.REFRESH
        HistoryKind.STATUS_CHANGED -> Glyph.SHIELD
        HistoryKind.REMOVED -> Glyph.REMOVED
    }
