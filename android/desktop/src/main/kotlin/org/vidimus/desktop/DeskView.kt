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
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.toComposeImageBitmap
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import org.jetbrains.skia.Image
import org.vidimus.screens.Camera
import org.vidimus.screens.DriverScreens
import org.vidimus.screens.Host
import org.vidimus.screens.officer.OfficerScreens
import org.vidimus.shell.Texts
import java.time.ZoneId

/**
 * The desk: the driver's phone and the officer's, each with a camera that sees the other's screen,
 * and beside them what else there is.
 */
@Composable
internal fun DeskView(
    desk: Desk,
    copy: (String) -> Unit,
    reduceMotion: Boolean = false,
) {
    Row(Modifier.fillMaxSize().background(DESK), Arrangement.spacedBy(4.dp)) {
        val body = Modifier.padding(20.dp).fillMaxHeight().width(PHONE)
        Box(body.clip(RoundedCornerShape(36.dp)).background(Color.Black)) {
            Box(Modifier.padding(8.dp).fillMaxSize().clip(RoundedCornerShape(28.dp))) {
                desk.driversPane.Seen { DriversPhone(desk, reduceMotion) }
            }
        }
        Box(body.clip(RoundedCornerShape(36.dp)).background(Color.Black)) {
            Box(Modifier.padding(8.dp).fillMaxSize().clip(RoundedCornerShape(28.dp))) {
                desk.officersPane.Seen { OfficersPhone(desk, reduceMotion) }
            }
        }
        Strip(desk, copy)
    }
}

@Composable
private fun OfficersPhone(
    desk: Desk,
    reduceMotion: Boolean,
) {
    val update by desk.checks.collectAsState()
    OnPhone(desk, reduceMotion, remember(desk) { CameraBefore(desk.driversPane) }) { texts, host ->
        OfficerScreens(update.screen, desk.officer, texts, host)
    }
}

@Composable
private fun DriversPhone(
    desk: Desk,
    reduceMotion: Boolean,
) {
    val update by desk.updates.collectAsState()
    OnPhone(desk, reduceMotion, remember(desk) { CameraBefore(desk.officersPane) }) { texts, host ->
        DriverScreens(update.screen, desk.driver, texts, host)
    }
}

/** A phone as the desk is set: its language, its colors, the size of its text. */
@Composable
private fun OnPhone(
    desk: Desk,
    reduceMotion: Boolean,
    camera: Camera,
    screen: @Composable (Texts, Host) -> Unit,
) {
    val texts = remember(desk.language) { Texts(desk.language) }
    val host =
        remember(desk.dark, reduceMotion, camera) {
            Host(
                zone = ZoneId.systemDefault(),
                dark = desk.dark,
                reduceMotion = reduceMotion,
                decode = ::jpeg,
                camera = camera,
                version = VERSION,
                notices = NOTICES,
            )
        }
    CompositionLocalProvider(LocalDensity provides Density(LocalDensity.current.density, desk.textSize)) {
        screen(texts, host)
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
