package org.vidimus.screens.support

import org.vidimus.app.AnswerScreen
import org.vidimus.app.ApplicationCard
import org.vidimus.app.BlockedScreen
import org.vidimus.app.CodeField
import org.vidimus.app.CodeLength
import org.vidimus.app.FaceAsked
import org.vidimus.app.Field
import org.vidimus.app.Note
import org.vidimus.app.OfferScreen
import org.vidimus.app.OfferTrouble
import org.vidimus.app.ScanScreen
import org.vidimus.app.Screen
import org.vidimus.app.Tone
import org.vidimus.app.Trouble
import org.vidimus.app.Value
import org.vidimus.app.WelcomeScreen
import org.vidimus.shell.Texts
import org.vidimus.shell.Word

/** Every screen in every state. */
internal object Samples {
    val all: List<Sample> by lazy {
        opening() + welcome() + scan() + offer() + SignIns.all + Licenses.all + Showings.all + answer() + Records.all + blocked() + Checks.all
    }

    fun named(name: String): Sample = all.single { it.name == name }

    private fun opening() = listOf(Sample("opening", Screen.Opening) { listOf(get(Word.APP_NAME), get(Word.COMMON_LOADING)) })

    private fun welcome(): List<Sample> {
        val refused =
            OfferTrouble.entries.map { refusal ->
                Sample("welcome-refused-${refusal.code}", page(LINK, refusal = Told.refusal(refusal))) {
                    listOf(get(refusal.word), get(Word.WELCOME_READ))
                }
            }
        val trouble = Trouble.STORAGE_FAILED
        return refused +
            listOf(
                Sample("welcome", page()) {
                    all(
                        Word.WELCOME_TITLE,
                        Word.APP_ABOUT,
                        Word.WELCOME_BODY,
                        Word.WELCOME_SCAN,
                        Word.WELCOME_PASTE,
                        Word.WELCOME_HOW,
                        Word.WELCOME_PICTURE,
                        Word.LICENSE_CHECK,
                        Word.WELCOME_POINT_OFFLINE,
                        Word.WELCOME_POINT_PRIVATE,
                        Word.WELCOME_POINT_FRESH,
                        Word.LICENSE_HISTORY,
                        Word.LICENSE_SETTINGS,
                    )
                },
                Sample("welcome-typing", page(typing = true)) { all(Word.WELCOME_FIELD, Word.WELCOME_READ) },
                Sample("welcome-lock", page(hasLock = false)) { all(Word.WELCOME_LOCK, Word.ACTION_LOCK, Word.WELCOME_SCAN) },
                Sample("welcome-typed", page(LINK)) { listOf(get(Word.WELCOME_READ), LINK) },
                Sample("welcome-reading", page(LINK, reading = true)) { listOf(get(Word.OFFER_READING)) },
                Sample("welcome-another", page(mayGoBack = true)) { all(Word.LICENSE_ADD, Word.COMMON_BACK, Word.WELCOME_SCAN) },
                Sample("welcome-again", page(again = true)) { all(Word.WELCOME_AGAIN_TITLE, Word.WELCOME_AGAIN, Word.WELCOME_SCAN) },
                Sample("welcome-trouble", page(troubles = listOf(trouble))) { listOf(get(trouble.title), get(Word.WELCOME_TITLE)) },
                Sample("welcome-trouble-open", page(troubles = listOf(trouble)), open = true) { storyOf(trouble) },
            )
    }

    private const val LINK = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fauthority.example%2Foffer%2F8f2c"

    fun page(
        text: String = "",
        reading: Boolean = false,
        refusal: Note? = null,
        mayGoBack: Boolean = false,
        again: Boolean = false,
        troubles: List<Trouble> = emptyList(),
        hasLock: Boolean = true,
        typing: Boolean = text.isNotEmpty(),
        maySignIn: Boolean = false,
        applications: List<ApplicationCard> = emptyList(),
        body: Word = if (again) Word.WELCOME_AGAIN else Word.WELCOME_BODY,
    ): Screen {
        val title =
            when {
                mayGoBack -> Word.LICENSE_ADD
                again -> Word.WELCOME_AGAIN_TITLE
                else -> Word.WELCOME_TITLE
            }
        return Screen.Welcome(
            WelcomeScreen(
                title = Told.words(title),
                body = Told.words(body),
                mayGoBack = mayGoBack,
                maySignIn = maySignIn,
                applications = applications,
                lock = if (hasLock) null else Told.note(Tone.CAUTION, Word.WELCOME_LOCK),
                typing = typing,
                offer = Field(text, 1u),
                reading = reading,
                mayRead = !reading && text.isNotBlank(),
                refusal = refusal,
                troubles = troubles.map(Told::story),
            ),
        )
    }

    private fun scan() =
        listOf("offer" to Word.SCAN_TITLE_OFFER, "challenge" to Word.SCAN_TITLE_CHALLENGE).flatMap { (purpose, title) ->
            val instead = Told.words(if (purpose == "offer") Word.SCAN_TYPE_OFFER else Word.SCAN_TYPE_DIGITS)
            val looking = ScanScreen(Told.words(title), hint = Told.words(Word.SCAN_HINT), refused = null, instead = instead)
            val refused =
                ScanScreen(Told.words(title), hint = null, refused = Told.note(Tone.CAUTION, Word.SCAN_NO_CAMERA), instead = instead)
            listOf(
                Sample("scan-$purpose", Screen.Scan(looking)) { all(title, Word.SCAN_HINT, Word.COMMON_BACK, Word.SCAN_LIGHT_ON) + say(instead) },
                Sample("scan-$purpose-refused", Screen.Scan(refused)) { all(title, Word.SCAN_NO_CAMERA, Word.SCAN_ALLOW, Word.COMMON_BACK) + say(instead) },
            )
        }

    private fun offer(): List<Sample> {
        val unproven =
            OfferScreen(
                issuer = "https://licenses-for-you.example/issuer/2",
                name = null,
                proof = Told.note(Tone.CAUTION, Word.OFFER_UNPROVEN),
                code = null,
                issuing = false,
                refusal = null,
                wantsLock = false,
                mayTake = true,
            )
        val theirs = "It stands at the foot of your letter of 3 May."
        val refused =
            OfferTrouble.entries.map { refusal ->
                val screen = proven("").copy(refusal = Told.refusal(refusal), wantsLock = refusal == OfferTrouble.NO_LOCK)
                Sample("offer-refused-${refusal.code}", Screen.Offer(screen)) {
                    listOf(get(refusal.word), get(Word.OFFER_TAKE)) + all(Word.ACTION_LOCK).filter { refusal == OfferTrouble.NO_LOCK }
                }
            }
        return refused +
            listOf(
                Sample("offer", Screen.Offer(proven(""))) {
                    all(Word.OFFER_TITLE, Word.OFFER_STEP_OFFER, Word.OFFER_STEP_CODE, Word.OFFER_STEP_LICENSE, Word.OFFER_PASTE, Word.OFFER_FROM, Word.OFFER_PROVEN, Word.OFFER_CODE, Word.OFFER_CODE_HINT) +
                        listOf("Road Authority of Zedland", "https://authority.example", get(Word.OFFER_CODE_DIGITS, "6"))
                },
                Sample("offer-typing", Screen.Offer(proven("4820"))) { listOf("4820", get(Word.OFFER_CODE_MORE, "2")) },
                Sample("offer-typed", Screen.Offer(proven("482093"))) { listOf("482093", get(Word.OFFER_TAKE)) },
                Sample("offer-issuing", Screen.Offer(proven("482093").copy(issuing = true, mayTake = false))) { all(Word.OFFER_ISSUING) },
                Sample("offer-unproven", Screen.Offer(unproven)) {
                    all(Word.OFFER_UNPROVEN, Word.OFFER_TAKE) + "https://licenses-for-you.example/issuer/2"
                },
                Sample(
                    "offer-words",
                    Screen.Offer(
                        unproven.copy(
                            name = "The Very Honourable Licensing and Registration Board of the Outer Islands",
                            code =
                                CodeField(
                                    field = Field("correct-horse-battery-staple", 1u),
                                    numeric = false,
                                    hint = Told.words(Word.OFFER_CODE_HINT),
                                    issuerHint = theirs,
                                    length = null,
                                ),
                        ),
                    ),
                ) {
                    all(Word.OFFER_UNPROVEN, Word.OFFER_CODE_HINT) + theirs
                },
            )
    }

    /** The authority's own offer, which asks for six digits. */
    private fun proven(typed: String): OfferScreen {
        val missing = 6 - typed.length
        val words =
            if (missing in 1..5) {
                Told.words(Word.OFFER_CODE_MORE, Value.Number(missing.toUInt()))
            } else {
                Told.words(Word.OFFER_CODE_DIGITS, Value.Number(6u))
            }
        return OfferScreen(
            issuer = "https://authority.example",
            name = "Road Authority of Zedland",
            proof = Told.note(Tone.GOOD, Word.OFFER_PROVEN),
            code =
                CodeField(
                    field = Field(typed, 1u),
                    numeric = true,
                    hint = Told.words(Word.OFFER_CODE_HINT),
                    issuerHint = null,
                    length = CodeLength(6u, missing == 0, words),
                ),
            issuing = false,
            refusal = null,
            wantsLock = false,
            mayTake = missing == 0,
        )
    }

    private fun answer(): List<Sample> {
        val license = Told.words(Word.ANSWER_LICENSE, Value.Text("Adaeze Okonkwo"), Value.Text("ZZ-2091-7734"))
        val shares = listOf(Word.ANSWER_SHARES_LICENSE, Word.ANSWER_SHARES_STATUS).map { Told.words(it) }

        fun asking(
            digits: String = "",
            problem: Note? = null,
        ) = AnswerScreen(Field(digits, 1u), digits.isNotEmpty(), problem, null, null, emptyList(), null)

        fun asked(
            name: String,
            who: String?,
            proven: Boolean,
            face: FaceAsked? = null,
        ) = Sample("answer-$name", Screen.Answer(asking().copy(asker = Told.asker(who, proven), license = license, shares = shares, face = face))) {
            val proof = if (proven) Word.ANSWER_PROVEN else Word.ANSWER_UNPROVEN
            all(Word.ANSWER_ASKS, proof, Word.ANSWER_SHOW, Word.ANSWER_SHARES) + shares.map { say(it) } + say(license) + (who ?: get(Word.ANSWER_BY_DIGITS)) +
                listOfNotNull(face?.let { get(if (it.on) Word.SHOW_FACE_OFF else Word.SHOW_FACE_ON) })
        }
        val (malformed, recorded) = Told.note(Tone.CAUTION, Word.ANSWER_MALFORMED) to Told.note(Tone.BAD, Word.ANSWER_RECORDED)
        return listOf(
            Sample("answer", Screen.Answer(asking())) {
                all(Word.ANSWER_TITLE, Word.ANSWER_BODY, Word.ANSWER_SCAN, Word.ANSWER_DIGITS, Word.ANSWER_READ)
            },
            Sample("answer-typed", Screen.Answer(asking("12345678"))) { listOf("12345678", get(Word.ANSWER_READ)) },
            Sample("answer-malformed", Screen.Answer(asking("12", malformed))) { all(Word.ANSWER_MALFORMED) },
            Sample("answer-recorded", Screen.Answer(asking(problem = recorded))) { all(Word.ANSWER_RECORDED) },
            asked("proven", "Highway Patrol, Post 12", true),
            asked("unproven", "Somebody with a very long name that goes on and on and on, 64 bytes", false),
            asked("digits", null, false),
            asked("face", "Highway Patrol, Post 12", true, FaceAsked(false)),
            asked("face-on", "Highway Patrol, Post 12", true, FaceAsked(true)),
        )
    }

    private fun blocked() =
        Trouble.entries.flatMap { trouble ->
            val story = Told.story(trouble)
            listOf(
                Sample("blocked-${trouble.code}", Screen.Blocked(BlockedScreen(story, false))) { storyOf(trouble) },
                Sample("blocked-${trouble.code}-working", Screen.Blocked(BlockedScreen(story, true))) {
                    storyOf(trouble) + get(Word.COMMON_LOADING)
                },
            )
        }
}

/** What a trouble says when it is opened. */
internal fun Texts.storyOf(trouble: Trouble): List<String> =
    (trouble.words + Told.story(trouble).action.word).map { get(it) } +
        all(Word.TROUBLE_HAPPENED, Word.TROUBLE_HOLDS, Word.TROUBLE_DO)

internal fun Texts.all(vararg words: Word): List<String> = words.map { get(it) }
