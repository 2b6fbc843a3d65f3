package org.vidimus.screens.support

import androidx.compose.ui.geometry.Rect
import org.vidimus.app.CardStatus
import org.vidimus.app.LicenseScreen
import org.vidimus.app.Note
import org.vidimus.app.OfficerScreen
import org.vidimus.app.Screen
import org.vidimus.app.ShowPhase
import org.vidimus.app.Sign
import org.vidimus.app.Story
import org.vidimus.app.Tone
import org.vidimus.app.Trouble
import org.vidimus.app.Words
import org.vidimus.screens.design.shapeName
import org.vidimus.shell.Texts
import org.vidimus.shell.Word

/**
 * What of a state has a sign, with the words that say it. Never color alone: words and mark stand
 * side by side.
 */
internal object Tones {
    fun problems(
        sample: Sample,
        leaves: List<LayoutCheck.Leaf>,
        texts: Texts,
    ): List<String> =
        of(sample, texts).mapNotNull { (sign, said) ->
            val text = texts.say(said, Stage.ZONE)
            val words = leaves.filter { it.isText && it.name == text }
            val marks = leaves.filter { it.shape == sign.shapeName }
            val isTold = words.any { one -> marks.any { it.bounds.isBeside(one.bounds) } }
            if (isTold) null else "no ${sign.shapeName} beside \"$text\""
        }

    /** Also above, where letters are large. */
    private fun Rect.isBeside(other: Rect): Boolean = inflate(NEAR).overlaps(other)

    fun of(
        sample: Sample,
        texts: Texts,
    ): List<Pair<Sign, Words>> = sample.screen?.let { of(it, texts) }.orEmpty() + sample.check?.let { of(it) }.orEmpty()

    private fun of(
        screen: Screen,
        texts: Texts,
    ): List<Pair<Sign, Words>> =
        when (screen) {
            is Screen.Opening -> {
                emptyList()
            }

            is Screen.Welcome -> {
                screen.v1.applications.map { it.stage.told } +
                    listOfNotNull(screen.v1.troubles.firstOrNull()?.told, screen.v1.refusal?.told, screen.v1.lock?.told)
            }

            is Screen.SignIn -> {
                listOfNotNull(screen.v1.refusal?.told)
            }

            is Screen.Scan -> {
                listOfNotNull(screen.v1.refused?.told)
            }

            is Screen.Offer -> {
                listOfNotNull(screen.v1.refusal?.told, screen.v1.proof.told)
            }

            is Screen.License -> {
                of(screen.v1, texts)
            }

            is Screen.Show -> {
                of(screen.v1.phase)
            }

            is Screen.Answer -> {
                listOfNotNull((screen.v1.asker?.proof ?: screen.v1.problem)?.told)
            }

            is Screen.History -> {
                listOfNotNull(screen.v1.broken?.told)
            }

            is Screen.Settings -> {
                screen.v1.licenses.filter { it.asked }.map { REMOVING }
            }

            is Screen.Blocked -> {
                listOf(screen.v1.story.told)
            }
        }

    private fun of(screen: OfficerScreen): List<Pair<Sign, Words>> =
        when (screen) {
            is OfficerScreen.Opening -> emptyList()
            is OfficerScreen.Start -> screen.v1.run { listOfNotNull(note?.told, trouble?.told) + trust.map { it.sign to asItIs(it.name) } }
            is OfficerScreen.Look -> screen.v1.run { listOfNotNull(refused?.told, miss?.told) }
            is OfficerScreen.Two -> listOf(screen.v1.note.told)
            is OfficerScreen.Verdict -> screen.v1.run { listOf(sign to word) + reasons.map { it.sign to it.words } + notes.map { it.told } }
            is OfficerScreen.Doubt -> listOfNotNull(screen.v1.problem?.told)
            is OfficerScreen.Log -> screen.v1.run { listOfNotNull(broken?.told, failed?.told) + rows.map { it.sign to it.word } }
            is OfficerScreen.Blocked -> listOf(screen.v1.sign to screen.v1.title)
        }

    /** What is no key of the table is said as it is. */
    private fun asItIs(text: String) = Words(text, emptyList())

    private fun of(phase: ShowPhase): List<Pair<Sign, Words>> =
        when (phase) {
            is ShowPhase.Live -> phase.code.run { listOfNotNull(status.told, audience?.proof?.told, statusLeftOut?.told) }
            is ShowPhase.Failed -> listOf(phase.story.told)
            is ShowPhase.Locked -> listOf(phase.note.told)
            is ShowPhase.Unlocking, is ShowPhase.Starting, is ShowPhase.Over -> emptyList()
        }

    /** The worst trouble alone has a line. What the card says already is said with what happened. */
    private fun of(
        license: LicenseScreen,
        texts: Texts,
    ): List<Pair<Sign, Words>> {
        val card = license.card
        val worst = license.troubles.firstOrNull()
        val isKnown = worst != null && texts.say(worst.title) == texts.say(card.status.state)
        val damaged = card.damaged.takeIf { license.troubles.none { it.trouble == Trouble.DAMAGED } }
        return license.applications.map { it.stage.told } +
            listOfNotNull(card.status.told, worst?.let { it.sign to if (isKnown) it.happened else it.title }, damaged?.told)
    }

    private val CardStatus.told get() = sign to state

    private val Note.told get() = sign to words

    private val Story.told get() = sign to title

    private val REMOVING = Told.sign(Tone.BAD) to Told.words(Word.SETTINGS_REMOVE_TITLE)

    /** In pixels of a stage that is not sharp. */
    private const val NEAR = 20f
}
