package org.vidimus.screens.support

import org.vidimus.app.FaceTurn
import org.vidimus.app.LiveCode
import org.vidimus.app.LockOutcome
import org.vidimus.app.Offered
import org.vidimus.app.Screen
import org.vidimus.app.ShowButton
import org.vidimus.app.ShowPhase
import org.vidimus.app.ShowScreen
import org.vidimus.app.Tone
import org.vidimus.app.Trouble
import org.vidimus.app.TroubleAction
import org.vidimus.screens.support.Fixtures.code
import org.vidimus.screens.support.Fixtures.standing
import org.vidimus.shell.Plural
import org.vidimus.shell.Texts
import org.vidimus.shell.Word

/** A showing in its phases. */
internal object Showings {
    val all: List<Sample> by lazy { codes() + locked() + failed() + others() }

    fun live(code: LiveCode): Screen = show(ShowPhase.Live(code))

    private fun show(
        phase: ShowPhase,
        button: Word? = null,
        does: Offered = Offered.Show,
    ): Screen = Screen.Show(ShowScreen(phase, button?.let { ShowButton(Told.words(it), does) }))

    private fun live(
        name: String,
        standing: Standing = Fixtures.valid,
        who: Pair<String?, Boolean>? = null,
        statusLeftOut: Boolean = false,
        holder: String = "Adaeze Okonkwo",
        nextIn: UInt = 7u,
        face: FaceTurn = FaceTurn.Off,
        says: Texts.() -> List<String> = { emptyList() },
    ): Sample {
        val code = code(standing, who?.let { Told.asker(it.first, it.second) }, statusLeftOut, holder, nextIn = nextIn, face = face)
        return Sample("show-$name", live(code)) {
            val age = standing.age?.let(::age) ?: get(Word.LICENSE_NEVER)
            val state = get(standing.state.word)
            val heard = standing.age?.let { get(Word.LICENSE_CONFIRMED, age(it)) } ?: age
            val spoken = get(Word.SHOW_SPOKEN, holder, state, heard, count(Plural.SECONDS, nextIn.toInt()))
            all(Word.SHOW_QR, Word.SHOW_END) +
                listOf(holder, spoken, state, age, get(Word.SHOW_NEW_CODE, "$nextIn"), get(Word.SHOW_ENDS, "4:09")) + says()
        }
    }

    private fun codes() =
        State.entries.map { live(it.name.lowercase(), standing(it)) { all(Word.SHOW_TO_ANYONE, Word.SHOW_FACE_ON) } } +
            listOf(
                live("old", Fixtures.old),
                live("never", standing(State.UNKNOWN, null)),
                live("last-second", nextIn = 1u),
                live("without-status", statusLeftOut = true) { all(Word.SHOW_NO_STATUS_INSIDE) },
                live("to-proven", who = "Highway Patrol, Post 12" to true) { all(Word.ANSWER_PROVEN) + "Highway Patrol, Post 12" },
                live("to-unproven", who = "Patrol 7" to false) { all(Word.ANSWER_UNPROVEN) + "Patrol 7" },
                live("to-digits", who = null to false) { all(Word.ANSWER_BY_DIGITS) },
                live("long-name", holder = Fixtures.longest.name),
                live("face", face = FaceTurn.Frame(1u, 3u)) { all(Word.SHOW_FACE_OFF) },
                live("faceless", face = FaceTurn.None),
            )

    /** A lock that opens leads on at once: it has no page. */
    private fun locked(): List<Sample> {
        fun sample(
            outcome: LockOutcome,
            tone: Tone,
            word: Word,
            button: Word,
            does: Offered = Offered.Show,
        ) = Sample("show-locked-${outcome.name.lowercase()}", show(ShowPhase.Locked(Told.note(tone, word)), button, does)) {
            all(word, button)
        }
        return listOf(
            sample(LockOutcome.CANCELLED, Tone.UNKNOWN, Word.SHOW_CANCELLED, Word.SHOW_UNLOCK),
            sample(LockOutcome.FAILED, Tone.CAUTION, Word.SHOW_FAILED, Word.SHOW_UNLOCK),
            sample(LockOutcome.NO_LOCK, Tone.BAD, Word.SHOW_NO_LOCK, Word.ACTION_LOCK, Offered.Act(TroubleAction.SET_LOCK)),
        )
    }

    private fun failed() =
        Trouble.entries.map { trouble ->
            val story = Told.story(trouble)
            val screen = show(ShowPhase.Failed(story), story.action.word, Offered.Act(story.action))
            Sample("show-failed-${trouble.code}", screen) { storyOf(trouble) }
        }

    private fun others(): List<Sample> {
        fun over(vararg words: Word) = ShowPhase.Over(words.map { Told.words(it) })
        return listOf(
            Sample("show-unlocking", show(ShowPhase.Unlocking(Told.words(Word.SHOW_UNLOCKING)))) { all(Word.SHOW_UNLOCKING) },
            Sample("show-starting", show(ShowPhase.Starting(Told.words(Word.SHOW_STARTING)))) { all(Word.SHOW_STARTING) },
            Sample("show-over", show(over(Word.SHOW_OVER, Word.SHOW_ENDED), Word.SHOW_AGAIN)) {
                all(Word.SHOW_OVER, Word.SHOW_ENDED, Word.SHOW_AGAIN)
            },
            Sample("show-ended", show(over(Word.SHOW_ENDED), Word.SHOW_AGAIN)) { all(Word.SHOW_ENDED, Word.SHOW_AGAIN) },
            Sample("show-too-late", show(over(Word.SHOW_TOO_LATE), Word.LICENSE_ANSWER, Offered.Answer)) {
                all(Word.SHOW_TOO_LATE, Word.LICENSE_ANSWER)
            },
        )
    }
}
