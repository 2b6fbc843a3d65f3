package org.vidimus.driver

import android.animation.ValueAnimator
import android.content.Context
import android.graphics.BitmapFactory
import androidx.compose.foundation.background
import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.asImageBitmap
import androidx.compose.ui.platform.LocalConfiguration
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.colorResource
import androidx.lifecycle.compose.LifecycleResumeEffect
import org.vidimus.app.Screen
import org.vidimus.screens.DriverScreens
import org.vidimus.screens.Host
import org.vidimus.shell.Driver
import org.vidimus.shell.SHIPPED_NOTICES
import java.time.ZoneId

/**
 * The driver's screens on Android: clear of the bars, in the colors and the language of the
 * system.
 */
@Composable
internal fun AndroidDriverScreens(
    screen: Screen,
    driver: Driver,
) {
    val context = LocalContext.current
    val configuration = LocalConfiguration.current
    val texts = remember(configuration) { context.texts() }
    Box(Modifier.fillMaxSize().background(colorResource(R.color.ground)).safeDrawingPadding()) {
        DriverScreens(screen, driver, texts, rememberHost())
    }
}

/** The phone that the screens are drawn on, as it is set now. */
@Composable
internal fun rememberHost(): Host {
    val context = LocalContext.current
    val dark = isSystemInDarkTheme()
    var settings by remember { mutableStateOf(PhoneSettings.now()) }
    LifecycleResumeEffect(Unit) {
        settings = PhoneSettings.now()
        onPauseOrDispose { }
    }
    return remember(dark, settings) {
        Host(
            zone = settings.zone,
            dark = dark,
            reduceMotion = settings.reduceMotion,
            decode = ::jpeg,
            camera = { seen, refused, _, modifier -> Viewfinder({ seen(listOf(it)) }, refused, modifier) },
            version = context.version,
            notices = SHIPPED_NOTICES,
        )
    }
}

/**
 * What a driver sets for the whole phone while this app is away, and what no configuration tells
 * of.
 */
private data class PhoneSettings(
    val zone: ZoneId,
    val reduceMotion: Boolean,
) {
    companion object {
        // "Remove animations" is a duration of nothing.
        fun now() = PhoneSettings(ZoneId.systemDefault(), reduceMotion = !ValueAnimator.areAnimatorsEnabled())
    }
}

private val Context.version: String get() = packageManager.getPackageInfo(packageName, 0).versionName.orEmpty()

private fun jpeg(bytes: ByteArray): ImageBitmap? = BitmapFactory.decodeByteArray(bytes, 0, bytes.size)?.asImageBitmap()
