package org.vidimus.screens

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.vidimus.app.Holder
import org.vidimus.app.LicenseCard
import org.vidimus.app.Words
import org.vidimus.screens.design.Code
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.Labelled
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.Picture
import org.vidimus.screens.design.Shapes
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.document
import org.vidimus.screens.design.say
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/** The license as a card: who, which number, which state, and how old that is. */
@Composable
internal fun Document(
    card: LicenseCard,
    driver: Driver,
) {
    Composed("card")
    Column(
        Modifier
            .fillMaxWidth()
            .clip(Shapes.card)
            .document()
            .border(1.dp, Look.palette.line, Shapes.card)
            .padding(Space.large),
        Arrangement.spacedBy(Space.large),
    ) {
        card.holder?.let { Head(it, card.spoken, card.portrait, driver) }
        Status(card.status)
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
        Column(Modifier, Arrangement.spacedBy(Space.large)) {
            Face(portrait, driver)
            Names(holder, say(spoken))
        }
    } else {
        Row(Modifier, Arrangement.spacedBy(Space.large)) {
            Face(portrait, driver)
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

/** The picture of this id, which is decoded once. */
@Composable
private fun Face(
    portrait: String?,
    driver: Driver,
) {
    val decode = Look.host.decode
    val picture = remember(portrait, driver, decode) { portrait?.let(driver::picture)?.let(decode) }
    val frame =
        Modifier
            .size(96.dp, 120.dp)
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
            Picture(Glyph.PERSON, Look.palette.outline, side = 88.dp)
        }
    }
}
