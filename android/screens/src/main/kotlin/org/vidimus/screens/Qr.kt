package org.vidimus.screens

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.size
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.graphics.Canvas
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.Paint
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.Dp
import org.vidimus.QrSymbol
import org.vidimus.isDark
import org.vidimus.screens.design.say
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/**
 * The QR of frame [number] of a [showing]: black on white in every theme, with its quiet zone, in the
 * middle of [side], never mirrored. Where it is no longer shown, its place stays white.
 *
 * Each module is a whole number of pixels, the largest that fits. A scanner would take seams
 * between modules for light ones.
 */
@Composable
internal fun Qr(
    showing: ULong,
    number: ULong,
    driver: Driver,
    side: Dp,
    modifier: Modifier = Modifier,
) {
    Composed("qr")
    val name = say(Word.SHOW_QR)
    val room = with(LocalDensity.current) { side.roundToPx() }
    val modules = remember(showing, number, driver, room) { driver.frame(showing, number)?.let { pictureIn(room, it) } }
    QrPicture(modules, name, room, side, modifier)
}

/** A symbol that is drawn already, in a square. Where there is none its place stays white. */
@Composable
internal fun QrPicture(
    modules: ImageBitmap?,
    name: String,
    room: Int,
    side: Dp,
    modifier: Modifier = Modifier,
) {
    Canvas(
        modifier.size(side).semantics {
            contentDescription = name
            role = Role.Image
        },
    ) {
        if (modules == null) {
            drawRect(Color.White)
            return@Canvas
        }
        // What no module fills is left to what is around.
        val edge = ((room - modules.width) / 2).toFloat()
        drawImage(modules, Offset(edge, edge))
    }
}

/**
 * The symbol in the size that it is drawn in, once for a code: nothing is scaled while it stands
 * there.
 */
internal fun pictureIn(
    room: Int,
    symbol: QrSymbol,
): ImageBitmap {
    val whole = symbol.size + 2 * QUIET
    val module = (room / whole).coerceAtLeast(1)
    val picture = ImageBitmap(whole * module, whole * module)
    val canvas = Canvas(picture)
    val paint = Paint().apply { isAntiAlias = false }

    fun fill(
        color: Color,
        left: Int,
        top: Int,
        right: Int,
        bottom: Int,
    ) {
        paint.color = color
        val scale = module.toFloat()
        canvas.drawRect(Rect(left * scale, top * scale, right * scale, bottom * scale), paint)
    }
    fill(Color.White, 0, 0, whole, whole)
    for (y in 0..<symbol.size) {
        var x = 0
        while (x < symbol.size) {
            val begin = x
            while (symbol.isDark(x, y)) x++
            if (x > begin) fill(Color.Black, begin + QUIET, y + QUIET, x + QUIET, y + QUIET + 1) else x++
        }
    }
    return picture
}

/** Light modules around, as the standard asks. */
private const val QUIET = 4
