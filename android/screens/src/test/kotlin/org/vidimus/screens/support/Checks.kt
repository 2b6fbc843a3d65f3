package org.vidimus.screens.support

import org.vidimus.app.BookBlockedScreen
import org.vidimus.app.CheckLogScreen
import org.vidimus.app.CheckRow
import org.vidimus.app.DoubtScreen
import org.vidimus.app.Field
import org.vidimus.app.LookScreen
import org.vidimus.app.Note
import org.vidimus.app.OfficerScreen
import org.vidimus.app.StartScreen
import org.vidimus.app.Tone
import org.vidimus.app.Trouble
import org.vidimus.app.TrustRow
import org.vidimus.app.TwoScreen
import org.vidimus.app.Value
import org.vidimus.shell.Texts
import org.vidimus.shell.Word
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.minutes

/** The screens of who checks a license, in every state; the verdicts are [Verdicts]. */
internal object Checks {
    val all: List<Sample> by lazy { start() + look() + Verdicts.all + doubt() + log() + blocked() }

    private const val ROADS = "https://authority.example"

    private fun trusted(
        tone: Tone,
        list: Duration?,
        statuses: Duration?,
        name: String = ROADS,
    ) = TrustRow(
        name,
        Told.sign(tone),
        list?.let { Told.words(Word.OFFICER_TRUST_LIST, it.told) } ?: Told.words(Word.OFFICER_TRUST_NO_LIST),
        statuses?.let { Told.words(Word.OFFICER_TRUST_STATUSES, it.told) } ?: Told.words(Word.OFFICER_TRUST_NO_STATUSES),
    )

    private val Duration.told get() = Value.Age(inWholeMinutes.toUInt())

    private val fresh = trusted(Tone.GOOD, 2.hours, 12.minutes)

    private fun started(
        vararg trust: TrustRow = arrayOf(fresh),
        note: Note? = null,
        trouble: Trouble? = null,
        refreshing: Boolean = false,
        mayCheck: Boolean = true,
    ): OfficerScreen =
        OfficerScreen.Start(
            StartScreen(
                trust = trust.toList(),
                note = note,
                trouble = trouble?.let { Told.note(Told.story(it).sign.tone, it.title) },
                refreshing = refreshing,
                mayCheck = mayCheck,
            ),
        )

    private fun start(): List<Sample> {
        val other = trusted(Tone.CAUTION, 26.hours, 3.days, "https://licensing-and-registration.outer-islands.example:8443/lists")
        val always: Texts.() -> List<String> = { all(Word.OFFICER_TITLE, Word.OFFICER_CHECK, Word.OFFICER_TRUST, Word.OFFICER_LOG) }

        fun noted(
            name: String,
            tone: Tone,
            word: Word,
            list: Duration?,
        ) = Sample("check-start-$name", started(trusted(tone, list, list), note = Told.note(tone, word))) { always() + get(word) + ROADS }
        return listOf(
            Sample("check-start", started()) {
                always() + get(Word.LICENSE_REFRESH) + ROADS + get(Word.OFFICER_TRUST_LIST, age(2.hours)) + get(Word.OFFICER_TRUST_STATUSES, age(12.minutes))
            },
            Sample("check-start-inside", started(), leave = {}) { always() + get(Word.COMMON_BACK) },
            Sample("check-start-two", started(fresh, other, note = Told.note(Tone.CAUTION, Word.OFFICER_TRUST_OLD))) { always() + ROADS + other.name },
            Sample("check-start-refreshing", started(refreshing = true)) { always() + get(Word.LICENSE_REFRESHING) },
            Sample("check-start-no_network", started(trouble = Trouble.NO_NETWORK)) { always() + get(Trouble.NO_NETWORK.title) },
            noted("old", Tone.CAUTION, Word.OFFICER_TRUST_OLD, 2.days),
            noted("too_old", Tone.BAD, Word.OFFICER_TRUST_TOO_OLD, 31.days),
            noted("missing", Tone.BAD, Word.OFFICER_TRUST_MISSING, null),
            Sample("check-start-none", started(mayCheck = false)) { always() },
        )
    }

    private fun look(): List<Sample> {
        val looking =
            LookScreen(
                title = Told.words(Word.OFFICER_LOOK_TITLE),
                hint = Told.words(Word.OFFICER_LOOK_HINT),
                miss = null,
                torch = false,
                refused = null,
                typing = null,
                mayRead = false,
            )
        val blind = looking.copy(hint = null, torch = null)

        fun sample(
            name: String,
            screen: LookScreen,
            says: Texts.() -> List<String>,
        ) = Sample("check-look$name", OfficerScreen.Look(screen)) { listOf(say(screen.title), get(Word.COMMON_BACK)) + says() }

        fun missed(word: Word) = looking.copy(miss = Told.note(Tone.UNKNOWN, word))
        val two = TwoScreen(Told.note(Tone.CAUTION, Word.OFFICER_BOTH), torch = false)
        return listOf(
            sample("", looking) { all(Word.OFFICER_LOOK_HINT, Word.OFFICER_TYPE, Word.SCAN_LIGHT_ON) },
            sample("-light", looking.copy(torch = true)) { all(Word.SCAN_LIGHT_OFF) },
            sample("-unreadable", missed(Word.OFFICER_LOOK_UNREADABLE)) { all(Word.OFFICER_LOOK_UNREADABLE) },
            sample("-answer", looking.copy(title = Told.words(Word.OFFICER_LOOK_ANSWER))) { all(Word.OFFICER_LOOK_ANSWER) },
            sample("-answer-not_yet", missed(Word.OFFICER_LOOK_NOT_YET).copy(title = Told.words(Word.OFFICER_LOOK_ANSWER))) { all(Word.OFFICER_LOOK_NOT_YET) },
            sample("-refused", blind.copy(refused = Told.note(Tone.CAUTION, Word.SCAN_NO_CAMERA))) { all(Word.SCAN_NO_CAMERA, Word.OFFICER_ALLOW, Word.OFFICER_TYPE) },
            sample("-typing", blind.copy(typing = Field("", 1u))) { all(Word.OFFICER_FIELD, Word.OFFICER_READ) },
            sample("-typed", blind.copy(typing = Field("DL1:7Q2M5XW9RK4ZT87Q2M5XW9RK4ZT8", 1u), mayRead = true)) { all(Word.OFFICER_READ) + "DL1:7Q2M5XW9RK4ZT87Q2M5XW9RK4ZT8" },
            Sample("check-two", OfficerScreen.Two(two)) { all(Word.OFFICER_TITLE, Word.OFFICER_BOTH, Word.SCAN_LIGHT_ON) },
            Sample("check-two-light", OfficerScreen.Two(two.copy(torch = true))) { all(Word.OFFICER_BOTH, Word.SCAN_LIGHT_OFF) },
        )
    }

    private fun doubt(): List<Sample> {
        val ends = Told.words(Word.OFFICER_DOUBT_ENDS, Value.Countdown(84u))
        val qr =
            DoubtScreen(
                hint = Told.words(Word.OFFICER_DOUBT_QR),
                qr = StillOfficer.QUESTION,
                digits = null,
                ends = ends,
                problem = null,
                asking = false,
                mayLook = true,
            )
        val digits = qr.copy(hint = Told.words(Word.OFFICER_DOUBT_DIGITS), qr = null, digits = "40917725")
        val none = qr.copy(hint = Told.words(Word.OFFICER_DOUBT_ASK), qr = null, ends = null, mayLook = false)

        fun sample(
            name: String,
            screen: DoubtScreen,
            says: Texts.() -> List<String>,
        ) = Sample("check-doubt-$name", OfficerScreen.Doubt(screen)) {
            all(Word.OFFICER_DOUBT_TITLE, Word.OFFICER_ASK, Word.OFFICER_ASK_DIGITS, Word.OFFICER_ASK_LOOK, Word.COMMON_BACK) + say(screen.hint) + says()
        }

        fun problem(
            tone: Tone,
            word: Word,
            screen: DoubtScreen,
        ) = sample(word.key.substringAfterLast('.'), screen.copy(problem = Told.note(tone, word))) { listOf(get(word)) }
        return listOf(
            sample("asking", none.copy(asking = true)) { all(Word.COMMON_LOADING) },
            sample("qr", qr) { listOf(get(Word.OFFICER_DOUBT_ENDS, "1:24")) },
            sample("digits", digits) { listOf("4091 7725", get(Word.OFFICER_DOUBT_ENDS, "1:24")) },
            problem(Tone.BAD, Word.OFFICER_DOUBT_NO_ANSWER, qr),
            problem(Tone.CAUTION, Word.OFFICER_DOUBT_OVER, none),
            problem(Tone.CAUTION, Word.OFFICER_DOUBT_NOT_MADE, none),
        )
    }

    private fun log(): List<Sample> {
        fun row(
            hoursAgo: Int,
            tone: Tone,
            word: Word,
            vararg reasons: Word,
            number: String? = "ZZ-2091-7734",
        ): CheckRow {
            val at = (Fixtures.now - hoursAgo.hours).epochSeconds.toULong()
            return CheckRow(Value.DayOf(at), Value.Moment(at), Told.words(word), Told.sign(tone), reasons.map { Told.words(it) }, number)
        }
        val rows =
            listOf(
                row(0, Tone.GOOD, Word.OFFICER_ACCEPT),
                row(1, Tone.BAD, Word.OFFICER_REFUSE, Word.REASON_SUSPENDED, Word.REASON_STATUS_STALE),
                row(9, Tone.CAUTION, Word.OFFICER_CAUTION, Word.REASON_UNRESOLVED, number = "ZZ-2091-7734-4711-0815-9999-1234"),
                row(30, Tone.BAD, Word.OFFICER_REFUSE, Word.REASON_BAD_SIGNATURE, number = null),
            )
        val kept = CheckLogScreen(broken = null, kept = Told.words(Word.OFFICER_LOG_KEPT, Value.Number(30u)), rows = rows, mayExport = true, failed = null)

        fun sample(
            name: String,
            screen: CheckLogScreen,
            says: Texts.() -> List<String>,
        ) = Sample("check-log$name", OfficerScreen.Log(screen)) { all(Word.OFFICER_LOG, Word.OFFICER_LOG_EXPORT, Word.COMMON_BACK) + get(Word.OFFICER_LOG_KEPT, "30") + says() }
        return listOf(
            sample("", kept) {
                all(Word.OFFICER_ACCEPT, Word.OFFICER_REFUSE, Word.OFFICER_CAUTION, Word.REASON_UNRESOLVED) + "ZZ-2091-7734" +
                    all(Word.REASON_SUSPENDED, Word.REASON_STATUS_STALE) +
                    rows.map { say(it.at, Stage.ZONE) }
            },
            // Of a driver who checks another: nothing personal.
            sample("-nameless", kept.copy(rows = rows.map { it.copy(number = null) })) { all(Word.REASON_BAD_SIGNATURE) },
            sample("-empty", kept.copy(rows = emptyList(), mayExport = false)) { all(Word.OFFICER_LOG_EMPTY) },
            sample("-broken", kept.copy(broken = Told.note(Tone.BAD, Word.HISTORY_BROKEN))) { all(Word.HISTORY_BROKEN) },
            sample("-failed", kept.copy(failed = Told.note(Tone.BAD, Word.OFFICER_LOG_FAILED))) { all(Word.OFFICER_LOG_FAILED) },
            sample("-hundred", kept.copy(rows = List(100) { row(it * 3, Tone.GOOD, Word.OFFICER_ACCEPT) })) { all(Word.OFFICER_ACCEPT) },
        )
    }

    private fun blocked(): List<Sample> {
        val troubles = Trouble.entries.filter { trouble -> Word.entries.any { it.key == trouble.key } }
        val screens = troubles.associateWith { blockedBy(it) }
        return screens.map { (trouble, screen) ->
            Sample("check-blocked-${trouble.code}", OfficerScreen.Blocked(screen)) { listOf(get(trouble.title), get(wordOf(trouble.key)), say(screen.button)) }
        } +
            Sample("check-blocked-damaged-working", OfficerScreen.Blocked(screens.getValue(Trouble.DAMAGED).copy(working = true)), leave = {}) {
                all(Word.COMMON_LOADING, Word.COMMON_BACK)
            }
    }

    private fun blockedBy(trouble: Trouble): BookBlockedScreen {
        val story = Told.story(trouble)
        return BookBlockedScreen(trouble, story.sign, Told.words(trouble.title), Told.words(wordOf(trouble.key)), story.action, story.button, working = false)
    }

    /** The key of what happened to the book; the other troubles are a wallet's. */
    private val Trouble.key: String get() = "officer.blocked.$code"
}
