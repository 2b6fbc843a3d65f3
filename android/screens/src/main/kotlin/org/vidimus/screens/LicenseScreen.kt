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
import org.vidimus.app.Action
import org.vidimus.app.LicenseScreen
import org.vidimus.app.Pager
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
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/** The licenses on this phone, one in front. */
@Composable
internal fun LicenseScreen(
    state: LicenseScreen,
    driver: Driver,
) {
    val title = say(state.title)
    val card = state.card
    val isWide = !Look.isStacked
    Page(
        title,
        bar = {
            Bar(null, title.takeIf { isWide }) {
                GlyphButton(Glyph.HISTORY, say(Word.LICENSE_HISTORY), { driver.send(Action.History) })
                GlyphButton(Glyph.SETTINGS, say(Word.LICENSE_SETTINGS), { driver.send(Action.Settings) })
            }
        },
        foot = {
            MainButton(say(Word.LICENSE_SHOW), { driver.send(Action.Show) }, glyph = Glyph.QR, enabled = state.mayShow)
        },
    ) {
        if (!isWide) Title(title)
        state.pager?.let { PagerRow(it, driver) }
        Banners(state.troubles, driver)
        card.damaged?.let { Notice(it, isNews = false) }
        Column(Modifier, Arrangement.spacedBy(Space.hair)) {
            key(card.id) { Document(card, driver) }
            Refreshing(state.refreshing, driver)
        }
        card.holder?.let { Details(it) }
        val answer = { driver.send(Action.Answer) }
        SideButton(say(Word.LICENSE_ANSWER), answer, glyph = Glyph.ANSWER, enabled = state.mayShow)
        SideButton(say(Word.LICENSE_ADD), { driver.send(Action.AddLicense) }, glyph = Glyph.ADD)
    }
}

@Composable
private fun Refreshing(
    refreshing: Boolean,
    driver: Driver,
) {
    Composed("refresh")
    Row(Modifier.fillMaxWidth().heightIn(min = Space.target), Arrangement.Center, Alignment.CenterVertically) {
        if (refreshing) {
            Busy(say(Word.LICENSE_REFRESHING))
        } else {
            WordButton(say(Word.LICENSE_REFRESH), { driver.send(Action.Refresh) }, glyph = Glyph.REFRESH)
        }
    }
}

/** The way to the other licenses. */
@Composable
private fun PagerRow(
    pager: Pager,
    driver: Driver,
) {
    Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween, Alignment.CenterVertically) {
        PagerButton(pager.previous, Glyph.PREVIOUS, Word.LICENSE_PREVIOUS, driver)
        Text(say(pager.place), Modifier.weight(1f), Type.strong, centered = true)
        PagerButton(pager.next, Glyph.NEXT, Word.LICENSE_NEXT, driver)
    }
}

@Composable
private fun PagerButton(
    index: UInt?,
    glyph: Glyph,
    name: Word,
    driver: Driver,
) {
    GlyphButton(glyph, say(name), { index?.let { driver.send(Action.Select(it)) } }, enabled = index != null)
}
