package org.vidimus.screens.support

import org.vidimus.app.CardStatus
import org.vidimus.app.FaceView
import org.vidimus.app.Holder
import org.vidimus.app.OfficerScreen
import org.vidimus.app.ReasonRow
import org.vidimus.app.Tone
import org.vidimus.app.Value
import org.vidimus.app.VerdictScreen
import org.vidimus.app.Words
import org.vidimus.screens.support.Fixtures.standing
import org.vidimus.shell.Texts
import org.vidimus.shell.Word
import kotlin.time.Duration.Companion.days

/** What is to be thought of a license, in every state. */
internal object Verdicts {
    val all: List<Sample> by lazy { accepted() + states() + reasons() + unproven() + others() }

    private val picture = FaceView.Picture(Fixtures.PORTRAIT)

    private fun verdict(
        outcome: Outcome,
        standing: Standing? = Fixtures.valid,
        holder: Holder? = Fixtures.adaeze,
        reasons: List<Word> = emptyList(),
        face: FaceView = picture,
    ): VerdictScreen {
        val spoken =
            if (holder != null && standing != null) {
                Told.words(Word.OFFICER_SPOKEN, Told.value(outcome.word), Value.Text(holder.name), Told.value(standing.state.word), standing.heard)
            } else {
                Told.words(Word.OFFICER_SPOKEN_UNPROVEN, Told.value(outcome.word), reasons.firstOrNull()?.let { Told.value(it) } ?: Told.value(Word.COMMON_UNKNOWN))
            }
        return VerdictScreen(
            word = Told.words(outcome.word),
            sign = Told.sign(outcome.tone),
            announcement = 1u,
            spoken = spoken,
            holder = holder,
            authority = holder?.let { "Road Authority of Zedland" },
            standing = standing?.status,
            source = standing?.let { Told.words(Word.OFFICER_SOURCE_STAPLE) },
            reasons = reasons.map(::reason),
            face = face,
            faceHint = hint(face, holder),
            notes = emptyList(),
            clock = null,
            firstSeen = null,
            doubtful = false,
            isAnswer = false,
            torch = if (face == picture) null else false,
        )
    }

    private fun hint(
        face: FaceView,
        holder: Holder?,
    ): Words? =
        when (face) {
            is FaceView.Picture -> Told.words(Word.OFFICER_FACE_COMPARE)
            is FaceView.Ring -> Told.words(Word.OFFICER_FACE_READING)
            is FaceView.Awaited -> Told.words(Word.OFFICER_FACE_AWAITED)
            is FaceView.None -> holder?.let { Told.words(Word.OFFICER_FACE_NONE) }
        }

    private fun reason(word: Word): ReasonRow {
        val code = word.key.substringAfterLast('.')
        val tone =
            if (code in CAUTION) {
                Tone.CAUTION
            } else if (code in REMARK) {
                Tone.UNKNOWN
            } else {
                Tone.BAD
            }
        return ReasonRow(code, Told.sign(tone), Told.words(word), Told.words(wordOf("${word.key}.do")))
    }

    private fun sample(
        name: String,
        verdict: VerdictScreen,
        says: Texts.() -> List<String> = { emptyList() },
    ) = Sample("check-verdict-$name", OfficerScreen.Verdict(verdict)) {
        val always = all(Word.OFFICER_NEXT, Word.OFFICER_ASK, Word.OFFICER_ASK_DIGITS, Word.COMMON_BACK)
        always + say(verdict.word) + say(verdict.spoken, Stage.ZONE) + ofHolder(verdict) + verdict.reasons.flatMap { listOf(say(it.words), say(it.whatToDo)) } + says()
    }

    private fun Texts.ofHolder(verdict: VerdictScreen): List<String> {
        val holder = verdict.holder ?: return emptyList()
        val standing: CardStatus = checkNotNull(verdict.standing)
        val told = listOfNotNull(say(standing.state), standing.age?.let { say(it) }, standing.asOf?.let { say(it, Stage.ZONE) }, verdict.source?.let { say(it) })
        return told + listOf(holder.name, holder.number) + listOfNotNull(verdict.authority) + get(Word.LICENSE_CATEGORIES)
    }

    private fun accepted() =
        listOf(
            sample("accept", verdict(Outcome.ACCEPT)) { all(Word.OFFICER_FACE, Word.OFFICER_FACE_COMPARE) },
            sample("accept-awaited", verdict(Outcome.ACCEPT, face = FaceView.Awaited)) { all(Word.OFFICER_FACE_AWAITED) },
            sample("accept-ring", verdict(Outcome.ACCEPT, face = FaceView.Ring(3u, 7u))) { all(Word.OFFICER_FACE_READING) },
            sample("accept-faceless", verdict(Outcome.ACCEPT, face = FaceView.None)) { all(Word.OFFICER_FACE_NONE) },
            sample("accept-light", verdict(Outcome.ACCEPT, face = FaceView.Awaited).copy(torch = true)),
            sample("accept-bundle", verdict(Outcome.ACCEPT).copy(source = Told.words(Word.OFFICER_SOURCE_BUNDLE))),
            sample("accept-online", verdict(Outcome.ACCEPT).copy(source = Told.words(Word.OFFICER_SOURCE_ONLINE))),
            sample("accept-update_waiting", verdict(Outcome.ACCEPT, standing(State.UPDATE_WAITING))),
        )

    /** Each way in which a license stands that is not accepted, with the reason that says it. */
    private fun states() =
        State.entries.filter { it.tone != Tone.GOOD }.map { state ->
            val outcome = if (state.tone == Tone.BAD) Outcome.REFUSE else Outcome.CAUTION
            val age =
                if (state == State.UNKNOWN) {
                    null
                } else if (state == State.STATUS_STALE) {
                    3.days
                } else {
                    Fixtures.valid.age
                }
            val code = REASON_OF[state] ?: state.name.lowercase()
            sample(state.name.lowercase(), verdict(outcome, standing(state, age), reasons = listOf(wordOf("reason.$code"))))
        }

    /** Every reason there is, some on each screen. */
    private fun reasons(): List<Sample> {
        val all = Word.entries.filter { it.key.startsWith("reason.") && !it.key.endsWith(".do") }
        check(all.size >= MOST_REASONS) { "there are reasons that the table does not have" }
        return all.chunked(PER_SCREEN).mapIndexed { index, some -> sample("reasons-${index + 1}", verdict(Outcome.REFUSE, standing(State.SUSPENDED), reasons = some)) }
    }

    /** What no authority has signed has no name, no state and no face. */
    private fun unproven() =
        listOf(Word.REASON_BAD_SIGNATURE, Word.REASON_UNKNOWN_KEY, Word.REASON_NOT_BOUND_TO_DEVICE).map { reason ->
            sample(reason.key.substringAfterLast('.'), verdict(Outcome.REFUSE, standing = null, holder = null, reasons = listOf(reason), face = FaceView.None))
        }

    private fun others(): List<Sample> {
        val doubtful = verdict(Outcome.REFUSE, reasons = listOf(Word.REASON_REPLAYED)).copy(doubtful = true)
        val seen = Fixtures.now.epochSeconds.toULong() - 40u

        fun clock(word: Word) = Told.words(word, Value.Countdown(247u))

        fun noted(word: Word) = sample(word.key.substringAfter('.').replace('.', '-'), verdict(Outcome.ACCEPT).copy(notes = listOf(Told.note(if (word == Word.OFFICER_NOTE_ANOTHER) Tone.BAD else Tone.CAUTION, word)))) { listOf(get(word)) }
        val notes = listOf(Word.OFFICER_NOTE_NOT_READ, Word.OFFICER_NOTE_NOT_KEPT, Word.OFFICER_NOTE_SEEN_LOST, Word.OFFICER_NOTE_CLOCK, Word.OFFICER_NOTE_ANOTHER)
        return notes.map(::noted) +
            listOf(
                sample("replayed", doubtful.copy(firstSeen = Told.words(Word.OFFICER_FIRST_SEEN, Value.Clock(seen)))) { listOf(get(Word.OFFICER_FIRST_SEEN, say(Value.Clock(seen), Stage.ZONE))) },
                sample("clock-ahead", doubtful.copy(reasons = listOf(reason(Word.REASON_NOT_YET_VALID)), clock = clock(Word.OFFICER_CLOCK_AHEAD))) { listOf(get(Word.OFFICER_CLOCK_AHEAD, "4:07")) },
                sample("clock-behind", doubtful.copy(reasons = listOf(reason(Word.REASON_EXPIRED)), clock = clock(Word.OFFICER_CLOCK_BEHIND))) { listOf(get(Word.OFFICER_CLOCK_BEHIND, "4:07")) },
                sample("clock-own", verdict(Outcome.CAUTION, reasons = listOf(Word.REASON_CLOCK_IN_DOUBT)).copy(doubtful = true, clock = clock(Word.OFFICER_CLOCK_OWN))) { listOf(get(Word.OFFICER_CLOCK_OWN, "4:07")) },
                sample("answer", verdict(Outcome.ACCEPT, face = FaceView.None).copy(isAnswer = true, torch = null)),
                sample("long", verdict(Outcome.CAUTION, standing(State.UNRESOLVED), Fixtures.longest, listOf(Word.REASON_UNRESOLVED))),
                sample("arabic-name", verdict(Outcome.ACCEPT, holder = Fixtures.arabic)),
                sample("chinese-name", verdict(Outcome.ACCEPT, holder = Fixtures.chinese)),
            )
    }

    /** What comes of a check, as the core tells it. */
    private enum class Outcome(
        val word: Word,
        val tone: Tone,
    ) {
        ACCEPT(Word.OFFICER_ACCEPT, Tone.GOOD),
        CAUTION(Word.OFFICER_CAUTION, Tone.CAUTION),
        REFUSE(Word.OFFICER_REFUSE, Tone.BAD),
    }

    /** States whose reason has another name. */
    private val REASON_OF =
        mapOf(State.UNKNOWN to "status_missing", State.NO_CATEGORY to "category_not_held")

    /** Reasons to look closer, and remarks that weigh nothing; all others refuse. */
    private val CAUTION = setOf("clock_in_doubt", "trust_list_expired", "status_stale", "status_unknown", "unresolved", "status_unusable", "status_missing")
    private val REMARK = setOf("trust_list_old", "bundle_ignored", "bundle_unusable")

    private const val PER_SCREEN = 7
    private const val MOST_REASONS = 35
}
