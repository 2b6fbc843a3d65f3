package org.vidimus.screens

import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.unit.Density
import androidx.compose.ui.use
import org.jetbrains.skia.Bitmap
import org.jetbrains.skia.Image
import org.junit.jupiter.api.Test
import org.vidimus.models.Language
import org.vidimus.models.LockOutcome
import org.vidimus.models.Screen
import org.vidimus.models.ShowState
import org.vidimus.models.Texts
import org.vidimus.screens.support.NoActions
import org.vidimus.screens.support.Sample
import org.vidimus.screens.support.Samples
import org.vidimus.screens.support.Setting
import org.vidimus.screens.support.Stage
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** What moves, and that nothing does where the driver wants nothing to move. */
class MotionTest {
    @Test
    fun `nothing moves with reduced motion`() {
        assertEquals(emptyList(), Samples.all.filter { moves(it, reduceMotion = true) }.map(Sample::name))
    }

    @Test
    fun `without it what waits moves, and nothing else`() {
        val moving = Samples.all.filter { moves(it, reduceMotion = false) }
        assertEquals(Samples.all.filter { it.screen.waits }.map(Sample::name), moving.map(Sample::name))
        assertTrue(moving.size > Samples.all.size / 10)
    }

    private val Screen.waits: Boolean
        get() =
            when (this) {
                is Screen.Opening -> true
                is Screen.Welcome -> state.reading
                is Screen.Offer -> state.issuing
                is Screen.License -> state.refreshing
                is Screen.Show -> state.waits
                is Screen.Blocked -> state.working
                is Screen.Scan, is Screen.Answer, is Screen.History, is Screen.Settings -> false
            }

    private val ShowState.waits: Boolean
        get() = this == ShowState.Unlocking || this == ShowState.Starting || this == ShowState.Locked(LockOutcome.OPENED)

    /** Whether a third of a second changes the picture. */
    private fun moves(
        sample: Sample,
        reduceMotion: Boolean,
    ): Boolean {
        val size = Setting.Size.LARGE
        val host = Stage.host(dark = false, reduceMotion = reduceMotion)
        val texts = Texts(Language.ENGLISH)
        return ImageComposeScene(size.width, TALL, Density(1f)) { DriverApp(sample.screen, NoActions, texts, host) }.use { scene ->
            // What a screen does as it comes is over after some frames.
            val settled = (0..<SETTLING).map { scene.render(it * FRAME).pixels() }.last()
            val later = (SETTLING..<2 * SETTLING).map { scene.render(it * FRAME).pixels() }.last()
            !settled.contentEquals(later)
        }
    }

    private fun Image.pixels(): ByteArray = use { checkNotNull(Bitmap.makeFromImage(it).readPixels()) }

    private companion object {
        /** So that all that scrolls is in sight. */
        const val TALL = 1400
        const val SETTLING = 5
        const val FRAME = 66_000_000L
    }
}
