package org.vidimus.screens.support

import androidx.compose.foundation.layout.Box
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.ui.Modifier
import org.vidimus.screens.Camera

/** A camera that sees what it is told to. */
internal class Eye : Camera {
    /** Takes what is seen; `null` while no screen looks. */
    @Volatile
    var looks: ((String) -> Unit)? = null
        private set

    @Composable
    override fun Viewfinder(
        seen: (List<String>) -> Unit,
        refused: () -> Unit,
        light: Boolean,
        modifier: Modifier,
    ) {
        DisposableEffect(seen) {
            looks = { seen(listOf(it)) }
            onDispose { looks = null }
        }
        Box(modifier)
    }
}
