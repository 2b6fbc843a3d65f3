package org.vidimus.desktop

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawWithContent
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.layer.GraphicsLayer
import androidx.compose.ui.graphics.layer.drawLayer
import androidx.compose.ui.graphics.rememberGraphicsLayer
import androidx.compose.ui.graphics.toAwtImage
import androidx.compose.ui.layout.ContentScale
import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.RGBLuminanceSource
import com.google.zxing.ReaderException
import com.google.zxing.common.HybridBinarizer
import com.google.zxing.multi.qrcode.QRCodeMultiReader
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext
import org.vidimus.screens.Camera
import java.awt.image.BufferedImage

/** A phone on the desk, as a camera sees it: what is drawn on its screen. */
internal class Pane {
    private var layer: GraphicsLayer? = null

    /** What is drawn inside is what a camera sees. */
    @Composable
    fun Seen(content: @Composable () -> Unit) {
        val drawn = rememberGraphicsLayer()
        layer = drawn
        Box(
            Modifier.drawWithContent {
                drawn.record { this@drawWithContent.drawContent() }
                drawLayer(drawn)
            },
        ) { content() }
    }

    /** The pixels of its screen now; `null` before it was drawn. */
    suspend fun picture(): ImageBitmap? = layer?.takeIf { it.size.width > 0 && it.size.height > 0 }?.toImageBitmap()
}

/** The camera of one phone, which is held before the screen of the [other]. */
internal class CameraBefore(
    private val other: Pane,
) : Camera {
    @Composable
    override fun Viewfinder(
        seen: (List<String>) -> Unit,
        refused: () -> Unit,
        light: Boolean,
        modifier: Modifier,
    ) {
        val told by rememberUpdatedState(seen)
        var picture by remember { mutableStateOf<ImageBitmap?>(null) }
        LaunchedEffect(other) {
            while (true) {
                other.picture()?.let { now ->
                    picture = now
                    val texts = withContext(Dispatchers.Default) { textsIn(now.toAwtImage()) }
                    if (texts.isNotEmpty()) told(texts)
                }
                delay(BETWEEN_PICTURES)
            }
        }
        Box(modifier.background(Color.Black), Alignment.Center) {
            picture?.let { Image(it, null, Modifier.matchParentSize(), contentScale = ContentScale.Fit) }
        }
    }
}

/** The texts of all QRs in a picture. */
internal fun textsIn(picture: BufferedImage): List<String> {
    val pixels = picture.getRGB(0, 0, picture.width, picture.height, null, 0, picture.width)
    val source = RGBLuminanceSource(picture.width, picture.height, pixels)
    return try {
        QRCodeMultiReader().decodeMultiple(BinaryBitmap(HybridBinarizer(source)), HINTS).map { it.text }.distinct()
    } catch (_: ReaderException) {
        emptyList()
    }
}

private val HINTS = mapOf(DecodeHintType.TRY_HARDER to true)

/** In milliseconds: some ten pictures a second, as a phone reads them. */
private const val BETWEEN_PICTURES = 60L
