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
import org.vidimus.app.CardStatus
import org.vidimus.app.Sign
import org.vidimus.app.Value
import org.vidimus.app.Words
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.Mark
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.say

/**
 * How it stands: a word, the shape of its tone, its color. A screen reader says it when it
 * changes.
 */
@Composable
internal fun StateChip(
    state: Words,
    sign: Sign,
    modifier: Modifier = Modifier,
) {
    Composed("state")
    val colors = Look.palette.tone(sign.tone)
    Row(
        modifier
            .semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite }
            .background(colors.ground, RoundedCornerShape(24.dp))
            .padding(10.dp, Space.small, Space.large, Space.small),
        Arrangement.spacedBy(Space.small),
        Alignment.CenterVertically,
    ) {
        Mark(sign)
        Text(say(state), Modifier.weight(1f, fill = false), Type.strong, colors.ink)
    }
}

/** How old the status is, and when it was signed; small where it never came. */
@Composable
internal fun AsOf(
    age: Value?,
    asOf: Words?,
    modifier: Modifier = Modifier,
) {
    Composed("age")
    if (age == null && asOf == null) return
    Column(modifier.semantics(mergeDescendants = true) {}) {
        age?.let { Text(say(it), style = if (asOf == null) Type.label else Type.strong) }
        asOf?.let { Text(say(it), style = Type.label, color = Look.palette.soft) }
    }
}

/** The state and its age: beside each other where there is room. */
@Composable
internal fun Status(status: CardStatus) {
    FlowRow(
        Modifier.fillMaxWidth(),
        Arrangement.spacedBy(Space.medium),
        Arrangement.spacedBy(Space.small),
        Alignment.CenterVertically,
    ) {
        StateChip(status.state, status.sign)
        AsOf(status.age, status.asOf)
    }
}
