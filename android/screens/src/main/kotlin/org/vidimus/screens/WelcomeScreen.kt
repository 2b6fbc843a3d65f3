package org.vidimus.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import org.vidimus.Tone
import org.vidimus.models.Actions
import org.vidimus.models.WelcomeState
import org.vidimus.models.Word
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
import org.vidimus.screens.design.word

/** What this is, and how to begin. */
@Composable
internal fun WelcomeScreen(
    state: WelcomeState,
    actions: Actions,
) {
    val title =
        say(
            when {
                state.mayGoBack -> Word.LICENSE_ADD
                state.again -> Word.WELCOME_AGAIN_TITLE
                else -> Word.WELCOME_TITLE
            },
        )
    Page(title, { if (state.mayGoBack) Bar(actions::back) else Elsewhere(state, actions) }) {
        if (!state.mayGoBack) Emblem()
        Title(title)
        if (!state.mayGoBack) Text(say(Word.APP_ABOUT), color = Look.palette.soft)
        state.refusal?.let { Notice(if (it.mayRetry) Tone.CAUTION else Tone.BAD, say(it.word)) }
        Text(say(if (state.again) Word.WELCOME_AGAIN else Word.WELCOME_BODY))
        if (state.reading) {
            Busy(say(Word.OFFER_READING))
        } else {
            MainButton(say(Word.WELCOME_SCAN), actions::scan, glyph = Glyph.SCAN)
        }
        Paste(state, actions)
        if (!state.mayGoBack) Points()
    }
}

/** What can be reached before there is a license. Not while an offer is read: leaving would lose it. */
@Composable
private fun Elsewhere(
    state: WelcomeState,
    actions: Actions,
) {
    Bar(null) {
        GlyphButton(Glyph.HISTORY, say(Word.LICENSE_HISTORY), actions::history, enabled = !state.reading)
        GlyphButton(Glyph.SETTINGS, say(Word.LICENSE_SETTINGS), actions::settings, enabled = !state.reading)
    }
}

@Composable
private fun Paste(
    state: WelcomeState,
    actions: Actions,
) {
    Panel {
        Heading(say(Word.WELCOME_PASTE))
        Field(say(Word.WELCOME_FIELD), state.text, actions::typeOffer, actions::readOffer, enabled = !state.reading)
        val mayRead = state.text.isNotBlank() && !state.reading
        SideButton(say(Word.WELCOME_READ), actions::readOffer, enabled = mayRead)
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
