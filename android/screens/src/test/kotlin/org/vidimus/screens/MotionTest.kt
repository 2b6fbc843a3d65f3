package org.vidimus.screens

import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.unit.Density
import androidx.compose.ui.use
import org.jetbrains.skia.Bitmap
import org.jetbrains.skia.Image
import org.junit.jupiter.api.Test
import org.vidimus.app.OfficerScreen
import org.vidimus.app.Screen
import org.vidimus.app.ShowPhase
import org.vidimus.screens.support.Sample
import org.vidimus.screens.support.Samples
import org.vidimus.screens.support.Setting
import org.vidimus.screens.support.Stage
import org.vidimus.shell.Language
import org.vidimus.shell.Texts
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
        assertEquals(Samples.all.filter { it.waits }.map(Sample::name), moving.map(Sample::name))
        assertTrue(moving.size > Samples.all.size / 10)
    }

    private val Sample.waits: Boolean get() = screen?.waits == true || check?.waits == true

    private val OfficerScreen.waits: Boolean
        get() =
            when (this) {
                is OfficerScreen.Opening -> true
                is OfficerScreen.Start -> v1.refreshing
                is OfficerScreen.Doubt -> v1.asking
                is OfficerScreen.Blocked -> v1.working
                is OfficerScreen.Look, is OfficerScreen.Two, is OfficerScreen.Verdict, is OfficerScreen.Log -> false
            }

    private val Screen.waits: Boolean
        get() =
            when (this) {
                is Screen.Opening -> true
                is Screen.Welcome -> v1.reading || v1.applications.any { it.asking }
                is Screen.SignIn -> v1.working
                is Screen.Offer -> v1.issuing
                is Screen.License -> v1.refreshing || v1.applications.any { it.asking }
                is Screen.Show -> v1.phase.waits
                is Screen.Blocked -> v1.working
                is Screen.Scan, is Screen.Answer, is Screen.History, is Screen.Settings -> false
            }

    /** The waves of a showing move all the time. */
    private val ShowPhase.waits: Boolean get() = this is ShowPhase.Unlocking || this is ShowPhase.Starting || this is ShowPhase.Live

    /** Whether a third of a second changes the picture. */
    private fun moves(
        sample: Sample,
        reduceMotion: Boolean,
    ): Boolean {
        val size = Setting.Size.LARGE
        val host = Stage.host(dark = false, reduceMotion = reduceMotion)
        val texts = Texts(Language.ENGLISH)
        return ImageComposeScene(size.width, TALL, Density(1f)) { sample.draw(texts, host) }.use { scene ->
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
