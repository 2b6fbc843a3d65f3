package org.vidimus.screens

import androidx.compose.foundation.gestures.detectHorizontalDragGestures
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.key
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.semantics.isTraversalGroup
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.LayoutDirection
import org.vidimus.app.Action
import org.vidimus.app.LicenseScreen
import org.vidimus.app.Pager
import org.vidimus.app.Trouble
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.GlyphButton
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.MainButton
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Page
import org.vidimus.screens.design.SideButton
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.say
import org.vidimus.shell.Driver
import org.vidimus.shell.Word
import kotlin.math.abs

/**
 * The licenses on this phone, one in front: the card first, with how it stands, then what is wrong,
 * then what else it says. What an officer asks for is always in reach below.
 */
@Composable
internal fun LicenseScreen(
    state: LicenseScreen,
    driver: Driver,
) {
    val title = say(state.title)
    val card = state.card
    val isWide = !Look.isStacked
    // What does not read it is not composed again when a refresh begins.
    val refreshing = rememberUpdatedState(state.refreshing)
    Page(
        title,
        bar = {
            Bar(null, title) {
                GlyphButton(Glyph.HISTORY, say(Word.LICENSE_HISTORY), { driver.send(Action.History) })
                GlyphButton(Glyph.SETTINGS, say(Word.LICENSE_SETTINGS), { driver.send(Action.Settings) })
            }
        },
        foot = { Foot(state.mayShow, driver) },
        pulled = { driver.send(Action.Refresh) }.takeIf { !state.refreshing },
    ) {
        state.pager?.let { PagerRow(it, driver) }
        val pager = state.pager
        Box(Modifier.swiped(pager, driver)) { key(card.id) { Document(card, refreshing, driver) } }
        Applications(state.applications, driver)
        Banners(state.troubles, driver, known = say(card.status.state))
        if (state.troubles.none { it.trouble == Trouble.DAMAGED }) card.damaged?.let { Notice(it, isNews = false) }
        if (!isWide) AnswerButton(state.mayShow, driver)
        card.holder?.let { Details(it) }
        SideButton(say(Word.LICENSE_CHECK), { driver.send(Action.Check) }, glyph = Glyph.SHIELD)
        SideButton(say(Word.LICENSE_ADD), { driver.send(Action.AddLicense) }, glyph = Glyph.ADD)
    }
}

/** To show it, and to answer an officer: beside each other where there is room. */
@Composable
private fun Foot(
    mayShow: Boolean,
    driver: Driver,
) {
    val show = { driver.send(Action.Show) }
    if (Look.isStacked) {
        MainButton(say(Word.LICENSE_SHOW), show, glyph = Glyph.QR, enabled = mayShow)
    } else {
        val row = Modifier.semantics { isTraversalGroup = true }
        Row(row, Arrangement.spacedBy(Space.medium), Alignment.CenterVertically) {
            MainButton(say(Word.LICENSE_SHOW), show, Modifier.weight(1f), glyph = Glyph.QR, enabled = mayShow)
            AnswerButton(mayShow, driver, Modifier.weight(1f))
        }
    }
}

@Composable
private fun AnswerButton(
    mayShow: Boolean,
    driver: Driver,
    modifier: Modifier = Modifier,
) {
    SideButton(say(Word.LICENSE_ANSWER), { driver.send(Action.Answer) }, modifier, enabled = mayShow)
}

/** A finger that draws the card aside brings the one beside it. */
@Composable
private fun Modifier.swiped(
    pager: Pager?,
    driver: Driver,
): Modifier {
    if (pager == null) return this
    val isMirrored = LocalLayoutDirection.current == LayoutDirection.Rtl
    return pointerInput(pager.previous, pager.next, isMirrored) {
        var drawn = 0f
        detectHorizontalDragGestures(
            onDragStart = { drawn = 0f },
            onDragEnd = {
                val far = size.width / FAR
                val index = if (drawn < 0 != isMirrored) pager.next else pager.previous
                if (abs(drawn) > far && index != null) driver.send(Action.Select(index))
            },
        ) { _, by -> drawn += by }
    }
}

/** The way to the other licenses. */
@Composable
private fun PagerRow(
    pager: Pager,
    driver: Driver,
) {
    val row = Modifier.fillMaxWidth().semantics { isTraversalGroup = true }
    Row(row, Arrangement.SpaceBetween, Alignment.CenterVertically) {
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

/** The part of the card's width that a finger must draw it. */
private const val FAR = 4
