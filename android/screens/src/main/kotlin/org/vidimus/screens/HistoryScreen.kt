package org.vidimus.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import org.vidimus.app.Action
import org.vidimus.app.HistoryKind
import org.vidimus.app.HistoryRow
import org.vidimus.app.HistoryScreen
import org.vidimus.app.Value
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.Hairline
import org.vidimus.screens.design.Heading
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
        if (state.rows.isEmpty()) Text(say(Word.HISTORY_EMPTY), color = Look.palette.soft)
        for ((day, rows) in state.days) {
            Heading(say(day))
            Panel {
                for ((index, row) in rows.withIndex()) {
                    if (index > 0) Hairline()
                    Happened(row)
                }
            }
        }
    }
}

/** The rows of each day, as its heading says it where the driver is. */
private val HistoryScreen.days: List<Pair<Value, List<HistoryRow>>>
    @Composable get() {
        val (texts, zone) = Look.texts to Look.host.zone
        return remember(rows, texts, zone) {
            rows.groupBy { texts.say(it.day, zone) }.values.map { it.first().day to it }
        }
    }

/** What changed what may be driven, and who saw the license, stands out from what the phone did. */
@Composable
private fun Happened(row: HistoryRow) {
    val palette = Look.palette
    Row(Modifier.semantics(mergeDescendants = true) {}, Arrangement.spacedBy(Space.medium)) {
        Picture(glyphOf(row.kind), if (row.kind.isOfThePhone) palette.soft else palette.accent)
        Column(Modifier.weight(1f)) {
            if (row.kind.isOfThePhone) {
                Text(say(row.headline), color = palette.soft)
            } else {
                Text(
                    say(row.headline),
                    style =
                        if (row.kind ==
                            HistoryKind.STATUS_CHANGED
                        ) {
                            Type.heading
                        } else {
                            Type.strong
                        },
                )
            }
            row.status?.let { Text(say(it)) }
            if (row.details.isNotEmpty()) Text(Look.texts.list(row.details.map { say(it) }))
            Text(say(row.at), style = Type.label, color = palette.soft)
        }
    }
}

private val HistoryKind.isOfThePhone: Boolean
    get() = this == HistoryKind.ENROLLED || this == HistoryKind.RENEWED || this == HistoryKind.REMOVED

private fun glyphOf(kind: HistoryKind): Glyph =
    when (kind) {
        HistoryKind.SHOWN -> Glyph.QR
        HistoryKind.ANSWERED -> Glyph.ANSWER
        HistoryKind.ENROLLED -> Glyph.CARD
        HistoryKind.RENEWED -> Glyph.REFRESH
        HistoryKind.STATUS_CHANGED -> Glyph.SHIELD
        HistoryKind.REMOVED -> Glyph.REMOVED
    }
