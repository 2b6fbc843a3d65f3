package org.vidimus.screens

import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import org.vidimus.app.Tone
import org.vidimus.screens.design.shapeName
import org.vidimus.screens.support.Fixtures
import org.vidimus.screens.support.Glimpse
import org.vidimus.screens.support.LayoutCheck
import org.vidimus.screens.support.Sample
import org.vidimus.screens.support.Setting
import org.vidimus.screens.support.Showings
import org.vidimus.screens.support.Stage
import org.vidimus.screens.support.Standing
import org.vidimus.screens.support.State
import org.vidimus.shell.Language
import kotlin.random.Random
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes

/**
 * An officer who tells no colors and stands two meters away tells each state from all others: the
 * field with mark and word is matched against what is known of the states.
 */
class StandingFromTwoMetersTest {
    @ParameterizedTest
    @EnumSource(Language::class)
    fun `the nearest of the known fields is the one of the right state`(language: Language) {
        val problems = mutableListOf<String>()
        var closest = Double.MAX_VALUE
        Stage.use {
            for (setting in Setting.all.filter { it.language == language && it.textScale == 100 }) {
                val known = State.entries.associateWith { field(Fixtures.standing(it, TEMPLATE_AGE), setting) }
                for (state in State.entries) {
                    // Hours later, on a phone that is dimmer and moves.
                    val seen = field(Fixtures.standing(state, SEEN_AGE), setting).disturbed(Random(SEED))
                    val distances = known.mapValues { (_, template) -> seen.distance(template) }
                    for ((other, apart) in distances - state) {
                        val margin = apart / distances.getValue(state)
                        val least = if (tone(other) == tone(state)) SAME_TONE else MARGIN
                        closest = minOf(closest, margin)
                        if (margin < least) problems += "$state in $setting: $other is only $margin times as far"
                    }
                }
            }
        }
        println("two_meters_margin ${language.tag} ${"%.2f".format(closest)}")
        assertTrue(problems.isEmpty(), problems.joinToString("\n"))
    }

    @Test
    fun `the nearest of the known marks is the one of the right tone`() {
        val problems = mutableListOf<String>()
        var closest = Double.MAX_VALUE
        Stage.use {
            for (dark in listOf(false, true)) {
                val setting = Setting(Language.ENGLISH, dark)
                // One state of each tone, and all states against them.
                val marks = State.entries.associateWith { mark(it, setting) }
                val known = State.entries.groupBy { tone(it) }.mapValues { (_, states) -> marks.getValue(states.first()) }
                assertTrue(known.size >= TONES, "only $known")
                for (state in State.entries) {
                    val seen = marks.getValue(state).disturbed(Random(SEED))
                    val distances = known.mapValues { (_, template) -> seen.distance(template) }
                    val (other, apart) = distances.filterKeys { it != tone(state) }.minBy { it.value }
                    val margin = apart / distances.getValue(tone(state))
                    closest = minOf(closest, margin)
                    if (margin < MARGIN) problems += "$state in $setting: $other is only $margin times as far"
                }
            }
        }
        println("two_meters_mark_margin ${"%.2f".format(closest)}")
        assertTrue(problems.isEmpty(), problems.joinToString("\n"))
    }

    private fun Stage.field(
        standing: Standing,
        setting: Setting,
    ): Glimpse {
        val leaves = LayoutCheck(show(sample(standing), setting)).leaves
        return Glimpse.of(picture(), leaves.single { it.shape == "field" }.bounds)
    }

    private fun Stage.mark(
        state: State,
        setting: Setting,
    ): Glimpse {
        val standing = Fixtures.standing(state)
        val leaves = LayoutCheck(show(sample(standing), setting)).leaves
        return Glimpse.of(picture(), leaves.first { it.shape == standing.status.sign.shapeName }.bounds)
    }

    private fun tone(state: State): Tone = Fixtures.standing(state).status.sign.tone

    private fun sample(standing: Standing): Sample = Sample("two-meters", Showings.live(Fixtures.code(standing))) { emptyList() }

    private companion object {
        /** How much farther a state of another tone must be than the right one. */
        const val MARGIN = 1.5

        /** The same for a state with the same mark, which differs by its word alone. */
        const val SAME_TONE = 1.15

        /** Good, caution, bad, unknown. */
        const val TONES = 4

        const val SEED = 20261201
        val TEMPLATE_AGE = 12.minutes
        val SEEN_AGE = 187.minutes
    }
}
