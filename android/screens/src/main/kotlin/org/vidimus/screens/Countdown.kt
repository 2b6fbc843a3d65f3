package org.vidimus.screens

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import org.vidimus.app.LiveCode
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.say
import org.vidimus.screens.design.shape

/**
 * How long this code and the whole showing last. A screen reader reads the whole screen in this one
 * sentence when it gets here; nothing is said by itself each second.
 */
@Composable
internal fun Countdown(code: LiveCode) {
    Composed("countdown")
    val spoken = say(code.spoken)
    Row(
        Modifier.fillMaxWidth().clearAndSetSemantics { contentDescription = spoken },
        Arrangement.spacedBy(Space.medium),
        Alignment.CenterVertically,
    ) {
        Ring(code.nextInS.toFloat() / code.periodS.toFloat())
        Column(Modifier.weight(1f)) {
            Text(say(code.next), style = Type.strong)
            Text(say(code.ends), style = Type.label, color = Look.palette.soft)
        }
    }
}

/**
 * What is left of a whole. It jumps from second to second: nothing moves that would have to be
 * drawn in between.
 */
@Composable
internal fun Ring(
    left: Float,
    side: Dp = 48.dp,
) {
    val palette = Look.palette
    Canvas(Modifier.size(side).shape("ring")) {
        val pen = Stroke(6.dp.toPx(), cap = StrokeCap.Round)
        val inset = Offset(pen.width, pen.width) / 2f
        val square = Size(size.width - pen.width, size.height - pen.width)
        drawArc(palette.line, 0f, FULL, false, inset, square, style = pen)
        if (left > 0) drawArc(palette.accent, TOP, FULL * left.coerceAtMost(1f), false, inset, square, style = pen)
    }
}

private const val FULL = 360f
private const val TOP = -90f
