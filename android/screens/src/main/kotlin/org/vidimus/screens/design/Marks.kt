package org.vidimus.screens.design

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.graphics.drawscope.scale
import androidx.compose.ui.unit.Dp
import org.vidimus.app.Mark
import org.vidimus.app.Sign
import org.vidimus.app.Tone

/** What the screens themselves say is well, as a field that is filled. */
internal val GOOD = Sign(Tone.GOOD, Mark.DISC)

/** What the screens themselves warn of, as a removal. */
internal val BAD = Sign(Tone.BAD, Mark.OCTAGON)

/**
 * The shape of a sign: people who see no colors still see which. It says nothing: the word beside
 * it does.
 */
@Composable
internal fun Mark(
    sign: Sign,
    modifier: Modifier = Modifier,
    side: Dp = Look.glyph,
    ink: Color = Look.palette.tone(sign.tone).ink,
    ground: Color = Look.palette.tone(sign.tone).ground,
) {
    Canvas(modifier.size(side).shape(sign.shapeName)) {
        scale(size.width / GRID, Offset.Zero) { mark(sign.mark, ink, ground) }
    }
}

/** The same on the field of its tone. */
@Composable
internal fun FieldMark(
    sign: Sign,
    side: Dp,
    modifier: Modifier = Modifier,
) {
    val colors = Look.palette.tone(sign.tone)
    Mark(sign, modifier, side, colors.onField, colors.field)
}

private fun DrawScope.mark(
    mark: Mark,
    ink: Color,
    ground: Color,
) {
    when (mark) {
        Mark.DISC -> {
            drawCircle(ink, radius = 11f, center = Offset(12f, 12f))
            drawPath(polyline(6.8f, 12.4f, 10.6f, 16.2f, 17.4f, 8.4f), ground, style = SIGN)
        }

        Mark.TRIANGLE -> {
            val triangle = polygon(12f, 2.4f, 22.6f, 21.4f, 1.4f, 21.4f)
            drawPath(triangle, ink)
            drawPath(triangle, ink, style = ROUNDING)
            drawLine(ground, Offset(12f, 9f), Offset(12f, 14.4f), 2.4f, StrokeCap.Round)
            drawCircle(ground, 1.4f, Offset(12f, 18.4f))
        }

        Mark.OCTAGON -> {
            drawPath(
                polygon(7.4f, 1f, 16.6f, 1f, 23f, 7.4f, 23f, 16.6f, 16.6f, 23f, 7.4f, 23f, 1f, 16.6f, 1f, 7.4f),
                ink,
            )
            drawLine(ground, Offset(6.6f, 12f), Offset(17.4f, 12f), 3.2f, StrokeCap.Round)
        }

        Mark.DIAMOND -> {
            val diamond = polygon(12f, 1.2f, 22.8f, 12f, 12f, 22.8f, 1.2f, 12f)
            drawPath(diamond, ink)
            drawPath(diamond, ink, style = ROUNDING)
            question(ground)
        }
    }
}

private fun DrawScope.question(color: Color) {
    val hook = Path()
    hook.arcTo(Rect(Offset(9.2f, 6.2f), Size(5.6f, 5.6f)), 180f, 240f, true)
    hook.quadraticTo(12f, 12.4f, 12f, 14f)
    drawPath(hook, color, style = Stroke(2f, cap = StrokeCap.Round, join = StrokeJoin.Round))
    drawCircle(color, 1.3f, Offset(12f, 17.2f))
}

internal fun polygon(vararg points: Float): Path = polyline(*points).apply { close() }

internal fun polyline(vararg points: Float): Path =
    Path().apply {
        moveTo(points[0], points[1])
        for (at in 2..<points.size step 2) lineTo(points[at], points[at + 1])
    }

/** Marks and glyphs are drawn on a square of this side. */
internal const val GRID = 24f

private val SIGN = Stroke(2.6f, cap = StrokeCap.Round, join = StrokeJoin.Round)
private val ROUNDING = Stroke(1.6f, join = StrokeJoin.Round)
