package org.vidimus.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import org.vidimus.Tone
import org.vidimus.models.Actions
import org.vidimus.models.Asker
import org.vidimus.models.HistoryEvent
import org.vidimus.models.HistoryRow
import org.vidimus.models.HistoryState
import org.vidimus.models.Word
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
import org.vidimus.screens.design.word

/** What happened, newest first. */
@Composable
internal fun HistoryScreen(
    state: HistoryState,
    actions: Actions,
) {
    val title = say(Word.HISTORY_TITLE)
    Page(title, { Bar(actions::back) }) {
        Title(title)
        if (!state.intact) Notice(Tone.BAD, say(Word.HISTORY_BROKEN), isNews = false)
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
        Picture(glyphOf(row.event), Look.palette.accent)
        Column(Modifier.weight(1f)) {
            Text(headlineOf(row.event), style = Type.strong)
            for (line in linesOf(row.event)) Text(line)
            Text(Look.texts.dateTime(row.at, Look.host.zone), style = Type.label, color = Look.palette.soft)
        }
    }
}

private fun glyphOf(event: HistoryEvent): Glyph =
    when (event) {
        is HistoryEvent.Shown -> if (event.audience == null) Glyph.QR else Glyph.ANSWER
        HistoryEvent.Enrolled -> Glyph.CARD
        HistoryEvent.Renewed -> Glyph.REFRESH
        is HistoryEvent.StatusChanged -> Glyph.SHIELD
        HistoryEvent.Removed -> Glyph.REMOVED
    }

@Composable
private fun headlineOf(event: HistoryEvent): String =
    when (event) {
        is HistoryEvent.Shown -> shownTo(event.audience)
        HistoryEvent.Enrolled -> say(Word.HISTORY_ENROLLED)
        HistoryEvent.Renewed -> say(Word.HISTORY_RENEWED)
        is HistoryEvent.StatusChanged -> say(Word.HISTORY_STATUS_CHANGED, say(event.from.word), say(event.to.word))
        HistoryEvent.Removed -> say(Word.HISTORY_REMOVED)
    }

@Composable
private fun shownTo(audience: Asker?): String {
    if (audience == null) return say(Word.HISTORY_SHOWN)
    val name = audience.name ?: return say(Word.HISTORY_SHOWN_DIGITS)
    return say(Word.HISTORY_SHOWN_TO, name)
}

@Composable
private fun linesOf(event: HistoryEvent): List<String> {
    if (event !is HistoryEvent.Shown) return emptyList()
    val details =
        buildList {
            if (event.audience?.name != null) {
                val proven = event.audience?.proven == true
                add(say(if (proven) Word.HISTORY_NAME_PROVEN else Word.HISTORY_NAME_UNPROVEN))
            }
            if (event.portrait) add(say(Word.HISTORY_WITH_PORTRAIT))
        }
    val status = say(Word.HISTORY_STATUS, say(event.standing.word))
    return if (details.isEmpty()) listOf(status) else listOf(status, Look.texts.list(details))
}
