package org.vidimus.reader

import android.animation.ValueAnimator
import android.content.Context
import android.graphics.BitmapFactory
import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
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
import androidx.lifecycle.compose.LifecycleResumeEffect
import org.vidimus.screens.CoveredNote
import org.vidimus.screens.Host
import org.vidimus.shell.Language
import org.vidimus.shell.SHIPPED_NOTICES
import org.vidimus.shell.Texts
import java.time.ZoneId

/**
 * Screens on Android: clear of the bars, in the colors and the language of the system. The window's
 * own ground is behind them.
 *
 * @param isDrawnOver whether another app is drawn over them
 */
@Composable
public fun PhoneScreens(
    isDrawnOver: Boolean,
    screens: @Composable (Texts, Host) -> Unit,
) {
    val context = LocalContext.current
    val configuration = LocalConfiguration.current
    val texts = remember(configuration) { context.texts() }
    val host = rememberHost()
    Column(Modifier.fillMaxSize().safeDrawingPadding()) {
        if (isDrawnOver) CoveredNote(texts, host)
        Box(Modifier.weight(1f)) { screens(texts, host) }
    }
}

/** The phone that the screens are drawn on, as it is set now. */
@Composable
public fun rememberHost(): Host {
    val context = LocalContext.current
    val dark = isSystemInDarkTheme()
    val camera = remember { PhoneCamera(context) }
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
            camera = camera,
            version = context.version,
            notices = SHIPPED_NOTICES,
        )
    }
}

/** What the app says, in the language that was chosen for it or for the phone. */
public fun Context.texts(): Texts = Texts(Language.of(resources.configuration.locales[0].toLanguageTag()))

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
