package org.vidimus.screens.support

import org.vidimus.StandingKind
import org.vidimus.models.AnswerProblem
import org.vidimus.models.AnswerState
import org.vidimus.models.Asker
import org.vidimus.models.BlockedState
import org.vidimus.models.CodeField
import org.vidimus.models.LockOutcome
import org.vidimus.models.OfferState
import org.vidimus.models.Plural
import org.vidimus.models.Refusal
import org.vidimus.models.ScanPurpose
import org.vidimus.models.ScanState
import org.vidimus.models.Screen
import org.vidimus.models.ShowState
import org.vidimus.models.ShownCode
import org.vidimus.models.Texts
import org.vidimus.models.Trouble
import org.vidimus.models.WelcomeState
import org.vidimus.models.Word
import org.vidimus.screens.design.holds
import org.vidimus.screens.design.title
import org.vidimus.screens.design.toDo
import org.vidimus.screens.design.what
import org.vidimus.screens.design.word
import org.vidimus.screens.support.Fixtures.code
import org.vidimus.screens.support.Fixtures.standing

/** Every screen in every state. */
internal object Samples {
    val all: List<Sample> by lazy {
        opening() + welcome() + scan() + offer() + Licenses.all + show() + answer() + Records.all + blocked()
    }

    fun named(name: String): Sample = all.single { it.name == name }

    private fun opening() = listOf(Sample("opening", Screen.Opening) { listOf(get(Word.APP_NAME), get(Word.COMMON_LOADING)) })

    private fun welcome(): List<Sample> {
        val first = WelcomeState()
        val link = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fauthority.example%2Foffer%2F8f2c"
        val refused =
            Refusal.entries.map { refusal ->
                Sample("welcome-refused-${refusal.code}", Screen.Welcome(first.copy(text = link, refusal = refusal))) {
                    listOf(get(refusal.word), get(Word.WELCOME_READ))
                }
            }
        return refused +
            listOf(
                Sample("welcome", Screen.Welcome(first)) {
                    all(
                        Word.WELCOME_TITLE,
                        Word.APP_ABOUT,
                        Word.WELCOME_BODY,
                        Word.WELCOME_SCAN,
                        Word.WELCOME_PASTE,
                        Word.WELCOME_FIELD,
                        Word.WELCOME_READ,
                        Word.WELCOME_POINT_OFFLINE,
                        Word.WELCOME_POINT_PRIVATE,
                        Word.WELCOME_POINT_FRESH,
                        Word.LICENSE_HISTORY,
                        Word.LICENSE_SETTINGS,
                    )
                },
                Sample("welcome-typed", Screen.Welcome(first.copy(text = link))) { listOf(get(Word.WELCOME_READ), link) },
                Sample("welcome-reading", Screen.Welcome(first.copy(text = link, reading = true))) {
                    listOf(get(Word.OFFER_READING))
                },
                Sample("welcome-another", Screen.Welcome(first.copy(mayGoBack = true))) {
                    all(Word.LICENSE_ADD, Word.COMMON_BACK, Word.WELCOME_SCAN)
                },
            )
    }

    private fun scan() =
        ScanPurpose.entries.flatMap { purpose ->
            val title = if (purpose == ScanPurpose.OFFER) Word.SCAN_TITLE_OFFER else Word.SCAN_TITLE_CHALLENGE
            val name = "scan-${purpose.name.lowercase()}"
            listOf(
                Sample(name, Screen.Scan(ScanState(purpose))) { all(title, Word.SCAN_HINT, Word.COMMON_BACK) },
                Sample("$name-refused", Screen.Scan(ScanState(purpose, cameraRefused = true))) {
                    all(title, Word.SCAN_NO_CAMERA, Word.COMMON_BACK)
                },
            )
        }

    private fun offer(): List<Sample> {
        val code = CodeField("", numeric = true, length = 6, hint = null)
        val proven = OfferState("https://authority.example", "Road Authority of Zedland", proven = true, code = code)
        val unproven = OfferState("https://licenses-for-you.example/issuer/2", null, proven = false, code = null)
        val refused =
            Refusal.entries.map { refusal ->
                Sample("offer-refused-${refusal.code}", Screen.Offer(proven.copy(refusal = refusal))) {
                    listOf(get(refusal.word), get(Word.OFFER_TAKE))
                }
            }
        return refused +
            listOf(
                Sample("offer", Screen.Offer(proven)) {
                    all(Word.OFFER_TITLE, Word.OFFER_FROM, Word.OFFER_PROVEN, Word.OFFER_CODE, Word.OFFER_CODE_HINT) +
                        listOf("Road Authority of Zedland", "https://authority.example", get(Word.OFFER_CODE_DIGITS, "6"))
                },
                Sample("offer-typing", Screen.Offer(proven.copy(code = code.copy(text = "4820")))) {
                    listOf("4820", get(Word.OFFER_CODE_MORE, "2"))
                },
                Sample("offer-typed", Screen.Offer(proven.copy(code = code.copy(text = "482093")))) {
                    listOf("482093", get(Word.OFFER_TAKE))
                },
                Sample("offer-issuing", Screen.Offer(proven.copy(code = code.copy(text = "482093"), issuing = true))) {
                    all(Word.OFFER_ISSUING)
                },
                Sample("offer-unproven", Screen.Offer(unproven)) {
                    all(Word.OFFER_UNPROVEN, Word.OFFER_TAKE) + "https://licenses-for-you.example/issuer/2"
                },
                Sample(
                    "offer-words",
                    Screen.Offer(
                        unproven.copy(
                            name = "The Very Honourable Licensing and Registration Board of the Outer Islands",
                            code = CodeField("correct horse battery staple", false, null, "It stands at the foot of your letter of 3 May."),
                        ),
                    ),
                ) {
                    listOf("It stands at the foot of your letter of 3 May.", get(Word.OFFER_UNPROVEN))
                },
            )
    }

    private fun show(): List<Sample> {
        fun live(
            name: String,
            code: ShownCode,
            nextIn: Int = 7,
            says: Texts.() -> List<String> = { emptyList() },
        ) = Sample("show-$name", Screen.Show(ShowState.Live(code, nextIn, 249))) {
            val age = code.standing.age?.let(::age) ?: get(Word.LICENSE_NEVER)
            val state = get(code.standing.license.word)
            val heard = code.standing.age?.let { get(Word.LICENSE_CONFIRMED, age(it)) } ?: age
            val spoken = get(Word.SHOW_SPOKEN, code.holder, state, heard, count(Plural.SECONDS, nextIn))
            all(Word.SHOW_QR, Word.SHOW_END) +
                listOf(code.holder, spoken, state, age, get(Word.SHOW_NEW_CODE, "$nextIn"), get(Word.SHOW_ENDS, "4:09")) + says()
        }
        val states =
            StandingKind.entries.map { live(it.name.lowercase(), code(standing(it))) { all(Word.SHOW_TO_ANYONE) } }
        val locked =
            LockOutcome.entries.map { outcome ->
                val words =
                    when (outcome) {
                        LockOutcome.OPENED -> listOf(Word.SHOW_STARTING)
                        LockOutcome.CANCELLED -> listOf(Word.SHOW_CANCELLED, Word.SHOW_UNLOCK)
                        LockOutcome.FAILED -> listOf(Word.SHOW_FAILED, Word.SHOW_UNLOCK)
                        LockOutcome.NO_LOCK -> listOf(Word.SHOW_NO_LOCK, Word.ACTION_LOCK)
                    }
                Sample("show-locked-${outcome.name.lowercase()}", Screen.Show(ShowState.Locked(outcome))) {
                    words.map { get(it) }
                }
            }
        val failed =
            Trouble.entries.map { trouble ->
                Sample("show-failed-${trouble.code}", Screen.Show(ShowState.Failed(trouble))) { storyOf(trouble) }
            }
        return states + locked + failed +
            listOf(
                live("old", code(Fixtures.old)),
                live("never", code(standing(StandingKind.UNKNOWN, null))),
                live("last-second", code(), nextIn = 0),
                live("without-status", code(statusLeftOut = true)) { all(Word.SHOW_NO_STATUS_INSIDE) },
                live("to-proven", code(audience = Asker("Highway Patrol, Post 12", true))) {
                    all(Word.ANSWER_PROVEN) + "Highway Patrol, Post 12"
                },
                live("to-unproven", code(audience = Asker("Patrol 7", false))) { all(Word.ANSWER_UNPROVEN) + "Patrol 7" },
                live("to-digits", code(audience = Asker(null, false))) { all(Word.ANSWER_BY_DIGITS) },
                live("long-name", code(holder = Fixtures.longest.name)),
                Sample("show-unlocking", Screen.Show(ShowState.Unlocking)) { all(Word.SHOW_UNLOCKING) },
                Sample("show-starting", Screen.Show(ShowState.Starting)) { all(Word.SHOW_STARTING) },
                Sample("show-over", Screen.Show(ShowState.Over(true))) { all(Word.SHOW_OVER, Word.SHOW_ENDED, Word.SHOW_AGAIN) },
                Sample("show-too-late", Screen.Show(ShowState.TooLate)) { all(Word.SHOW_TOO_LATE) },
                Sample("show-ended", Screen.Show(ShowState.Over(false))) { all(Word.SHOW_ENDED, Word.SHOW_AGAIN) },
            )
    }

    private fun answer(): List<Sample> {
        val asking = AnswerState()

        fun asked(
            name: String,
            asker: Asker,
            proof: Word,
        ) = Sample("answer-$name", Screen.Answer(asking.copy(asker = asker))) {
            all(Word.ANSWER_ASKS, proof, Word.ANSWER_SHOW) + (asker.name ?: get(Word.ANSWER_BY_DIGITS))
        }
        return listOf(
            Sample("answer", Screen.Answer(asking)) {
                all(Word.ANSWER_TITLE, Word.ANSWER_BODY, Word.ANSWER_SCAN, Word.ANSWER_DIGITS, Word.ANSWER_READ)
            },
            Sample("answer-typed", Screen.Answer(asking.copy(text = "1234 5678"))) { listOf("1234 5678", get(Word.ANSWER_READ)) },
            Sample("answer-malformed", Screen.Answer(asking.copy(text = "12", problem = AnswerProblem.MALFORMED))) {
                all(Word.ANSWER_MALFORMED)
            },
            Sample("answer-recorded", Screen.Answer(asking.copy(problem = AnswerProblem.RECORDED))) {
                all(Word.ANSWER_RECORDED)
            },
            asked("proven", Asker("Highway Patrol, Post 12", true), Word.ANSWER_PROVEN),
            asked("unproven", Asker("Somebody with a very long name that goes on and on and on, 64 bytes", false), Word.ANSWER_UNPROVEN),
            asked("digits", Asker(null, false), Word.ANSWER_UNPROVEN),
        )
    }

    private fun blocked() =
        Trouble.entries.flatMap { trouble ->
            listOf(
                Sample("blocked-${trouble.code}", Screen.Blocked(BlockedState(trouble))) { storyOf(trouble) },
                Sample("blocked-${trouble.code}-working", Screen.Blocked(BlockedState(trouble, working = true))) {
                    storyOf(trouble) + get(Word.COMMON_LOADING)
                },
            )
        }
}

/** What a trouble says when it is opened. */
internal fun Texts.storyOf(trouble: Trouble): List<String> =
    all(
        trouble.title,
        Word.TROUBLE_HAPPENED,
        trouble.what,
        Word.TROUBLE_HOLDS,
        trouble.holds,
        Word.TROUBLE_DO,
        trouble.toDo,
        trouble.action.word,
    )

internal fun Texts.all(vararg words: Word): List<String> = words.map { get(it) }
