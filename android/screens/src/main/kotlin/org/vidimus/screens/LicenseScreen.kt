package org.vidimus.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.runtime.Composable
import androidx.compose.runtime.key
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import org.vidimus.Tone
import org.vidimus.models.Actions
import org.vidimus.models.LicenseState
import org.vidimus.models.Word
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Busy
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.GlyphButton
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.MainButton
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Page
import org.vidimus.screens.design.SideButton
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Title
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.WordButton
import org.vidimus.screens.design.say

/** The licenses on this phone, one in front. */
@Composable
internal fun LicenseScreen(
    state: LicenseState,
    actions: Actions,
) {
    val title = say(if (state.cards.size > 1) Word.LICENSE_TITLES else Word.LICENSE_TITLE)
    val isWide = !Look.isStacked
    Page(
        title,
        bar = {
            Bar(null, title.takeIf { isWide }) {
                GlyphButton(Glyph.HISTORY, say(Word.LICENSE_HISTORY), actions::history)
                GlyphButton(Glyph.SETTINGS, say(Word.LICENSE_SETTINGS), actions::settings)
            }
        },
        foot = { MainButton(say(Word.LICENSE_SHOW), actions::show, glyph = Glyph.QR, enabled = state.card.mayShow) },
    ) {
        if (!isWide) Title(title)
        if (state.cards.size > 1) Pager(state, actions)
        for (trouble in state.troubles) {
            key(trouble) { Banner(trouble, actions) }
        }
        if (state.card.damaged) Notice(Tone.BAD, say(Word.LICENSE_DAMAGED), isNews = false)
        Column(Modifier, Arrangement.spacedBy(Space.hair)) {
            key(state.card.id) { Document(state.card) }
            Refreshing(state.refreshing, actions)
        }
        state.card.holder?.let { Details(it) }
        SideButton(say(Word.LICENSE_ANSWER), actions::answer, glyph = Glyph.ANSWER, enabled = state.card.mayShow)
        SideButton(say(Word.LICENSE_ADD), actions::addLicense, glyph = Glyph.ADD)
    }
}

@Composable
private fun Refreshing(
    refreshing: Boolean,
    actions: Actions,
) {
    Composed("refresh")
    Row(Modifier.fillMaxWidth().heightIn(min = Space.target), Arrangement.Center, Alignment.CenterVertically) {
        if (refreshing) {
            Busy(say(Word.LICENSE_REFRESHING))
        } else {
            WordButton(say(Word.LICENSE_REFRESH), actions::refresh, glyph = Glyph.REFRESH)
        }
    }
}

@Composable
private fun Pager(
    state: LicenseState,
    actions: Actions,
) {
    Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween, Alignment.CenterVertically) {
        GlyphButton(
            Glyph.PREVIOUS,
            say(Word.LICENSE_PREVIOUS),
            { actions.select(state.selected - 1) },
            enabled = state.selected > 0,
        )
        val place = say(Word.LICENSE_OF, "${state.selected + 1}", "${state.cards.size}")
        Text(place, Modifier.weight(1f), Type.strong, centered = true)
        GlyphButton(
            Glyph.NEXT,
            say(Word.LICENSE_NEXT),
            { actions.select(state.selected + 1) },
            enabled = state.selected < state.cards.lastIndex,
        )
    }
}
