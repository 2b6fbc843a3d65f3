package org.vidimus.screens.support

import org.vidimus.app.Asker
import org.vidimus.app.CardStatus
import org.vidimus.app.Mark
import org.vidimus.app.Note
import org.vidimus.app.OfferTrouble
import org.vidimus.app.Sign
import org.vidimus.app.Story
import org.vidimus.app.Tone
import org.vidimus.app.Trouble
import org.vidimus.app.TroubleAction
import org.vidimus.app.Value
import org.vidimus.app.Words
import org.vidimus.shell.Word
import kotlin.time.Duration

/**
 * What the core says in which state, for samples that are made by hand. That it does so, the tests
 * of `core/app` prove.
 */
internal object Told {
    fun words(
        word: Word,
        vararg values: Value,
    ) = Words(word.key, values.toList())

    fun value(word: Word) = Value.Word(word.key)

    fun sign(tone: Tone): Sign =
        when (tone) {
            Tone.GOOD -> Sign(tone, Mark.DISC)
            Tone.CAUTION -> Sign(tone, Mark.TRIANGLE)
            Tone.BAD -> Sign(tone, Mark.OCTAGON)
            Tone.UNKNOWN -> Sign(tone, Mark.DIAMOND)
        }

    fun note(
        tone: Tone,
        word: Word,
    ) = Note(sign(tone), words(word))

    fun refusal(refusal: OfferTrouble) = note(if (refusal in FINAL) Tone.BAD else Tone.CAUTION, refusal.word)

    fun story(trouble: Trouble): Story {
        val (tone, action) = KINDS.getValue(trouble)
        val (title, happened, holds, toDo) = trouble.words
        return Story(trouble, sign(tone), words(title), words(happened), words(holds), words(toDo), action, words(action.word))
    }

    fun asker(
        name: String?,
        proven: Boolean,
    ) = Asker(
        name?.let { Value.Text(it) } ?: value(Word.ANSWER_BY_DIGITS),
        if (proven) note(Tone.GOOD, Word.ANSWER_PROVEN) else note(Tone.CAUTION, Word.ANSWER_UNPROVEN),
    )

    /** The offers that no second try helps. */
    private val FINAL =
        setOf(
            OfferTrouble.OFFER_MALFORMED,
            OfferTrouble.OFFER_UNSUPPORTED,
            OfferTrouble.ATTESTATION_DEMANDED,
            OfferTrouble.OFFER_GONE,
            OfferTrouble.ISSUER_UNKNOWN,
            OfferTrouble.DENIED,
            OfferTrouble.OTHER_KEY,
            OfferTrouble.NOT_IN_FORCE,
            OfferTrouble.SIGN_IN_UNSUPPORTED,
            OfferTrouble.UNTRUSTED,
        )

    private val KINDS =
        mapOf(
            Trouble.KEY_INVALIDATED to (Tone.BAD to TroubleAction.BEGIN_ANEW),
            Trouble.PASSCODE_REMOVED to (Tone.BAD to TroubleAction.SET_LOCK),
            Trouble.NO_LOCK to (Tone.BAD to TroubleAction.SET_LOCK),
            Trouble.OTHER_DEVICE to (Tone.BAD to TroubleAction.BEGIN_ANEW),
            Trouble.DAMAGED to (Tone.BAD to TroubleAction.BEGIN_ANEW),
            Trouble.NEWER_VERSION to (Tone.BAD to TroubleAction.UPDATE_APP),
            Trouble.STORAGE_FULL to (Tone.BAD to TroubleAction.FREE_STORAGE),
            Trouble.STORAGE_FAILED to (Tone.BAD to TroubleAction.RETRY),
            Trouble.DEVICE_LOCKED to (Tone.CAUTION to TroubleAction.UNLOCK),
            Trouble.KEY_STORE to (Tone.BAD to TroubleAction.RETRY),
            Trouble.INTERNAL to (Tone.BAD to TroubleAction.RETRY),
            Trouble.REVOKED to (Tone.BAD to TroubleAction.ASK_AUTHORITY),
            Trouble.SUSPENDED to (Tone.BAD to TroubleAction.ASK_AUTHORITY),
            Trouble.POINTS_LIMIT to (Tone.BAD to TroubleAction.ASK_AUTHORITY),
            Trouble.LAPSED to (Tone.BAD to TroubleAction.ASK_AUTHORITY),
            Trouble.SUPERSEDED to (Tone.BAD to TroubleAction.ASK_AUTHORITY),
            Trouble.LICENSE_EXPIRED to (Tone.BAD to TroubleAction.ASK_AUTHORITY),
            Trouble.NO_CATEGORY to (Tone.BAD to TroubleAction.ASK_AUTHORITY),
            Trouble.LICENSE_NOT_YET_VALID to (Tone.BAD to TroubleAction.ASK_AUTHORITY),
            Trouble.CREDENTIAL_EXPIRED to (Tone.BAD to TroubleAction.REFRESH),
            Trouble.ROLLED_BACK to (Tone.CAUTION to TroubleAction.REFRESH),
            Trouble.AUTHORITY_UNKNOWN to (Tone.BAD to TroubleAction.ASK_AUTHORITY),
            Trouble.CLOCK_SET_BACK to (Tone.CAUTION to TroubleAction.SET_CLOCK),
            Trouble.STATUS_UNKNOWN to (Tone.UNKNOWN to TroubleAction.REFRESH),
            Trouble.STATUS_OLD to (Tone.CAUTION to TroubleAction.REFRESH),
            Trouble.UNRESOLVED to (Tone.CAUTION to TroubleAction.ASK_AUTHORITY),
            Trouble.NO_NETWORK to (Tone.UNKNOWN to TroubleAction.REFRESH),
        )
}

/** How a license stands, as the core tells it. */
internal enum class State(
    val word: Word,
    val tone: Tone,
) {
    VALID(Word.STATE_VALID, Tone.GOOD),
    UPDATE_WAITING(Word.STATE_UPDATE_WAITING, Tone.GOOD),
    UNRESOLVED(Word.STATE_UNRESOLVED, Tone.CAUTION),
    STATUS_STALE(Word.TROUBLE_STATUS_OLD_TITLE, Tone.CAUTION),
    UNKNOWN(Word.STATE_UNKNOWN, Tone.UNKNOWN),
    CREDENTIAL_EXPIRED(Word.STATE_CREDENTIAL_EXPIRED, Tone.BAD),
    NO_CATEGORY(Word.STATE_NO_CATEGORY, Tone.BAD),
    LICENSE_NOT_YET_VALID(Word.STATE_LICENSE_NOT_YET_VALID, Tone.BAD),
    LICENSE_EXPIRED(Word.TROUBLE_LICENSE_EXPIRED_TITLE, Tone.BAD),
    SUPERSEDED(Word.STATE_SUPERSEDED, Tone.BAD),
    LAPSED(Word.STATE_LAPSED, Tone.BAD),
    POINTS_LIMIT(Word.STATE_POINTS_LIMIT, Tone.BAD),
    SUSPENDED(Word.STATE_SUSPENDED, Tone.BAD),
    REVOKED(Word.STATE_REVOKED, Tone.BAD),
}

/**
 * A state, and how old what says so is.
 *
 * @property age `null` where no status came
 */
internal class Standing(
    val state: State,
    val age: Duration?,
) {
    private val minutes = age?.inWholeMinutes?.toUInt()
    private val asOf = age?.let { Value.Moment((Fixtures.now - it).epochSeconds.toULong()) }

    /** How old it is, as it is heard. */
    val heard get() = Value.Confirmed(minutes)

    val status get() =
        CardStatus(
            Told.words(state.word),
            Told.sign(state.tone),
            minutes?.let { Value.Age(it) } ?: Told.value(Word.LICENSE_NEVER),
            asOf?.let { Told.words(Word.LICENSE_AS_OF, it) },
        )
}

/** A word of the table by its key. */
internal fun wordOf(key: String): Word = Word.entries.single { it.key == key }

internal val OfferTrouble.word: Word
    get() = if (this == OfferTrouble.NO_LOCK) Word.SHOW_NO_LOCK else wordOf("refusal.${name.lowercase()}")

/** Title, what happened, what holds, what to do. */
internal val Trouble.words: List<Word>
    get() = listOf("title", "what", "holds", "do").map { wordOf("trouble.${name.lowercase()}.$it") }

internal val Trouble.title: Word get() = words.first()

internal val TroubleAction.word: Word
    get() =
        when (this) {
            TroubleAction.RETRY -> Word.ACTION_RETRY
            TroubleAction.REFRESH -> Word.ACTION_REFRESH
            TroubleAction.SET_CLOCK -> Word.ACTION_CLOCK
            TroubleAction.SET_LOCK -> Word.ACTION_LOCK
            TroubleAction.FREE_STORAGE -> Word.ACTION_STORAGE
            TroubleAction.UPDATE_APP -> Word.ACTION_UPDATE
            TroubleAction.BEGIN_ANEW -> Word.ACTION_ANEW
            TroubleAction.ASK_AUTHORITY -> Word.ACTION_AUTHORITY
            TroubleAction.UNLOCK -> Word.ACTION_UNLOCK
        }

internal val Trouble.code: String get() = name.lowercase()

internal val OfferTrouble.code: String get() = name.lowercase()
