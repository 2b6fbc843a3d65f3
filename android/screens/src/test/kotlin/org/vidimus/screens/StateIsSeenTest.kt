package org.vidimus.screens

import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.text.TextLayoutResult
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.vidimus.app.Screen
import org.vidimus.app.ShowPhase
import org.vidimus.screens.design.shapeName
import org.vidimus.screens.support.LayoutCheck
import org.vidimus.screens.support.Samples
import org.vidimus.screens.support.Setting
import org.vidimus.screens.support.Stage
import org.vidimus.shell.Language
import org.vidimus.shell.Texts
import kotlin.test.assertTrue

/** How a license stands is what is seen first: on its card, and from two meters where it is shown. */
class StateIsSeenTest {
    @ParameterizedTest
    @EnumSource(Language::class)
    fun `a shown state has a quarter of the screen, a large mark and the largest letters`(language: Language) {
        val texts = Texts(language)
        val problems = mutableListOf<String>()
        Stage.use {
            for (sample in Samples.all) {
                val live = ((sample.screen as? Screen.Show)?.v1?.phase as? ShowPhase.Live)?.code ?: continue
                for (setting in Setting.all.filter { it.language == language && !it.dark }) {
                    val leaves = LayoutCheck(show(sample, setting)).leaves
                    val field = leaves.single { it.shape == "field" }.bounds
                    val share = field.bottom / setting.size.height
                    if (share < QUARTER) problems += "$sample in $setting: the field has $share of the screen"
                    val mark = leaves.first { it.shape == live.status.sign.shapeName }.bounds
                    if (mark.width < MARK) problems += "$sample in $setting: a mark of ${mark.width}"
                    val state = leaves.first { it.isText && it.name == texts.say(live.status.state) }
                    // At twice the size there is no room for one that is larger than all: none is
                    // larger than it.
                    val isUsual = setting.textScale == 100
                    val rivals = leaves.filter { if (isUsual) it.letters >= state.letters else it.letters > state.letters }
                    val larger = rivals.map { it.name } - state.name
                    if (larger.isNotEmpty()) problems += "$sample in $setting: $larger is too large beside the state"
                }
            }
        }
        assertTrue(problems.isEmpty(), problems.joinToString("\n"))
    }

    @ParameterizedTest
    @EnumSource(Language::class)
    fun `state and age of a license are in sight on a small phone with text of double size`(language: Language) {
        val setting = Setting(language, size = Setting.Size.SMALL, textScale = 200)
        val texts = Texts(language)
        val problems = mutableListOf<String>()
        Stage.use {
            for (sample in Samples.all.filter { !it.open }) {
                val status = (sample.screen as? Screen.License)?.v1?.card?.status ?: continue
                val leaves = LayoutCheck(show(sample, setting)).leaves
                for (text in listOfNotNull(texts.say(status.state), status.age?.let { texts.say(it) })) {
                    val leaf = leaves.first { it.isText && it.name == text }
                    if (leaf.seen != leaf.bounds) problems += "$sample: \"$text\" at ${leaf.bounds}"
                }
            }
        }
        assertTrue(problems.isEmpty(), problems.joinToString("\n"))
    }

    private companion object {
        const val QUARTER = 0.25f
        const val MARK = 64f

        /** How large they are; 0 where there are none. */
        val LayoutCheck.Leaf.letters: Float
            get() {
                val results = mutableListOf<TextLayoutResult>()
                node.config.getOrNull(SemanticsActions.GetTextLayoutResult)?.action?.invoke(results)
                return results.firstOrNull()?.layoutInput?.style?.fontSize?.value ?: 0f
            }
    }
}
