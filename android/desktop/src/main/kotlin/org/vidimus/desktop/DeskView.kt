package org.vidimus.desktop

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.text.BasicText
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.toComposeImageBitmap
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import org.jetbrains.skia.Image
import org.vidimus.screens.Camera
import org.vidimus.screens.DriverScreens
import org.vidimus.screens.Host
import org.vidimus.shell.Texts
import java.time.ZoneId

/** The desk: a phone, and beside it what else there is. */
@Composable
internal fun DeskView(
    desk: Desk,
    copy: (String) -> Unit,
    reduceMotion: Boolean = false,
) {
    Row(Modifier.fillMaxSize().background(DESK), Arrangement.spacedBy(4.dp)) {
        val body = Modifier.padding(20.dp).fillMaxHeight().width(PHONE)
        Box(body.clip(RoundedCornerShape(36.dp)).background(Color.Black)) {
            Box(
                Modifier.padding(8.dp).fillMaxSize().clip(RoundedCornerShape(28.dp)),
            ) { PhoneScreen(desk, reduceMotion) }
        }
        Strip(desk, copy)
    }
}

@Composable
private fun PhoneScreen(
    desk: Desk,
    reduceMotion: Boolean,
) {
    val update by desk.updates.collectAsState()
    val texts = remember(desk.language) { Texts(desk.language) }
    val host =
        remember(desk.dark, reduceMotion) {
            Host(
                zone = ZoneId.systemDefault(),
                dark = desk.dark,
                reduceMotion = reduceMotion,
                decode = ::jpeg,
                camera = NO_CAMERA,
                version = VERSION,
                notices = NOTICES,
            )
        }
    CompositionLocalProvider(LocalDensity provides Density(LocalDensity.current.density, desk.textSize)) {
        DriverScreens(update.screen, desk.driver, texts, host)
    }
}

/**
 * A desktop has no camera that would look at its own screen: the buttons beside the phone do what
 * it would.
 */
private val NO_CAMERA =
    Camera { _, _, _, modifier ->
        Box(modifier.background(Color(0xFF30363D)), Alignment.Center) {
            BasicText(
                "No camera here.\nUse the buttons beside the phone.",
                Modifier.padding(24.dp),
                TextStyle(Color.White, 16.sp),
            )
        }
    }

private fun jpeg(bytes: ByteArray): ImageBitmap? =
    try {
        Image.makeFromEncoded(bytes).toComposeImageBitmap()
    } catch (_: IllegalArgumentException) {
        null
    }

/** As wide as most phones, with its frame. */
private val PHONE = 428.dp
