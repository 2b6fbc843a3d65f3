package org.vidimus.screens.design

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableFloatStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.runtime.withFrameNanos
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.ProgressBarRangeInfo
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.progressBarRangeInfo
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.vidimus.app.Note

/**
 * A sentence with the shape and the ground of its sign. [isNews] has a screen reader say it when it
 * comes.
 */
@Composable
internal fun Notice(
    note: Note,
    modifier: Modifier = Modifier,
    isNews: Boolean = true,
) {
    Row(
        modifier
            .fillMaxWidth()
            .semantics(mergeDescendants = true) { if (isNews) liveRegion = LiveRegionMode.Polite }
            .background(Look.palette.tone(note.sign.tone).ground, Shapes.control)
            .padding(Space.medium),
        Arrangement.spacedBy(Space.medium),
    ) {
        Mark(note.sign)
        Text(say(note.words), Modifier.weight(1f))
    }
}

/** Something is under way, and what. */
@Composable
internal fun Busy(
    text: String,
    modifier: Modifier = Modifier,
    color: Color? = null,
) {
    Row(
        modifier.semantics(mergeDescendants = true) {
            liveRegion = LiveRegionMode.Polite
            progressBarRangeInfo = ProgressBarRangeInfo.Indeterminate
        },
        Arrangement.spacedBy(Space.medium),
        Alignment.CenterVertically,
    ) {
        Wheel(color)
        Text(text, Modifier.weight(1f, fill = false), color = color ?: Look.palette.ink)
    }
}

/** Turns, unless the driver wants nothing to move. */
@Composable
private fun Wheel(color: Color?) {
    var turn by remember { mutableFloatStateOf(0f) }
    if (!Look.host.reduceMotion) {
        LaunchedEffect(Unit) {
            while (true) withFrameNanos { turn = it % TURN / TURN.toFloat() * FULL }
        }
    }
    val palette = Look.palette
    Canvas(Modifier.size(24.dp).shape("wheel")) {
        val pen = Stroke(3.dp.toPx(), cap = StrokeCap.Round)
        val inset = Offset(pen.width, pen.width)
        val square = Size(size.width - pen.width * 2, size.height - pen.width * 2)
        drawArc(color?.copy(alpha = FAINT) ?: palette.line, 0f, FULL, false, inset, square, style = pen)
        drawArc(color ?: palette.accent, turn - 90f, 110f, false, inset, square, style = pen)
    }
}

private const val TURN = 1_200_000_000L
private const val FULL = 360f
private const val FAINT = 0.25f
