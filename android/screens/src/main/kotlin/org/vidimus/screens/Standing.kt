package org.vidimus.screens

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.vidimus.models.Standing
import org.vidimus.models.Word
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.Mark
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.say
import org.vidimus.screens.design.word

/** How it stands: a word, the shape of its tone, its colour. A screen reader says it when it changes. */
@Composable
internal fun StateChip(
    standing: Standing,
    modifier: Modifier = Modifier,
) {
    Composed("state")
    val colors = Look.palette.tone(standing.tone)
    Row(
        modifier
            .semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite }
            .background(colors.ground, RoundedCornerShape(24.dp))
            .padding(10.dp, Space.small, Space.large, Space.small),
        Arrangement.spacedBy(Space.small),
        Alignment.CenterVertically,
    ) {
        Mark(standing.tone)
        Text(say(standing.license.word), Modifier.weight(1f, fill = false), Type.strong, colors.ink)
    }
}

/** When the status was signed, and how long ago that is. */
@Composable
internal fun AsOf(
    standing: Standing,
    modifier: Modifier = Modifier,
) {
    Composed("age")
    Column(modifier.semantics(mergeDescendants = true) {}) {
        val at = standing.asOf
        if (at == null) {
            Text(say(Word.LICENSE_NEVER), style = Type.label)
        } else {
            standing.age?.let { Text(Look.texts.age(it), style = Type.strong) }
            val day = Look.texts.dateTime(at, Look.host.zone)
            Text(say(Word.LICENSE_AS_OF, day), style = Type.label, color = Look.palette.soft)
        }
    }
}

/** How old the status is, where it is heard, far from what it belongs to. */
@Composable
internal fun spokenAgeOf(standing: Standing): String =
    standing.age?.let { say(Word.LICENSE_CONFIRMED, Look.texts.age(it)) } ?: say(Word.LICENSE_NEVER)

/** The state and its age: beside each other where there is room. */
@Composable
internal fun Status(standing: Standing) {
    FlowRow(
        Modifier.fillMaxWidth(),
        Arrangement.spacedBy(Space.medium),
        Arrangement.spacedBy(Space.small),
        Alignment.CenterVertically,
    ) {
        StateChip(standing)
        AsOf(standing)
    }
}
