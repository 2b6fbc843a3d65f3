package org.vidimus.screens

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.paneTitle
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.vidimus.app.Action
import org.vidimus.app.Asker
import org.vidimus.app.LiveCode
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.Hairline
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Panel
import org.vidimus.screens.design.Picture
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.WordButton
import org.vidimus.screens.design.say
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/**
 * A code is shown: the QR as large as the screen, right below it the state and its age, which an
 * officer looks for at a glance, then what the driver wants to know. The QR keeps its size with
 * large text; what is below scrolls.
 *
 * Each second changes the countdown, each new code the QR as well. Every part takes just what it
 * draws, so that the others are not composed again.
 */
@Composable
internal fun LiveScreen(
    code: LiveCode,
    driver: Driver,
) {
    val title = say(Word.SHOW_TITLE)
    BoxWithConstraints(
        Modifier
            .fillMaxSize()
            .background(Look.palette.background)
            .windowInsetsPadding(WindowInsets.safeDrawing)
            .semantics { paneTitle = title },
    ) {
        val side = minOf(maxWidth, maxHeight)
        if (maxWidth > maxHeight) {
            Row {
                Qr(code.showing, code.frame, driver, side)
                Column(Modifier.weight(1f)) {
                    EndBar(driver)
                    Column(Modifier.verticalScroll(rememberScrollState())) { Below(code) }
                }
            }
        } else {
            Column {
                EndBar(driver)
                Column(
                    Modifier.fillMaxWidth().verticalScroll(rememberScrollState()),
                    horizontalAlignment = Alignment.CenterHorizontally,
                ) {
                    Qr(code.showing, code.frame, driver, side)
                    Below(code)
                }
            }
        }
    }
}

@Composable
private fun EndBar(driver: Driver) {
    Composed("end")
    Row(
        Modifier.fillMaxWidth().heightIn(min = 56.dp).padding(horizontal = Space.small),
        Arrangement.End,
        Alignment.CenterVertically,
    ) {
        WordButton(say(Word.SHOW_END), { driver.send(Action.EndShow) }, glyph = Glyph.CLOSE)
    }
}

@Composable
private fun Below(code: LiveCode) {
    Column(
        Modifier.widthIn(max = Space.widest).fillMaxWidth().padding(Space.large, Space.small, Space.large, Space.huge),
        Arrangement.spacedBy(Space.medium),
    ) {
        Status(code.status)
        Countdown(code)
        code.statusLeftOut?.let { Notice(it) }
        Parties(code.holder, code.audience)
    }
}

/** Whose code it is; for whom, and whether that is proven. */
@Composable
private fun Parties(
    holder: String,
    asker: Asker?,
) {
    Composed("parties")
    Panel {
        Text(holder, style = Type.heading)
        Hairline()
        if (asker != null) {
            Who(asker)
            return@Panel
        }
        Row(Modifier, Arrangement.spacedBy(Space.medium), Alignment.CenterVertically) {
            Picture(Glyph.PERSON, Look.palette.accent)
            Text(say(Word.SHOW_TO_ANYONE), Modifier.weight(1f))
        }
    }
}
