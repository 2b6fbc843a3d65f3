package org.vidimus.reader

import android.Manifest
import android.content.Context
import android.content.pm.PackageManager
import android.view.TextureView
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.viewinterop.AndroidView
import androidx.lifecycle.compose.LifecycleStartEffect
import org.vidimus.screens.Camera

/** This phone's camera, as the screens use it. */
internal class PhoneCamera(
    private val context: Context,
) : Camera {
    // Asked of another process, and the same as long as this one lives.
    override val hasLight: Boolean by lazy { hasLight(context) }

    @Composable
    override fun Viewfinder(
        seen: (List<String>) -> Unit,
        refused: () -> Unit,
        light: Boolean,
        modifier: Modifier,
    ) {
        Finder(seen, refused, modifier, light)
    }
}

/**
 * What the camera sees, once the driver lets it. The permission is asked for here: anyone who never
 * scans is never asked.
 *
 * @param seen takes the texts of all QRs in one picture
 * @param light whether the light beside the camera is on, where there is one
 */
@Composable
private fun Finder(
    seen: (List<String>) -> Unit,
    refused: () -> Unit,
    modifier: Modifier,
    light: Boolean,
) {
    val context = LocalContext.current
    var granted by remember {
        mutableStateOf(context.checkSelfPermission(Manifest.permission.CAMERA) == PackageManager.PERMISSION_GRANTED)
    }
    val ask =
        rememberLauncherForActivityResult(RequestPermission()) { yes ->
            if (yes) granted = true else refused()
        }
    if (granted) {
        Preview(seen, refused, modifier, light)
    } else {
        LaunchedEffect(Unit) { ask.launch(Manifest.permission.CAMERA) }
    }
}

@Composable
private fun Preview(
    seen: (List<String>) -> Unit,
    refused: () -> Unit,
    modifier: Modifier,
    light: Boolean,
) {
    val context = LocalContext.current
    val nowSeen by rememberUpdatedState(seen)
    val nowRefused by rememberUpdatedState(refused)
    val view = remember { TextureView(context) }
    var open by remember { mutableStateOf<QrCamera?>(null) }
    // Another app gets the camera as soon as this one is covered.
    LifecycleStartEffect(view) {
        val camera = QrCamera(context, view, { nowSeen(it) }, { nowRefused() })
        camera.open()
        open = camera
        onStopOrDispose {
            open = null
            camera.close()
        }
    }
    LaunchedEffect(open, light) { open?.light(light) }
    AndroidView({ view }, modifier)
}
