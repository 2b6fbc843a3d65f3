package org.vidimus.screens

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.vidimus.Frame
import org.vidimus.Verdict
import org.vidimus.screens.support.Fixtures
import org.vidimus.screens.support.Optics
import org.vidimus.screens.support.Sample
import org.vidimus.screens.support.Setting
import org.vidimus.screens.support.Showings
import org.vidimus.screens.support.Stage
import org.vidimus.screens.support.StillDriver
import org.vidimus.screens.support.png
import org.vidimus.shell.Language
import org.vidimus.support.Authority
import org.vidimus.support.Phone
import org.vidimus.support.picture
import org.vidimus.support.reader
import java.awt.image.BufferedImage
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotNull

/**
 * What a camera sees of the rendered screen is the token that the wallet signed, and an officer's
 * reader accepts it.
 */
class ThePictureIsTheTokenTest {
    @Test
    fun `the screen is read back from its PNG, at 480 pixels and askew, and accepted`(): Unit =
        runBlocking {
            Authority().use { authority ->
                Phone(authority).use { phone ->
                    val (wallet, id) = phone.enrolled()
                    wallet.use {
                        val frame = wallet.present(id).use { it.frame() }
                        for (setting in SETTINGS) {
                            for ((way, picture) in seen(drawn(frame, setting))) {
                                // In one look, and turned as it says: no second try at another
                                // angle.
                                val text = assertNotNull(Optics.read(picture), "$setting, $way: nothing is read")
                                assertEquals(frame.text, text, "$setting, $way")
                                authority.reader(wallet).use { assertIs<Verdict.Accept>(it.check(text), "$setting, $way") }
                            }
                        }
                    }
                }
            }
        }

    /** The PNG as any program decodes it. */
    private fun drawn(
        frame: Frame,
        setting: Setting,
    ): BufferedImage {
        val driver = StillDriver { frame.symbol }
        val sample = Sample("token", Showings.live(Fixtures.code()), driver = driver) { emptyList() }
        return Stage.use(density = 2f) {
            show(sample, setting)
            picture(picture().png())
        }
    }

    private fun seen(picture: BufferedImage): Map<String, BufferedImage> {
        val small = Optics.scaled(picture, WIDTH)
        return mapOf(
            "as it is" to picture,
            "at 480 pixels" to small,
            "askew" to Optics.rotated(picture, DEGREES),
            "at 480 pixels and askew" to Optics.rotated(small, DEGREES),
        )
    }

    private companion object {
        const val WIDTH = 480
        const val DEGREES = 7.0

        val SETTINGS =
            listOf(
                Setting(Language.ENGLISH),
                Setting(Language.ARABIC, dark = true),
                Setting(Language.SPANISH, dark = true, size = Setting.Size.SMALL, textScale = 200),
            )
    }
}
