package org.vidimus.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.unit.Dp
import org.vidimus.app.Sign
import org.vidimus.app.Tone
import org.vidimus.app.Value
import org.vidimus.app.Words
import org.vidimus.screens.design.FieldMark
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.say

/**
 * How it stands, on the field of its tone: the mark, and the word. A screen reader says it when it
 * changes.
 */
@Composable
internal fun StateWord(
    state: Words,
    sign: Sign,
    mark: Dp,
    style: TextStyle,
    modifier: Modifier = Modifier,
) {
    Composed("state")
    Row(
        modifier.semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite },
        Arrangement.spacedBy(Space.medium),
        Alignment.CenterVertically,
    ) {
        FieldMark(sign, mark)
        Text(say(state), Modifier.weight(1f, fill = false), style, Look.palette.tone(sign.tone).onField)
    }
}

/** How old the status is, and when it was signed; small where it never came. On a tone's field. */
@Composable
internal fun AsOf(
    age: Value?,
    asOf: Words?,
    tone: Tone,
    modifier: Modifier = Modifier,
) {
    Composed("age")
    if (age == null && asOf == null) return
    val ink = Look.palette.tone(tone).onField
    Column(modifier.semantics(mergeDescendants = true) {}) {
        age?.let { Text(say(it), style = if (asOf == null) Type.label else Type.strong, color = ink) }
        asOf?.let { Text(say(it), style = Type.label, color = ink) }
    }
}
