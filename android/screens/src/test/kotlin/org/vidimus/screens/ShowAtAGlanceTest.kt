package org.vidimus.screens

import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.vidimus.app.LiveCode
import org.vidimus.app.Screen
import org.vidimus.app.ShowPhase
import org.vidimus.screens.support.LayoutCheck
import org.vidimus.screens.support.Sample
import org.vidimus.screens.support.Samples
import org.vidimus.screens.support.Setting
import org.vidimus.screens.support.Stage
import org.vidimus.shell.Language
import org.vidimus.shell.Texts
import org.vidimus.shell.Word
import kotlin.test.assertTrue

/**
 * An officer looks at a phone that somebody else holds: what counts is in sight on the smallest,
 * and no one scrolls.
 */
class ShowAtAGlanceTest {
    @ParameterizedTest
    @EnumSource(Language::class)
    fun `code, state, age and countdown are in sight on a small phone`(language: Language) {
        val texts = Texts(language)
        inSight(Setting(language, size = Setting.Size.SMALL)) { live ->
            listOf(texts[Word.SHOW_QR], texts.say(live.status.state), texts.say(checkNotNull(live.status.age)), texts.say(live.next))
        }
    }

    @ParameterizedTest
    @EnumSource(Language::class)
    fun `with text of double size code and state still are`(language: Language) {
        val texts = Texts(language)
        inSight(Setting(language, size = Setting.Size.SMALL, textScale = 200)) { live ->
            listOf(texts[Word.SHOW_QR], texts.say(live.status.state))
        }
    }

    private fun inSight(
        setting: Setting,
        wanted: (LiveCode) -> List<String>,
    ) {
        val problems = mutableListOf<String>()
        Stage.use {
            for ((sample, live) in live) {
                val leaves = LayoutCheck(show(sample, setting)).leaves
                for (text in wanted(live)) {
                    val leaf = leaves.firstOrNull { it.name == text }
                    if (leaf == null || leaf.seen != leaf.bounds) problems += "$sample: \"$text\" at ${leaf?.bounds}"
                }
                val qr = leaves.first { it.name == Texts(setting.language)[Word.SHOW_QR] }
                assertTrue(qr.seen.width >= setting.size.width - 8, "$sample: the QR is ${qr.seen.width} wide")
            }
        }
        assertTrue(problems.isEmpty(), "out of sight in $setting:\n" + problems.joinToString("\n"))
    }

    private companion object {
        val live: List<Pair<Sample, LiveCode>> =
            Samples.all.mapNotNull { sample ->
                val phase = (sample.screen as? Screen.Show)?.v1?.phase as? ShowPhase.Live
                phase?.let { sample to it.code }
            }
    }
}
