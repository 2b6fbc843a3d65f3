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
import org.vidimus.models.Holder
import org.vidimus.models.LicenseCard
import org.vidimus.models.Portrait
import org.vidimus.models.Standing
import org.vidimus.models.Word
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
import org.vidimus.screens.design.word

/** The license as a card: who, which number, which state, and how old that is. */
@Composable
internal fun Document(card: LicenseCard) {
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
        card.holder?.let { Head(it, card.standing, card.portrait) }
        Status(card.standing)
    }
}

@Composable
private fun Head(
    holder: Holder,
    standing: Standing,
    portrait: Portrait?,
) {
    if (Look.isStacked) {
        Column(Modifier, Arrangement.spacedBy(Space.large)) {
            Face(portrait)
            Names(holder, standing)
        }
    } else {
        Row(Modifier, Arrangement.spacedBy(Space.large)) {
            Face(portrait)
            Names(holder, standing, Modifier.weight(1f))
        }
    }
}

@Composable
private fun Names(
    holder: Holder,
    standing: Standing,
    modifier: Modifier = Modifier,
) {
    Column(modifier, Arrangement.spacedBy(Space.small)) {
        val spoken = spokenOf(holder.name, standing)
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

/** Who, what, how old: what somebody hears who does not see the card. */
@Composable
private fun spokenOf(
    name: String,
    standing: Standing,
): String = say(Word.LICENSE_SPOKEN, name, say(standing.license.word), spokenAgeOf(standing))

@Composable
private fun Face(portrait: Portrait?) {
    val decode = Look.host.decode
    val picture = remember(portrait, decode) { portrait?.let { decode(it.jpeg) } }
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
