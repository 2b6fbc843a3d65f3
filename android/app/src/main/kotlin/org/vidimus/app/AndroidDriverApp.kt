package org.vidimus.app

import android.animation.ValueAnimator
import android.graphics.BitmapFactory
import androidx.compose.foundation.background
import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.asImageBitmap
import androidx.compose.ui.platform.LocalConfiguration
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.colorResource
import org.vidimus.models.Actions
import org.vidimus.models.Screen
import org.vidimus.screens.DriverApp
import org.vidimus.screens.Host
import java.time.ZoneId

/** The driver's screens on Android: clear of the bars, in the colours and the language of the system. */
@Composable
internal fun AndroidDriverApp(
    screen: Screen,
    actions: Actions,
) {
    val context = LocalContext.current
    val configuration = LocalConfiguration.current
    val texts = remember(configuration) { context.texts() }
    val dark = isSystemInDarkTheme()
    val host =
        remember(configuration, dark) {
            Host(
                zone = ZoneId.systemDefault(),
                dark = dark,
                // "Remove animations" is a duration of nothing.
                reduceMotion = !ValueAnimator.areAnimatorsEnabled(),
                decode = ::jpeg,
                camera = { seen, refused, modifier -> Viewfinder(seen, refused, modifier) },
            )
        }
    Box(Modifier.fillMaxSize().background(colorResource(R.color.ground)).safeDrawingPadding()) {
        DriverApp(screen, actions, texts, host)
    }
}

private fun jpeg(bytes: ByteArray): ImageBitmap? = BitmapFactory.decodeByteArray(bytes, 0, bytes.size)?.asImageBitmap()
