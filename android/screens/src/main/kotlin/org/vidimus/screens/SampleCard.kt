package org.vidimus.screens

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.unit.dp
import org.vidimus.app.Tone
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.Picture
import org.vidimus.screens.design.Shapes
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.document
import org.vidimus.screens.design.say
import org.vidimus.shell.Word

/** A picture of what one gets: a card without a word, which nobody takes for a license. */
@Composable
internal fun SampleCard() {
    val name = say(Word.WELCOME_PICTURE)
    val palette = Look.palette
    Column(
        Modifier
            .width(240.dp)
            .clip(Shapes.panel)
            .document(waves = 6)
            .border(1.dp, palette.line, Shapes.panel)
            .clearAndSetSemantics {
                contentDescription = name
                role = Role.Image
            },
    ) {
        Spacer(Modifier.fillMaxWidth().height(24.dp).background(palette.tone(Tone.GOOD).field))
        Row(Modifier.height(104.dp).padding(Space.medium), Arrangement.spacedBy(Space.medium)) {
            Box(Modifier.size(64.dp, 80.dp).background(palette.surface, Shapes.badge), Alignment.BottomCenter) {
                Picture(Glyph.PERSON, palette.outline, side = 56.dp)
            }
            Column(Modifier.weight(1f).fillMaxHeight(), Arrangement.spacedBy(Space.small)) {
                for (width in listOf(92.dp, 64.dp, 76.dp)) {
                    Spacer(Modifier.size(width, 10.dp).background(palette.outline, Shapes.badge))
                }
            }
            Picture(Glyph.QR, palette.accent, Modifier.align(Alignment.Bottom), side = 32.dp)
        }
    }
}
