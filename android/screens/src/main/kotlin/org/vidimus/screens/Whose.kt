package org.vidimus.screens

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.vidimus.app.Asker
import org.vidimus.screens.design.Code
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.Hairline
import org.vidimus.screens.design.Labelled
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.Panel
import org.vidimus.screens.design.Picture
import org.vidimus.screens.design.Shapes
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.say
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/** Whose code it is: as on the license, so that an officer may compare. And for whom it is. */
@Composable
internal fun Whose(
    holder: String,
    number: String,
    portrait: String?,
    categories: List<String>,
    asker: Asker?,
    driver: Driver,
) {
    Composed("parties")
    Panel {
        if (Look.isStacked) {
            Face(portrait, driver, 96.dp)
            Facts(holder, number, categories)
        } else {
            Row(Modifier, Arrangement.spacedBy(Space.large)) {
                Face(portrait, driver, 96.dp)
                Facts(holder, number, categories, Modifier.weight(1f))
            }
        }
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

@Composable
private fun Facts(
    holder: String,
    number: String,
    categories: List<String>,
    modifier: Modifier = Modifier,
) {
    Column(modifier, Arrangement.spacedBy(Space.small)) {
        // Not larger than the state.
        Text(holder, style = if (Look.isStacked) Type.strong else Type.heading)
        Labelled(say(Word.LICENSE_NUMBER)) { Code(number, style = Type.strong) }
        if (categories.isNotEmpty()) Labelled(say(Word.LICENSE_CATEGORIES)) { Badges(categories) }
    }
}

@Composable
private fun Badges(categories: List<String>) {
    FlowRow(
        Modifier.semantics(mergeDescendants = true) {}.padding(top = Space.hair),
        Arrangement.spacedBy(Space.hair),
        Arrangement.spacedBy(Space.hair),
    ) {
        for (category in categories) {
            Code(
                category,
                Modifier.background(Look.palette.accent, Shapes.badge).padding(Space.small, 0.dp),
                Type.strong,
                Look.palette.onAccent,
            )
        }
    }
}
