package org.vidimus.screens

import org.junit.jupiter.api.Test
import org.vidimus.screens.support.Pictures
import java.awt.Color
import java.awt.image.BufferedImage
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull

/** What a picture may differ in from the kept one, and what it may not. */
class PicturesTest {
    private val kept = picture {}

    @Test
    fun `the same, other shades and a few scattered pixels pass`() {
        assertNull(Pictures.difference(kept, picture {}))
        assertNull(Pictures.difference(kept, picture { fill(0, 0, 100, 100, Color(255 - 17, 255, 255)) }))
        assertNull(Pictures.difference(kept, picture { for (at in 0..<100) fill(at * 2, at * 4, 1, 1, Color.BLACK) }))
    }

    @Test
    fun `a spot that is smaller than a mark is found`() {
        val found = assertNotNull(Pictures.difference(kept, picture { fill(100, 200, 4, 5, Color.BLACK) }))
        assertEquals("20 pixels differ near 96, 192", found)
    }

    @Test
    fun `many pixels anywhere, and another size, are found`() {
        assertEquals("0.21 % of the pixels differ", Pictures.difference(kept, picture { for (at in 0..<200) fill(at, at * 2, 1, 1, Color.BLACK) }))
        assertEquals("of another size", Pictures.difference(kept, BufferedImage(WIDTH, HEIGHT - 1, BufferedImage.TYPE_INT_RGB)))
    }

    private fun picture(draw: BufferedImage.() -> Unit): BufferedImage =
        BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB).apply {
            fill(0, 0, WIDTH, HEIGHT, Color.WHITE)
            draw()
        }

    private fun BufferedImage.fill(
        x: Int,
        y: Int,
        width: Int,
        height: Int,
        color: Color,
    ) {
        for (row in y..<y + height) for (column in x..<x + width) setRGB(column, row, color.rgb)
    }

    private companion object {
        /** As the kept ones of the large screen. */
        const val WIDTH = 206
        const val HEIGHT = 457
    }
}
