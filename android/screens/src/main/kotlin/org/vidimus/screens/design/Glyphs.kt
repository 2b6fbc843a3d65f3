package org.vidimus.screens.design

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.CornerRadius
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
import androidx.compose.ui.unit.LayoutDirection

/**
 * A small picture beside a word, or on a button whose name is spoken. Those that point mirror with
 * the line.
 */
internal enum class Glyph(
    val points: Boolean = false,
) {
    BACK(true),
    PREVIOUS(true),
    NEXT(true),
    DOWN,
    UP,
    CLOSE,
    ADD,
    REFRESH,
    HISTORY,
    SETTINGS,
    SCAN,
    QR,
    LOCK,
    SHIELD,
    OFFLINE,
    PERSON,
    ANSWER,
    CARD,
    REMOVED,
    LIGHT,
    CHECK,
    LEAVE(true),
}

@Composable
internal fun Picture(
    glyph: Glyph,
    color: Color,
    modifier: Modifier = Modifier,
    side: Dp = Look.glyph,
) {
    Canvas(modifier.size(side).shape("glyph ${glyph.name.lowercase()}")) {
        val mirrored = glyph.points && layoutDirection == LayoutDirection.Rtl
        scale(if (mirrored) -1f else 1f, 1f) {
            scale(size.width / GRID, Offset.Zero) { draw(glyph, color) }
        }
    }
}

private fun DrawScope.draw(
    glyph: Glyph,
    color: Color,
) {
    fun line(vararg points: Float) = drawPath(polyline(*points), color, style = PEN)

    fun box(
        left: Float,
        top: Float,
        right: Float,
        bottom: Float,
        radius: Float = 2f,
    ) = drawRoundRect(
        color,
        Offset(left, top),
        Size(right - left, bottom - top),
        CornerRadius(radius),
        style = PEN,
    )

    fun arc(
        radius: Float,
        from: Float,
        sweep: Float,
        x: Float = 12f,
        y: Float = 12f,
    ) = drawArc(
        color,
        from,
        sweep,
        false,
        Offset(x - radius, y - radius),
        Size(radius * 2, radius * 2),
        style = PEN,
    )

    fun dot(
        x: Float,
        y: Float,
        radius: Float = 1.4f,
    ) = drawCircle(color, radius, Offset(x, y))

    when (glyph) {
        Glyph.BACK -> {
            line(20f, 12f, 4.5f, 12f)
            line(11f, 5f, 4f, 12f, 11f, 19f)
        }

        Glyph.PREVIOUS -> {
            line(14.5f, 5f, 8f, 12f, 14.5f, 19f)
        }

        Glyph.NEXT -> {
            line(9.5f, 5f, 16f, 12f, 9.5f, 19f)
        }

        Glyph.DOWN -> {
            line(5f, 9f, 12f, 15.5f, 19f, 9f)
        }

        Glyph.UP -> {
            line(5f, 15f, 12f, 8.5f, 19f, 15f)
        }

        Glyph.CLOSE -> {
            line(5.5f, 5.5f, 18.5f, 18.5f)
            line(18.5f, 5.5f, 5.5f, 18.5f)
        }

        Glyph.ADD -> {
            line(12f, 4f, 12f, 20f)
            line(4f, 12f, 20f, 12f)
        }

        Glyph.REFRESH -> {
            arc(8f, 20f, 290f)
            line(12.4f, 5.8f, 17.4f, 6f, 17.6f, 1.2f)
        }

        Glyph.HISTORY -> {
            arc(9f, 0f, 360f)
            line(12f, 6.5f, 12f, 12f, 15.6f, 14.2f)
        }

        Glyph.SETTINGS -> {
            line(3.5f, 7f, 12.6f, 7f)
            line(17.8f, 7f, 20.5f, 7f)
            arc(2.5f, 0f, 360f, 15.2f, 7f)
            line(3.5f, 17f, 6.2f, 17f)
            line(11.4f, 17f, 20.5f, 17f)
            arc(2.5f, 0f, 360f, 8.8f, 17f)
        }

        Glyph.SCAN -> {
            line(3.5f, 8f, 3.5f, 3.5f, 8f, 3.5f)
            line(16f, 3.5f, 20.5f, 3.5f, 20.5f, 8f)
            line(20.5f, 16f, 20.5f, 20.5f, 16f, 20.5f)
            line(8f, 20.5f, 3.5f, 20.5f, 3.5f, 16f)
            line(7f, 12f, 17f, 12f)
        }

        Glyph.QR -> {
            box(3.5f, 3.5f, 10f, 10f, 1f)
            box(14f, 3.5f, 20.5f, 10f, 1f)
            box(3.5f, 14f, 10f, 20.5f, 1f)
            for ((x, y) in QR_DOTS) dot(x, y)
        }

        Glyph.LOCK -> {
            box(5f, 10.5f, 19f, 20.5f, 2.5f)
            drawPath(
                Path().apply {
                    moveTo(8f, 10.5f)
                    lineTo(8f, 7.5f)
                    arcTo(Rect(Offset(8f, 3.5f), Size(8f, 8f)), 180f, 180f, false)
                    lineTo(16f, 10.5f)
                },
                color,
                style = PEN,
            )
            dot(12f, 15.5f, 1.6f)
        }

        Glyph.SHIELD -> {
            drawPath(
                Path().apply {
                    moveTo(12f, 2.8f)
                    lineTo(19.5f, 5.6f)
                    lineTo(19.5f, 11.5f)
                    quadraticTo(19.5f, 17.8f, 12f, 21.2f)
                    quadraticTo(4.5f, 17.8f, 4.5f, 11.5f)
                    lineTo(4.5f, 5.6f)
                    close()
                },
                color,
                style = PEN,
            )
            line(8.6f, 11.8f, 11.2f, 14.4f, 15.6f, 9.2f)
        }

        Glyph.OFFLINE -> {
            arc(3.8f, 225f, 90f, y = 18f)
            arc(8.4f, 225f, 90f, y = 18f)
            arc(13f, 225f, 90f, y = 18f)
            dot(12f, 18.4f, 1.6f)
            line(4.5f, 3.5f, 19.5f, 20.5f)
        }

        Glyph.PERSON -> {
            arc(4f, 0f, 360f, y = 8f)
            arc(8f, 190f, 160f, y = 21.5f)
        }

        Glyph.ANSWER -> {
            box(3.5f, 4f, 20.5f, 16f, 3f)
            line(8f, 16f, 8f, 20.5f, 12.5f, 16f)
            for (x in listOf(8f, 12f, 16f)) dot(x, 10f)
        }

        Glyph.CARD -> {
            box(2.5f, 5f, 21.5f, 19f, 2.5f)
            box(5.6f, 8.4f, 10.4f, 14.4f, 1f)
            line(13.4f, 9.6f, 18.4f, 9.6f)
            line(13.4f, 13.2f, 18.4f, 13.2f)
        }

        Glyph.REMOVED -> {
            line(4f, 6.5f, 20f, 6.5f)
            line(9f, 6.2f, 9f, 3.5f, 15f, 3.5f, 15f, 6.2f)
            line(6.2f, 6.5f, 7.2f, 20.5f, 16.8f, 20.5f, 17.8f, 6.5f)
        }

        Glyph.CHECK -> {
            line(4.5f, 12.8f, 9.6f, 18f, 19.5f, 6.5f)
        }

        Glyph.LEAVE -> {
            line(8f, 4f, 4f, 4f, 4f, 20f, 20f, 20f, 20f, 16f)
            line(12.5f, 4f, 20f, 4f, 20f, 11.5f)
            line(20f, 4f, 10.5f, 13.5f)
        }

        Glyph.LIGHT -> {
            line(7f, 2.8f, 17f, 2.8f, 17f, 6.5f, 14.5f, 10f, 14.5f, 21f, 9.5f, 21f, 9.5f, 10f, 7f, 6.5f, 7f, 2.8f)
            line(12f, 12f, 12f, 14.5f)
        }
    }
}

private val PEN = Stroke(2f, cap = StrokeCap.Round, join = StrokeJoin.Round)
private val QR_DOTS =
    listOf(
        6.75f to 6.75f,
        17.25f to 6.75f,
        6.75f to 17.25f,
        14.6f to 14.6f,
        19.6f to 14.6f,
        17.2f to 17.2f,
        14.6f to 19.8f,
        19.6f to 19.8f,
    )
