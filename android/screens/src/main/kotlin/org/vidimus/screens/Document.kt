package org.vidimus.screens

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.Composable
import androidx.compose.runtime.State
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.isTraversalGroup
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import org.vidimus.app.Action
import org.vidimus.app.CardStatus
import org.vidimus.app.Holder
import org.vidimus.app.LicenseCard
import org.vidimus.app.Tone
import org.vidimus.app.Words
import org.vidimus.screens.design.Busy
import org.vidimus.screens.design.Code
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.Labelled
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.Picture
import org.vidimus.screens.design.Shapes
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.WordButton
import org.vidimus.screens.design.document
import org.vidimus.screens.design.say
import org.vidimus.screens.design.shape
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/**
 * The license as a card: how it stands and how old that is, on the field of its tone; then who, and
 * which number. A license that does not hold looks different from afar.
 *
 * @param refreshing whether the driver waits for a newer status
 */
@Composable
internal fun Document(
    card: LicenseCard,
    refreshing: State<Boolean>,
    driver: Driver,
) {
    Composed("card")
    Column(Modifier.fillMaxWidth().clip(Shapes.card).document().border(1.dp, Look.palette.line, Shapes.card)) {
        Header(card.status, refreshing, driver)
        card.holder?.let { Head(it, card.spoken, card.portrait, driver) }
    }
}

@Composable
private fun Header(
    status: CardStatus,
    refreshing: State<Boolean>,
    driver: Driver,
) {
    val tone = status.sign.tone
    Column(
        Modifier
            .fillMaxWidth()
            .background(Look.palette.tone(tone).field)
            .shape("field")
            .padding(Space.large, Space.medium, Space.small, Space.hair),
        Arrangement.spacedBy(Space.hair),
    ) {
        val style = if (Look.isStacked) Type.heading else Type.stateSmall
        StateWord(status.state, status.sign, 44.dp, style, Modifier.padding(end = Space.small))
        val row = Modifier.fillMaxWidth().semantics { isTraversalGroup = true }
        FlowRow(row, Arrangement.SpaceBetween, itemVerticalAlignment = Alignment.CenterVertically) {
            AsOf(status.age, status.asOf, tone)
            Refreshing(refreshing, tone, driver)
        }
    }
}

@Composable
private fun Refreshing(
    refreshing: State<Boolean>,
    tone: Tone,
    driver: Driver,
) {
    Composed("refresh")
    val ink = Look.palette.tone(tone).onField
    Box(Modifier.heightIn(min = Space.target), Alignment.CenterStart) {
        if (refreshing.value) {
            Busy(say(Word.LICENSE_REFRESHING), Modifier.padding(Space.small), ink)
        } else {
            WordButton(say(Word.LICENSE_REFRESH), { driver.send(Action.Refresh) }, glyph = Glyph.REFRESH, color = ink)
        }
    }
}

@Composable
private fun Head(
    holder: Holder,
    spoken: Words,
    portrait: String?,
    driver: Driver,
) {
    if (Look.isStacked) {
        Column(Modifier.padding(Space.large), Arrangement.spacedBy(Space.large)) {
            Face(portrait, driver, 120.dp)
            Names(holder, say(spoken))
        }
    } else {
        Row(Modifier.padding(Space.large), Arrangement.spacedBy(Space.large)) {
            Face(portrait, driver, 136.dp)
            Names(holder, say(spoken), Modifier.weight(1f))
        }
    }
}

@Composable
private fun Names(
    holder: Holder,
    spoken: String,
    modifier: Modifier = Modifier,
) {
    Column(modifier, Arrangement.spacedBy(Space.small)) {
        Column(
            Modifier.clearAndSetSemantics {
                heading()
                contentDescription = spoken
            },
        ) {
            if (holder.givenNames.isNotEmpty()) Text(holder.givenNames, style = Type.body)
            Text(holder.familyName.ifEmpty { holder.givenNames }, style = Type.heading)
        }
        Labelled(say(Word.LICENSE_NUMBER)) { Code(holder.number, style = Type.strong) }
        Labelled(say(Word.LICENSE_COUNTRY)) { Code(holder.country, style = Type.strong) }
    }
}

/** The picture of this id, which is decoded once, [width] wide. */
@Composable
internal fun Face(
    portrait: String?,
    driver: Driver,
    width: Dp,
) {
    val decode = Look.host.decode
    val picture = remember(portrait, driver, decode) { portrait?.let(driver::picture)?.let(decode) }
    Portrait(picture, width)
}

/** A face, or that there is none. */
@Composable
internal fun Portrait(
    picture: ImageBitmap?,
    width: Dp,
) {
    val frame =
        Modifier
            .size(width, width * 5 / 4)
            .clip(Shapes.portrait)
            .background(Look.palette.surface)
            .border(1.dp, Look.palette.outline, Shapes.portrait)
    if (picture != null) {
        Image(picture, say(Word.LICENSE_PORTRAIT), frame, contentScale = ContentScale.Crop)
    } else {
        val name = say(Word.LICENSE_NO_PORTRAIT)
        Box(
            frame.semantics {
                contentDescription = name
                role = Role.Image
            },
            Alignment.BottomCenter,
        ) {
            Picture(Glyph.PERSON, Look.palette.outline, side = width * 11 / 12)
        }
    }
}
