package org.vidimus.screens

import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.vidimus.models.Language
import org.vidimus.models.Screen
import org.vidimus.models.ShowState
import org.vidimus.models.Texts
import org.vidimus.models.Word
import org.vidimus.screens.design.word
import org.vidimus.screens.support.LayoutCheck
import org.vidimus.screens.support.Sample
import org.vidimus.screens.support.Samples
import org.vidimus.screens.support.Setting
import org.vidimus.screens.support.Stage
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** An officer looks at a phone that somebody else holds: what counts is in sight on the smallest, and nobody scrolls. */
class ShowAtAGlanceTest {
    @ParameterizedTest
    @EnumSource(Language::class)
    fun `code, state, age and countdown are in sight on a small phone`(language: Language) {
        val texts = Texts(language)
        inSight(Setting(language, size = Setting.Size.SMALL)) { live ->
            val standing = live.code.standing
            val age = standing.age?.let(texts::age) ?: texts[Word.LICENSE_NEVER]
            listOf(texts[Word.SHOW_QR], texts[standing.license.word], age, texts.get(Word.SHOW_NEW_CODE, "${live.nextIn}"))
        }
    }

    @ParameterizedTest
    @EnumSource(Language::class)
    fun `with text of double size code and state still are`(language: Language) {
        val texts = Texts(language)
        inSight(Setting(language, size = Setting.Size.SMALL, textScale = 200)) { live ->
            listOf(texts[Word.SHOW_QR], texts[live.code.standing.license.word])
        }
    }

    private fun inSight(
        setting: Setting,
        wanted: (ShowState.Live) -> List<String>,
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
                assertEquals(setting.size.width.toFloat(), qr.seen.width, "$sample: as wide as the screen")
            }
        }
        assertTrue(problems.isEmpty(), "out of sight in $setting:\n" + problems.joinToString("\n"))
    }

    private companion object {
        val live: List<Pair<Sample, ShowState.Live>> =
            Samples.all.mapNotNull { sample ->
                val state = (sample.screen as? Screen.Show)?.state as? ShowState.Live
                state?.let { sample to it }
            }
    }
}
