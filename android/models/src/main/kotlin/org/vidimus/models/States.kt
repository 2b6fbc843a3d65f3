package org.vidimus.models

import org.vidimus.BirthDate
import org.vidimus.LicenseStanding
import org.vidimus.LicenseStatus
import org.vidimus.StandingKind
import org.vidimus.Tone
import java.time.LocalDate
import kotlin.time.Duration
import kotlin.time.Instant

/**
 * Nothing yet: what this is, and how to begin. An offer is a secret until it is spent; the text prints as nothing.
 *
 * @property text what the driver has typed or pasted
 * @property reading whether the offer is being read
 * @property refusal why the last offer was not taken
 * @property mayGoBack whether there is a license to go back to
 * @property again whether this phone had a license before, which is to be got again
 */
public data class WelcomeState(
    val text: String = "",
    val reading: Boolean = false,
    val refusal: Refusal? = null,
    val mayGoBack: Boolean = false,
    val again: Boolean = false,
) {
    override fun toString(): String = "WelcomeState(reading=$reading, $refusal)"
}

/**
 * The camera.
 *
 * @property purpose what is looked for
 * @property cameraRefused whether the driver has not let the app use it
 */
public data class ScanState(
    val purpose: ScanPurpose,
    val cameraRefused: Boolean = false,
)

/** What the camera looks for. */
public enum class ScanPurpose {
    /** A license's offer. */
    OFFER,

    /** An officer's challenge. */
    CHALLENGE,
}

/**
 * An offer that was read.
 *
 * @property issuer the address of who offers
 * @property name what the issuer calls itself; its own word
 * @property proven whether it is the authority that this app was made for
 * @property code the field for the transaction code; `null` where none is asked for
 * @property issuing whether the license is being issued
 * @property refusal why it was not, the last time
 */
public data class OfferState(
    val issuer: String,
    val name: String?,
    val proven: Boolean,
    val code: CodeField?,
    val issuing: Boolean = false,
    val refusal: Refusal? = null,
) {
    /** Whether the license may be asked for now. */
    val mayTake: Boolean get() = !issuing && (code == null || code.complete)
}

/**
 * The field for a transaction code. The code is a secret until it is spent; it prints as nothing.
 *
 * @property text what was typed, without what cannot belong to it
 * @property numeric digits alone
 * @property length how many characters, where the issuer says so
 * @property hint where to find it, in the issuer's words
 */
public data class CodeField(
    val text: String,
    val numeric: Boolean,
    val length: Int?,
    val hint: String?,
) {
    /** Whether as much was typed as must be. */
    val complete: Boolean get() = if (length == null) text.isNotEmpty() else text.length == length

    override fun toString(): String = "CodeField(…)"
}

/**
 * The licenses on this phone, one of them in front.
 *
 * @property cards the licenses; never empty
 * @property selected the index of the one in front
 * @property refreshing whether the authority is being asked
 * @property troubles what is wrong with the license in front or with the wallet, the worst first
 */
public data class LicenseState(
    val cards: List<LicenseCard>,
    val selected: Int,
    val refreshing: Boolean = false,
    val troubles: List<Trouble> = emptyList(),
) {
    /** The license in front. */
    val card: LicenseCard get() = cards[selected]

    override fun toString(): String = "LicenseState(${cards.size}, $troubles)"
}

/**
 * A license as a card. Personal data: it prints as nothing.
 *
 * @property id its name in the wallet
 * @property holder what the license says; `null` where its place in the vault is damaged
 * @property standing how it stands, and the age of its status
 * @property portrait a JPEG; `null` where there is none, or before it was read
 * @property damaged whether its place is damaged
 */
public data class LicenseCard(
    val id: String,
    val holder: Holder?,
    val standing: Standing,
    val portrait: Portrait?,
    val damaged: Boolean,
) {
    /** Whether it may be shown. A damaged one cannot; a suspended one can: it is the officer who refuses. */
    val mayShow: Boolean get() = holder != null && !damaged

    override fun toString(): String = "LicenseCard(…)"
}

/** A picture of the holder: a JPEG that compares by its content. */
public class Portrait(
    /** The JPEG, at most 64 KiB. */
    public val jpeg: ByteArray,
) {
    override fun equals(other: Any?): Boolean = other is Portrait && jpeg.contentEquals(other.jpeg)

    override fun hashCode(): Int = jpeg.contentHashCode()

    override fun toString(): String = "Portrait(…)"
}

/**
 * Whose license it is and what may be driven. Personal data: it prints as nothing.
 *
 * @property expires the last day; `null` where the license has no end
 */
public data class Holder(
    val familyName: String,
    val givenNames: String,
    val birthDate: BirthDate,
    val number: String,
    val issued: LocalDate,
    val expires: LocalDate?,
    val country: String,
    val categories: List<CategoryRow>,
) {
    /** Given names and family name, in that order; one alone where the other is empty. */
    val name: String get() = listOf(givenNames, familyName).filter(String::isNotEmpty).joinToString(" ")

    override fun toString(): String = "Holder(…)"
}

/** What may be driven, and when. Personal data. */
public data class CategoryRow(
    val code: String,
    val from: LocalDate?,
    val until: LocalDate?,
    val restrictions: List<String>,
) {
    override fun toString(): String = "CategoryRow(…)"
}

/**
 * How a license stands, when the authority signed its status, and how old that is now.
 *
 * @property license how it stands, by all that is known of it: the library's own word
 * @property asOf when the status was signed; `null` without one
 * @property age how old the status is, in whole minutes; `null` without one
 */
public data class Standing(
    val license: LicenseStanding,
    val asOf: Instant?,
    val age: Duration?,
) {
    /** What it is. */
    val kind: StandingKind get() = license.kind

    /** How it is to be taken: told by word, shape and colour, never by colour alone. */
    val tone: Tone get() = license.tone
}

/**
 * An officer asks. What was typed prints as nothing.
 *
 * @property text what was typed
 * @property problem why the last question was not taken
 * @property asker who asks, once it was read
 */
public data class AnswerState(
    val text: String = "",
    val problem: AnswerProblem? = null,
    val asker: Asker? = null,
) {
    override fun toString(): String = "AnswerState($problem, $asker)"
}

/**
 * Who asks. To whom a driver shows a license is personal; the name prints as nothing.
 *
 * @property name the proven name, or what the reader calls itself; `null` for digits that were read out
 * @property proven whether the authority vouches for the name
 */
public data class Asker(
    val name: String?,
    val proven: Boolean,
) {
    override fun toString(): String = "Asker(proven=$proven)"
}

/** Why a question cannot be answered. */
public enum class AnswerProblem {
    /** It is none. */
    MALFORMED,

    /** Someone recorded it. */
    RECORDED,
}

/**
 * What happened, newest first.
 *
 * @property rows at most 100
 * @property intact `false` where someone else has changed the log
 */
public data class HistoryState(
    val rows: List<HistoryRow>,
    val intact: Boolean,
)

/** One thing that happened. */
public data class HistoryRow(
    val at: Instant,
    val event: HistoryEvent,
)

/** What happened to a license. */
public sealed interface HistoryEvent {
    /** It was shown; `audience` is `null` where it was to whoever saw the screen. */
    public data class Shown(
        val audience: Asker?,
        val portrait: Boolean,
        val standing: LicenseStanding,
    ) : HistoryEvent

    /** It was issued to this phone. */
    public data object Enrolled : HistoryEvent

    /** It was renewed. */
    public data object Renewed : HistoryEvent

    /** Its status changed. */
    public data class StatusChanged(
        val from: LicenseStatus,
        val to: LicenseStatus,
    ) : HistoryEvent

    /** It was removed. */
    public data object Removed : HistoryEvent
}

/**
 * Settings. Which licenses there are prints as nothing.
 *
 * @property licenses what may be removed
 * @property removing the id of the license whose removal is asked about
 * @property authority the address of the authority
 * @property version the app's version
 * @property notices the licences of the code that is inside
 */
public data class SettingsState(
    val licenses: List<LicenseCard>,
    val removing: String? = null,
    val authority: String,
    val version: String,
    val notices: List<Notice>,
) {
    override fun toString(): String = "SettingsState(${licenses.size}, asking=${removing != null})"
}

/** A library that is inside, and its licence. */
public data class Notice(
    val name: String,
    val licence: String,
)

/**
 * The wallet cannot be opened.
 *
 * @property trouble why
 * @property working whether the action is under way
 */
public data class BlockedState(
    val trouble: Trouble,
    val working: Boolean = false,
)
