package org.vidimus.driver

import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Color
import android.os.Looper
import androidx.compose.ui.platform.ComposeView
import com.google.zxing.BinaryBitmap
import com.google.zxing.RGBLuminanceSource
import com.google.zxing.common.HybridBinarizer
import com.google.zxing.qrcode.QRCodeReader
import org.junit.After
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.android.controller.ActivityController
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import org.vidimus.app.Screen
import org.vidimus.driver.support.AppForTests
import org.vidimus.driver.support.Samples
import org.vidimus.reader.PhoneScreens
import org.vidimus.screens.DriverScreens
import java.io.File
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/**
 * A few screens as Android itself draws them: the same sources, Jetpack Compose, Android's own
 * graphics.
 */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(qualifiers = "w412dp-h915dp-xhdpi")
internal class DrawnScreensTest {
    private var controller: ActivityController<MainActivity>? = null

    @After
    fun close() {
        controller?.close()
    }

    @Test
    fun `a license`() {
        assertDrawn(drawn("license", Samples.license))
    }

    @Test
    fun `the QR of a showing is read from the picture`() {
        val picture = drawn("show", Samples.live)
        assertDrawn(picture)
        val source = RGBLuminanceSource(picture.width, picture.height, picture.pixels())
        assertEquals(Samples.token, QRCodeReader().decode(BinaryBitmap(HybridBinarizer(source))).text)
    }

    @Test
    @Config(qualifiers = "+ar-ldrtl-night")
    fun `a wallet that cannot be opened, in Arabic and in the dark`() {
        val picture = drawn("blocked-ar-dark", Samples.blocked)
        assertDrawn(picture)
        assertTrue(picture.pixels().count { it.luminance < 64 } > picture.width * picture.height / 2, "it is not dark")
    }

    @Test
    fun `an offer in letters of double size`() {
        RuntimeEnvironment.setFontScale(2f)
        assertDrawn(drawn("offer-200", Samples.offer))
    }

    @Test
    fun `a window that lies over the app is said above the page`() {
        val before = drawn("license", Samples.license)
        val activity = checkNotNull(controller).get()
        val page = ComposeView(activity)
        page.setContent { PhoneScreens(isDrawnOver = true) { texts, host -> DriverScreens(Samples.license, activity.shell, texts, host) } }
        activity.setContentView(page)
        shadowOf(Looper.getMainLooper()).idle()
        val covered = drawn("covered")
        assertDrawn(covered)
        // What stood at the top stands below the note.
        assertEquals(0, before.amber)
        // It is as wide as the page and has two lines.
        assertTrue(covered.amber > covered.width * 40, "${covered.amber}")
    }

    /** How many pixels have the ground of a caution. */
    private val Bitmap.amber: Int
        get() = pixels().count { Color.red(it) > 245 && Color.green(it) in 220..240 && Color.blue(it) in 180..215 }

    private fun drawn(
        name: String,
        screen: Screen,
    ): Bitmap {
        (RuntimeEnvironment.getApplication() as AppForTests).first = screen
        val controller = Robolectric.buildActivity(MainActivity::class.java).also { controller = it }
        controller.setup()
        shadowOf(Looper.getMainLooper()).idle()
        return drawn(name)
    }

    private fun drawn(name: String): Bitmap {
        val view = checkNotNull(controller).get().window.decorView
        val bitmap = Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888)
        view.draw(Canvas(bitmap))
        val file = File(PICTURES, "$name.png").apply { parentFile?.mkdirs() }
        file.outputStream().use { bitmap.compress(Bitmap.CompressFormat.PNG, 100, it) }
        return bitmap
    }

    /** Neither blank nor all ink, and with letters in it. */
    private fun assertDrawn(picture: Bitmap) {
        val pixels = picture.pixels()
        val ground = pixels.asList().groupingBy { it }.eachCount().maxBy { it.value }.key
        val share = pixels.count { it != ground }.toDouble() / pixels.size
        assertTrue(share in 0.02..0.9, "$share of the picture is drawn on")
        assertTrue(pixels.toSet().size > 50, "letters have soft edges")
    }

    private fun Bitmap.pixels() = IntArray(width * height).also { getPixels(it, 0, width, 0, 0, width, height) }

    private val Int.luminance get() = ((this shr 16 and 0xFF) * 2 + (this shr 8 and 0xFF) * 5 + (this and 0xFF)) / 8

    private companion object {
        val PICTURES = File(System.getProperty("vidimus.pictures", "target/pictures"))
    }
}
