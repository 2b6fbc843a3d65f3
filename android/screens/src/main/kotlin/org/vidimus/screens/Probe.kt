package org.vidimus.screens

import androidx.compose.runtime.Composable
import androidx.compose.runtime.NonRestartableComposable
import androidx.compose.runtime.staticCompositionLocalOf

/** Hears the name of a part each time that it is composed. Tests count with it; an app has none. */
internal val LocalProbe = staticCompositionLocalOf<((String) -> Unit)?> { null }

/** Says that the part around it is composed. It is never skipped by itself. */
@Composable
@NonRestartableComposable
internal fun Composed(part: String) {
    LocalProbe.current?.invoke(part)
}
