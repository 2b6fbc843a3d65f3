package org.vidimus.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import org.vidimus.app.Action
import org.vidimus.app.WelcomeScreen
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Busy
import org.vidimus.screens.design.Emblem
import org.vidimus.screens.design.Field
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.GlyphButton
import org.vidimus.screens.design.Heading
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.MainButton
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Page
import org.vidimus.screens.design.Panel
import org.vidimus.screens.design.Picture
import org.vidimus.screens.design.SideButton
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Title
import org.vidimus.screens.design.say
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/** What this is, and how to begin. */
@Composable
internal fun WelcomeScreen(
    state: WelcomeScreen,
    driver: Driver,
) {
    val title = say(state.title)
    Page(title, { if (state.mayGoBack) Bar({ driver.send(Action.Back) }) else Elsewhere(state, driver) }) {
        if (!state.mayGoBack) Emblem()
        Title(title)
        if (!state.mayGoBack) Text(say(Word.APP_ABOUT), color = Look.palette.soft)
        Banners(state.troubles, driver)
        state.refusal?.let { Notice(it) }
        Text(say(state.body))
        if (state.reading) {
            Busy(say(Word.OFFER_READING))
        } else {
            MainButton(say(Word.WELCOME_SCAN), { driver.send(Action.Scan) }, glyph = Glyph.SCAN)
        }
        Paste(state, driver)
        if (!state.mayGoBack) Points()
    }
}

/**
 * What can be reached before there is a license. Not while an offer is read: leaving would lose it.
 */
@Composable
private fun Elsewhere(
    state: WelcomeScreen,
    driver: Driver,
) {
    Bar(null) {
        val (history, settings) = say(Word.LICENSE_HISTORY) to say(Word.LICENSE_SETTINGS)
        GlyphButton(Glyph.HISTORY, history, { driver.send(Action.History) }, enabled = !state.reading)
        GlyphButton(Glyph.SETTINGS, settings, { driver.send(Action.Settings) }, enabled = !state.reading)
    }
}

@Composable
private fun Paste(
    state: WelcomeScreen,
    driver: Driver,
) {
    Panel {
        Heading(say(Word.WELCOME_PASTE))
        val read = { driver.send(Action.ReadOffer) }
        Field(say(Word.WELCOME_FIELD), state.offer, driver, Action::TypeOffer, read, enabled = !state.reading)
        SideButton(say(Word.WELCOME_READ), read, enabled = state.mayRead)
    }
}

@Composable
private fun Points() {
    Point(Glyph.OFFLINE, say(Word.WELCOME_POINT_OFFLINE))
    Point(Glyph.LOCK, say(Word.WELCOME_POINT_PRIVATE))
    Point(Glyph.HISTORY, say(Word.WELCOME_POINT_FRESH))
}

@Composable
private fun Point(
    glyph: Glyph,
    text: String,
) {
    Row(Modifier, Arrangement.spacedBy(Space.medium), Alignment.CenterVertically) {
        Picture(glyph, Look.palette.accent)
        Text(text, Modifier.weight(1f))
    }
}
