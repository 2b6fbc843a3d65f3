package org.vidimus.reader

import android.Manifest
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

/**
 * What the camera sees, once the driver lets it. The permission is asked for here: anyone who never
 * scans is never asked.
 */
@Composable
internal fun Viewfinder(
    seen: (String) -> Unit,
    refused: () -> Unit,
    modifier: Modifier,
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
        Preview(seen, refused, modifier)
    } else {
        LaunchedEffect(Unit) { ask.launch(Manifest.permission.CAMERA) }
    }
}

@Composable
private fun Preview(
    seen: (String) -> Unit,
    refused: () -> Unit,
    modifier: Modifier,
) {
    val context = LocalContext.current
    val nowSeen by rememberUpdatedState(seen)
    val nowRefused by rememberUpdatedState(refused)
    val view = remember { TextureView(context) }
    // Another app gets the camera as soon as this one is covered.
    LifecycleStartEffect(view) {
        val camera = QrCamera(context, view, { nowSeen(it) }, { nowRefused() })
        camera.open()
        onStopOrDispose { camera.close() }
    }
    AndroidView({ view }, modifier)
}
