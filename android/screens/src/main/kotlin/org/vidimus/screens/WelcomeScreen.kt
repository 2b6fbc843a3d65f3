package org.vidimus.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import org.vidimus.app.Action
import org.vidimus.app.TroubleAction
import org.vidimus.app.WelcomeScreen
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Busy
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
import org.vidimus.screens.design.WordButton
import org.vidimus.screens.design.say
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/** What this is, what one gets, and how to begin. */
@Composable
internal fun WelcomeScreen(
    state: WelcomeScreen,
    driver: Driver,
) {
    val title = say(state.title)
    Page(title, { if (state.mayGoBack) Bar({ driver.send(Action.Back) }) else Elsewhere(state, driver) }) {
        Title(title)
        Applications(state.applications, driver)
        if (!state.mayGoBack && state.applications.isEmpty()) {
            SampleCard()
            Text(say(Word.APP_ABOUT), color = Look.palette.soft)
        }
        Banners(state.troubles, driver)
        state.refusal?.let { Notice(it) }
        state.lock?.let {
            Notice(it)
            MainButton(say(Word.ACTION_LOCK), { driver.send(Action.Act(TroubleAction.SET_LOCK)) }, glyph = Glyph.LOCK)
        }
        Text(say(state.body))
        Text(say(Word.WELCOME_HOW), color = Look.palette.soft)
        Begin(state, driver)
        if (!state.mayGoBack) Points()
        if (!state.mayGoBack) SideButton(say(Word.LICENSE_CHECK), { driver.send(Action.Check) }, glyph = Glyph.SHIELD)
    }
}

/** By an account, by the camera, or by what was copied: that field opens when it is asked for. */
@Composable
private fun Begin(
    state: WelcomeScreen,
    driver: Driver,
) {
    val isFirst = state.lock == null
    if (state.maySignIn && isFirst) {
        MainButton(say(Word.WELCOME_SIGN_IN), { driver.send(Action.SignIn) }, glyph = Glyph.SHIELD)
    } else if (state.maySignIn) {
        SideButton(say(Word.WELCOME_SIGN_IN), { driver.send(Action.SignIn) }, glyph = Glyph.SHIELD)
    }
    if (state.reading) {
        Busy(say(Word.OFFER_READING))
    } else if (isFirst && !state.maySignIn) {
        MainButton(say(Word.WELCOME_SCAN), { driver.send(Action.Scan) }, glyph = Glyph.SCAN)
    } else {
        SideButton(say(Word.WELCOME_SCAN), { driver.send(Action.Scan) }, glyph = Glyph.SCAN)
    }
    if (state.typing) {
        Paste(state, driver)
    } else {
        val type = { driver.send(Action.TypeInstead) }
        SideButton(say(Word.WELCOME_PASTE), type, glyph = Glyph.ADD, enabled = !state.reading)
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
        val isOpen = !state.reading
        if (Look.isStacked) {
            GlyphButton(Glyph.HISTORY, history, { driver.send(Action.History) }, enabled = isOpen)
            GlyphButton(Glyph.SETTINGS, settings, { driver.send(Action.Settings) }, enabled = isOpen)
        } else {
            WordButton(history, { driver.send(Action.History) }, glyph = Glyph.HISTORY, enabled = isOpen)
            WordButton(settings, { driver.send(Action.Settings) }, glyph = Glyph.SETTINGS, enabled = isOpen)
        }
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
        val type = { text: String, edit: ULong -> driver.send(Action.TypeOffer(text, edit)) }
        Field(say(Word.WELCOME_FIELD), state.offer, driver::nextEdit, type, read, enabled = !state.reading)
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
