package org.vidimus.screens.design

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.mutableFloatStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.withFrameNanos
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.draw.clipToBounds
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.graphics.Brush
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import kotlin.math.PI
import kotlin.math.sin

/** What the app is known by: a card. */
@Composable
internal fun Emblem(
    modifier: Modifier = Modifier,
    glyph: Glyph = Glyph.CARD,
    side: Dp = 84.dp,
) {
    Box(
        modifier.size(side).shape("emblem").clip(RoundedCornerShape(side / 4)).document(waves = 0),
        Alignment.Center,
    ) {
        Picture(glyph, Look.palette.accent, side = side / 2)
    }
}

/** The ground of a document: a soft run of color under fine waves. */
@Composable
internal fun Modifier.document(waves: Int = WAVES): Modifier {
    val palette = Look.palette
    val ground = remember(palette) { Brush.verticalGradient(listOf(palette.cardTop, palette.cardBottom)) }
    return drawBehind {
        drawRect(ground)
        wave(waves, palette.cardLine, 0f)
    }
}

/**
 * Fine waves that drift, unless the driver wants nothing to move: a picture of a screen stands
 * still. They are drawn anew some ten times a second, and nothing is composed for it.
 */
@Composable
internal fun Modifier.waves(color: Color): Modifier {
    val drift = remember { mutableFloatStateOf(0f) }
    if (!Look.host.reduceMotion) {
        LaunchedEffect(Unit) {
            while (true) {
                withFrameNanos {
                    val step = it % DRIFT / TICK * TICK / DRIFT.toFloat()
                    if (step != drift.floatValue) drift.floatValue = step
                }
            }
        }
    }
    return clipToBounds().drawBehind {
        wave(
            FIELD_WAVES,
            color.copy(alpha = FAINT),
            drift.floatValue * 2 * PI.toFloat(),
        )
    }
}

private fun DrawScope.wave(
    rows: Int,
    color: Color,
    drift: Float,
) {
    val pen = Stroke(1.dp.toPx())
    for (row in 1..rows) {
        val path = Path()
        val step = size.width / STEPS
        for (at in 0..STEPS) {
            val turn = at * 2 * PI.toFloat() / STEPS * PERIODS + row * SHIFT + drift
            val y = size.height * row / rows + sin(turn) * WAVE.toPx()
            if (at == 0) path.moveTo(0f, y) else path.lineTo(at * step, y)
        }
        drawPath(path, color, style = pen)
    }
}

private const val WAVES = 14
private const val FIELD_WAVES = 8
private const val FAINT = 0.14f

/** How long a wave takes to come to the place of the next one, and how often that is drawn. */
private const val DRIFT = 6_000_000_000L
private const val TICK = 100_000_000L
private const val STEPS = 48
private const val PERIODS = 2
private const val SHIFT = 0.55f
private val WAVE = 9.dp
