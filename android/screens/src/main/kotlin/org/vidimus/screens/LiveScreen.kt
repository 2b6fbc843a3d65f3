package org.vidimus.screens

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
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
import androidx.compose.runtime.State
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.isTraversalGroup
import androidx.compose.ui.semantics.paneTitle
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import org.vidimus.app.Action
import org.vidimus.app.CardStatus
import org.vidimus.app.FaceTurn
import org.vidimus.app.LiveCode
import org.vidimus.app.Tone
import org.vidimus.app.Value
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.SideButton
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.WordButton
import org.vidimus.screens.design.say
import org.vidimus.screens.design.shape
import org.vidimus.screens.design.waves
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/**
 * A code is shown: the state on a field of its tone, which an officer sees from two meters, with its
 * age and the time of day; below it the QR in a frame of the same tone, as wide as the screen; then
 * who it is, and what the driver wants to know. The QR keeps its size with large text; what is below
 * scrolls.
 *
 * Each second changes the clock and the countdown, each new code the QR as well. Every part takes
 * just what it draws, so that the others are not composed again.
 */
@Composable
internal fun LiveScreen(
    code: LiveCode,
    driver: Driver,
) {
    val title = say(Word.SHOW_TITLE)
    val tone = code.status.sign.tone
    // What does not read it is not composed again each second.
    val now = rememberUpdatedState(code.now)
    BoxWithConstraints(
        Modifier
            .fillMaxSize()
            .background(Look.palette.tone(tone).field)
            .windowInsetsPadding(WindowInsets.safeDrawing)
            .semantics { paneTitle = title },
    ) {
        val side = minOf(maxWidth, maxHeight)
        // With the bar above it, and without the QR: a quarter of the screen and a little more.
        val field = maxHeight * FIELD - BAR
        if (maxWidth > maxHeight) {
            Row {
                Framed(code, driver, side)
                Column(Modifier.weight(1f)) {
                    EndBar(now, tone, driver)
                    Column(Modifier.verticalScroll(rememberScrollState())) {
                        ToneField(code.status, side, field)
                        Times(code.status, now)
                        Below(code, driver)
                    }
                }
            }
        } else {
            Column {
                EndBar(now, tone, driver)
                Column(Modifier.fillMaxWidth().verticalScroll(rememberScrollState())) {
                    ToneField(code.status, side, field)
                    Framed(code, driver, side)
                    Times(code.status, now)
                    Below(code, driver)
                }
            }
        }
    }
}

/** The QR in a frame of the tone, which the screen's ground makes. */
@Composable
private fun Framed(
    code: LiveCode,
    driver: Driver,
    side: Dp,
) {
    Qr(code.showing, code.frame, driver, side - FRAME * 2, Modifier.padding(FRAME))
}

@Composable
private fun EndBar(
    now: State<Value>,
    tone: Tone,
    driver: Driver,
) {
    Composed("end")
    val ink = Look.palette.tone(tone).onField
    Row(
        Modifier
            .fillMaxWidth()
            .heightIn(min = BAR)
            .padding(horizontal = Space.small)
            .semantics { isTraversalGroup = true },
        Arrangement.spacedBy(Space.small),
        Alignment.CenterVertically,
    ) {
        Box(Modifier.weight(1f).padding(horizontal = Space.small)) { if (!Look.isStacked) Clock(now, tone) }
        WordButton(say(Word.SHOW_END), { driver.send(Action.EndShow) }, glyph = Glyph.CLOSE, color = ink)
    }
}

/** The time of day. A code that stands still has a clock that stands still. */
@Composable
private fun Clock(
    now: State<Value>,
    tone: Tone,
) {
    Composed("clock")
    Text(say(Word.SHOW_NOW, say(now.value)), style = Type.strong, color = Look.palette.tone(tone).onField)
}

/** The state, as large as there is room, with its age: on the ground of its tone, which moves. */
@Composable
private fun ToneField(
    status: CardStatus,
    width: Dp,
    height: Dp,
) {
    val style =
        when {
            // Four lines of it have room on a small phone.
            Look.isStacked -> Type.strong.copy(lineHeight = 22.sp)

            width < ROOMY -> Type.stateSmall

            else -> Type.state
        }
    val color = Look.palette.tone(status.sign.tone).onField
    Column(
        Modifier
            .fillMaxWidth()
            .heightIn(min = height)
            .shape("field")
            .waves(color)
            .padding(Space.large, Space.hair),
        Arrangement.spacedBy(Space.hair, Alignment.CenterVertically),
    ) {
        StateWord(status.state, status.sign, if (width < ROOMY) 64.dp else 96.dp, style)
        if (!Look.isStacked) AsOf(status.age, status.asOf, status.sign.tone)
    }
}

/** The age and the time of day where the letters are so large that the field has no room for them. */
@Composable
private fun Times(
    status: CardStatus,
    now: State<Value>,
) {
    if (!Look.isStacked) return
    Column(Modifier.padding(Space.large, Space.hair, Space.large, Space.small)) {
        AsOf(status.age, status.asOf, status.sign.tone)
        Clock(now, status.sign.tone)
    }
}

@Composable
private fun Below(
    code: LiveCode,
    driver: Driver,
) {
    Box(Modifier.fillMaxWidth().background(Look.palette.background), Alignment.TopCenter) {
        Column(
            Modifier
                .widthIn(max = Space.widest)
                .fillMaxWidth()
                .padding(Space.large, Space.small, Space.large, Space.huge),
            Arrangement.spacedBy(Space.medium),
        ) {
            Countdown(code)
            FaceButton(code.face.isOn, driver)
            code.statusLeftOut?.let { Notice(it) }
            Whose(code.holder, code.number, code.portrait, code.categories, code.audience, driver)
        }
    }
}

/** Shows the driver's face in turn with the code, or no longer; nothing where there is no face. */
@Composable
private fun FaceButton(
    isOn: Boolean?,
    driver: Driver,
) {
    Composed("face")
    if (isOn == null) return
    val word = say(if (isOn) Word.SHOW_FACE_OFF else Word.SHOW_FACE_ON)
    SideButton(word, { driver.send(Action.ShowFace(!isOn)) }, glyph = Glyph.PERSON)
}

/** `null` where there is none to show. */
private val FaceTurn.isOn: Boolean?
    get() =
        when (this) {
            is FaceTurn.None -> null
            is FaceTurn.Off -> false
            is FaceTurn.Token, is FaceTurn.Frame -> true
        }

/** How much of the height the field of the tone has, with the bar. */
private const val FIELD = 0.26f
private val BAR = 48.dp

/** Around the QR. Wider, a module would be a pixel smaller on most phones. */
private val FRAME = 4.dp

/** From this width on there is room for the largest letters. */
private val ROOMY = 360.dp
