package org.vidimus.screens

import org.junit.jupiter.api.Test
import org.vidimus.screens.support.Pictures
import org.vidimus.screens.support.Samples
import org.vidimus.screens.support.Setting
import org.vidimus.screens.support.Setting.Size.SMALL
import org.vidimus.screens.support.Stage
import org.vidimus.screens.support.png
import org.vidimus.shell.Language.ARABIC
import org.vidimus.shell.Language.BENGALI
import org.vidimus.shell.Language.CHINESE
import org.vidimus.shell.Language.ENGLISH
import org.vidimus.shell.Language.SPANISH
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/**
 * Pictures, kept in `src/test/goldens`. `-Dvidimus.goldens=write` makes them anew: look at them
 * then.
 */
class GoldensTest {
    @Test
    fun `the pictures are the kept ones`() {
        assertEquals(CHOSEN.distinct(), CHOSEN)
        val problems = mutableListOf<String>()
        Stage.use {
            for ((name, setting) in CHOSEN) {
                show(Samples.named(name), setting)
                Pictures.compare("$name-$setting", picture())?.let { problems += it }
            }
        }
        assertTrue(problems.isEmpty(), problems.joinToString("\n"))
    }

    /** Sharp ones of the same, in `target/…/screens/sharp`: the README takes some. */
    @Test
    fun `the same pictures are left in the sharpness of a phone`() {
        Stage.use(density = 2f) {
            for ((name, setting) in CHOSEN) {
                show(Samples.named(name), setting)
                val picture = picture()
                assertEquals(setting.size.width * 2, picture.width)
                Pictures.leave("sharp/$name-$setting", picture.png())
            }
        }
    }

    private companion object {
        val EN = Setting(ENGLISH)
        val ZH = Setting(CHINESE)
        val AR = Setting(ARABIC)
        val BN = Setting(BENGALI)
        val ES = Setting(SPANISH)

        fun Setting.dark() = copy(dark = true)

        fun Setting.small() = copy(size = SMALL)

        fun Setting.twice() = copy(textScale = 200)

        val CHOSEN =
            listOf(
                "opening" to EN.dark(),
                "welcome" to EN,
                "welcome" to AR.dark().small(),
                "welcome-refused-offer_gone" to ES,
                "welcome-another" to ZH.twice(),
                "welcome-trouble-open" to BN,
                "scan-offer" to BN.small(),
                "scan-challenge-refused" to EN.small().twice(),
                "offer" to EN,
                "offer-typing" to AR,
                "offer-unproven" to BN.dark(),
                "offer-refused-code_refused" to ES.dark().small(),
                "offer-issuing" to ZH,
                "offer-words" to ES,
                "offer-refused-no_lock" to EN,
                "license-valid" to EN,
                "license-valid" to EN.dark(),
                "license-valid" to BN.small().twice(),
                "license-suspended" to ES,
                "license-unresolved" to ZH.dark(),
                "license-old" to AR,
                "license-long" to EN.small(),
                "license-damaged" to ES.dark(),
                "license-second-of-three" to AR.dark(),
                "license-many-troubles" to EN,
                "license-trouble-suspended-open" to EN,
                "license-trouble-clock_set_back-open" to ZH.small().twice(),
                "show-valid" to EN,
                "show-valid" to AR.dark(),
                "show-to-proven" to ES.dark().small().twice(),
                "show-to-unproven" to BN,
                "show-unknown" to ZH.small(),
                "show-locked-no_lock" to EN.dark(),
                "show-over" to BN.small(),
                "show-too-late" to AR.dark(),
                "answer" to EN,
                "answer-proven" to ES.twice(),
                "answer-recorded" to AR.small().dark(),
                "history" to EN,
                "history" to AR.dark(),
                "settings" to BN,
                "settings-removing" to ZH.dark(),
                "settings-removing-now" to EN,
                "check-start" to EN,
                "check-start-old" to ZH.small().twice(),
                "check-start-inside" to AR.dark(),
                "check-look" to EN.small(),
                "check-look-refused" to AR.twice(),
                "check-look-typed" to ES.dark(),
                "check-two" to BN,
                "check-verdict-accept" to EN,
                "check-verdict-accept" to AR.dark().small(),
                "check-verdict-accept-ring" to ZH.dark(),
                "check-verdict-accept-awaited" to EN.small().twice(),
                "check-verdict-unresolved" to BN.small(),
                "check-verdict-suspended" to ES,
                "check-verdict-bad_signature" to EN.dark(),
                "check-verdict-replayed" to ZH,
                "check-doubt-qr" to EN,
                "check-doubt-digits" to AR.dark(),
                "check-doubt-over" to BN.twice(),
                "check-log" to EN,
                "check-log-nameless" to ZH.dark(),
                "check-log-empty" to ES.small().twice(),
                "check-blocked-damaged" to AR,
                "blocked-key_invalidated" to EN,
                "blocked-storage_full" to AR.small().twice(),
            )
    }
}
