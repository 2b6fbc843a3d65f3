package org.vidimus.screens.design

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableFloatStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.graphicsLayer
import androidx.compose.ui.input.nestedscroll.NestedScrollConnection
import androidx.compose.ui.input.nestedscroll.NestedScrollSource
import androidx.compose.ui.input.nestedscroll.nestedScroll
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.Velocity
import androidx.compose.ui.unit.dp

/**
 * What scrolls gives way to a finger that pulls it below its upper end. [pulled] is called when the
 * finger lets go far enough; a button does the same for those who cannot pull.
 */
@Composable
internal fun Modifier.pulling(pulled: (() -> Unit)?): Modifier {
    if (pulled == null) return this
    val newest by rememberUpdatedState(pulled)
    val far = with(LocalDensity.current) { FAR.toPx() }
    val pull = remember(far) { Pull(far) { newest() } }
    return nestedScroll(pull).graphicsLayer { translationY = pull.way / HEAVY }
}

private class Pull(
    private val far: Float,
    private val pulled: () -> Unit,
) : NestedScrollConnection {
    /** How far it is pulled, in pixels. */
    var way by mutableFloatStateOf(0f)
        private set

    override fun onPreScroll(
        available: Offset,
        source: NestedScrollSource,
    ): Offset {
        if (way == 0f || available.y >= 0) return Offset.Zero
        val back = available.y.coerceAtLeast(-way)
        way += back
        return Offset(0f, back)
    }

    override fun onPostScroll(
        consumed: Offset,
        available: Offset,
        source: NestedScrollSource,
    ): Offset {
        if (source != NestedScrollSource.UserInput || available.y <= 0) return Offset.Zero
        way += available.y
        return Offset(0f, available.y)
    }

    override suspend fun onPreFling(available: Velocity): Velocity {
        val isFar = way > far
        way = 0f
        if (isFar) pulled()
        return Velocity.Zero
    }
}

private val FAR = 96.dp

/** So much less than the finger it moves. */
private const val HEAVY = 3
