package org.vidimus.screens.support

import org.vidimus.app.ApplicationButton
import org.vidimus.app.ApplicationCard
import org.vidimus.app.ApplicationOffer
import org.vidimus.app.Note
import org.vidimus.app.Screen
import org.vidimus.app.SignInScreen
import org.vidimus.app.Tone
import org.vidimus.app.Value
import org.vidimus.shell.Texts
import org.vidimus.shell.Word

/** The sign-in, and what was applied for, in every state. */
internal object SignIns {
    private val moment = Value.Moment(Fixtures.now.epochSeconds.toULong())

    private const val CLERK = "The face is in the shade of a hat. Please take it by a window."

    val waiting =
        ApplicationCard(
            id = "two",
            stage = Told.note(Tone.UNKNOWN, Word.APPLICATION_WAITING),
            told =
                listOf(
                    Told.words(Word.APPLICATION_WAITING_WHY),
                    Told.words(Word.APPLICATION_SINCE, moment),
                    Told.words(Word.APPLICATION_MISSED),
                    Told.words(Word.APPLICATION_NEXT, moment),
                    Told.words(Word.APPLICATION_BY_ITSELF),
                ),
            authoritySays = null,
            asking = false,
            button = ApplicationButton(Told.words(Word.APPLICATION_ASK), ApplicationOffer.REFRESH),
        )

    private val signingIn =
        waiting.copy(
            stage = Told.note(Tone.UNKNOWN, Word.APPLICATION_SIGNING_IN),
            told = listOf(Told.words(Word.SIGN_IN_UNTIL, moment)),
            button = ApplicationButton(Told.words(Word.APPLICATION_GO_ON), ApplicationOffer.SIGN_IN),
        )

    private fun refused(reason: String) =
        waiting.copy(
            stage = Told.note(Tone.BAD, Word.APPLICATION_REFUSED),
            told = listOf("why", "do").map { Told.words(wordOf("application.reason.$reason.$it")) } + Told.words(Word.APPLICATION_SINCE, moment),
            authoritySays = CLERK.takeIf { reason == "photo_unclear" },
            button = ApplicationButton(Told.words(Word.APPLICATION_DISMISS), ApplicationOffer.DISMISS),
        )

    private val open =
        SignInScreen(
            authority = "https://authority.example",
            told = listOf(Word.SIGN_IN_OPEN, Word.SIGN_IN_WHY, Word.SIGN_IN_CLOSED).map { Told.words(it) },
            until = Told.words(Word.SIGN_IN_UNTIL, moment),
            working = false,
            refusal = null,
            wantsLock = false,
            button = Told.words(Word.SIGN_IN_AGAIN),
            mayCancel = true,
        )

    private fun stopped(
        refusal: Note,
        wantsLock: Boolean = false,
        told: Word = Word.SIGN_IN_WHY,
        button: Word = Word.WELCOME_SIGN_IN,
    ) = open.copy(
        told = listOf(Told.words(told)),
        until = null,
        refusal = refusal,
        wantsLock = wantsLock,
        button = Told.words(button),
        mayCancel = false,
    )

    private fun working(vararg told: Word) = open.copy(told = told.map { Told.words(it) }, until = null, working = true, button = null, mayCancel = false)

    private fun page(
        name: String,
        screen: SignInScreen,
    ) = Sample("sign-in-$name", Screen.SignIn(screen)) {
        all(Word.SIGN_IN_TITLE, Word.SIGN_IN_WITH, Word.COMMON_BACK) + screen.authority +
            (screen.told + listOfNotNull(screen.until, screen.refusal?.words, screen.button)).map { say(it) } +
            all(Word.SIGN_IN_CANCEL).filter { screen.mayCancel } + all(Word.ACTION_LOCK).filter { screen.wantsLock }
    }

    private fun Texts.saysOf(card: ApplicationCard) =
        (card.told + card.stage.words + listOfNotNull(card.button?.words)).map { say(it) } +
            listOfNotNull(card.authoritySays) + all(Word.APPLICATION_SAYS).filter { card.authoritySays != null } +
            all(Word.APPLICATION_ASKING).filter { card.asking }

    private fun welcome(
        name: String,
        card: ApplicationCard,
        body: Word = Word.WELCOME_BODY_SIGN_IN,
        maySignIn: Boolean = false,
    ) = Sample("welcome-$name", Samples.page(applications = listOf(card), body = body, maySignIn = maySignIn)) { saysOf(card) + get(body) }

    private val reasons = listOf("photo_unclear", "photo_not_recent", "photo_other_person", "papers_missing", "other")

    val all: List<Sample> by lazy {
        val (caution, bad) = Tone.CAUTION to Tone.BAD
        listOf(
            Sample("welcome-sign-in", Samples.page(maySignIn = true, body = Word.WELCOME_BODY_SIGN_IN)) {
                all(Word.WELCOME_SIGN_IN, Word.WELCOME_BODY_SIGN_IN, Word.WELCOME_SCAN, Word.WELCOME_PASTE)
            },
            Sample("welcome-again-sign-in", Samples.page(again = true, maySignIn = true, body = Word.WELCOME_AGAIN_SIGN_IN)) {
                all(Word.WELCOME_SIGN_IN, Word.WELCOME_AGAIN_SIGN_IN)
            },
            Sample("welcome-lock-sign-in", Samples.page(hasLock = false, maySignIn = true, body = Word.WELCOME_BODY_SIGN_IN)) {
                all(Word.WELCOME_SIGN_IN, Word.WELCOME_LOCK)
            },
            welcome("signing-in", signingIn),
            welcome("waiting", waiting, Word.WELCOME_WAITING),
            welcome("asking", waiting.copy(asking = true, button = null), Word.WELCOME_WAITING),
            page("asking", working(Word.SIGN_IN_ASKING, Word.SIGN_IN_WHY)),
            page("open", open),
            page("other", open.copy(refusal = Told.note(caution, Word.REFUSAL_SIGN_IN_OTHER))),
            page("no-browser", open.copy(refusal = Told.note(caution, Word.REFUSAL_NO_BROWSER))),
            page("receiving", working(Word.SIGN_IN_RECEIVING)),
            page("over", stopped(Told.note(caution, Word.REFUSAL_SIGN_IN_OVER)).copy(mayCancel = true)),
            page("denied", stopped(Told.note(caution, Word.REFUSAL_SIGN_IN_DENIED))),
            page("waits", stopped(Told.note(caution, Word.REFUSAL_SIGN_IN_WAITS)).copy(button = null)),
            page("unsupported", stopped(Told.note(bad, Word.REFUSAL_SIGN_IN_UNSUPPORTED)).copy(button = null)),
            page("no-lock", stopped(Told.note(caution, Word.SHOW_NO_LOCK), wantsLock = true)),
            page("no-network", stopped(Told.note(caution, Word.SIGN_IN_NO_NETWORK), told = Word.SIGN_IN_AGREED, button = Word.ACTION_RETRY)),
            page("busy", stopped(Note(Told.sign(caution), Told.words(Word.SIGN_IN_BUSY_UNTIL, moment)))),
        ) + reasons.map { welcome("application-$it", refused(it), maySignIn = true) }
    }
}
