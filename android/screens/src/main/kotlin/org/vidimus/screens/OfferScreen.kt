package org.vidimus.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.autofill.ContentType
import androidx.compose.ui.platform.LocalClipboardManager
import org.vidimus.app.Action
import org.vidimus.app.CodeField
import org.vidimus.app.CodeLength
import org.vidimus.app.OfferScreen
import org.vidimus.app.TroubleAction
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Busy
import org.vidimus.screens.design.Code
import org.vidimus.screens.design.Field
import org.vidimus.screens.design.GOOD
import org.vidimus.screens.design.Labelled
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.MainButton
import org.vidimus.screens.design.Mark
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Page
import org.vidimus.screens.design.Panel
import org.vidimus.screens.design.SideButton
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Steps
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Title
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.WordButton
import org.vidimus.screens.design.say
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/** Who offers a license, whether that is proven, and the code that takes it. */
@Composable
internal fun OfferScreen(
    state: OfferScreen,
    driver: Driver,
) {
    val title = say(Word.OFFER_TITLE)
    Page(title, { Bar({ driver.send(Action.Back) }) }) {
        Title(title)
        Steps(listOf(Word.OFFER_STEP_OFFER, Word.OFFER_STEP_CODE, Word.OFFER_STEP_LICENSE), state.step)
        Issuer(state)
        state.refusal?.let { Notice(it) }
        if (state.wantsLock) {
            SideButton(say(Word.ACTION_LOCK), { driver.send(Action.Act(TroubleAction.SET_LOCK)) })
        }
        state.code?.let { CodeEntry(it, state.issuing, driver) }
        if (state.issuing) Busy(say(Word.OFFER_ISSUING))
        MainButton(say(Word.OFFER_TAKE), { driver.send(Action.TakeOffer) }, enabled = state.mayTake)
    }
}

@Composable
private fun Issuer(state: OfferScreen) {
    val name = state.name
    Panel {
        Labelled(say(Word.OFFER_FROM)) {
            if (name != null) Text(name, style = Type.heading)
            Code(state.issuer, style = if (name == null) Type.strong else Type.body, color = Look.palette.ink)
        }
        Notice(state.proof, isNews = false)
    }
}

@Composable
private fun CodeEntry(
    code: CodeField,
    issuing: Boolean,
    driver: Driver,
) {
    Panel {
        Column(Modifier, Arrangement.spacedBy(Space.hair)) {
            Text(say(code.hint))
            // The issuer's own words, not translated.
            code.issuerHint?.let { Text(it, color = Look.palette.soft) }
        }
        Field(
            label = say(Word.OFFER_CODE),
            heard = code.field,
            next = driver::nextEdit,
            onType = { text, edit -> driver.send(Action.TypeCode(text, edit)) },
            onDone = { driver.send(Action.TakeOffer) },
            style = Type.digits,
            digits = code.numeric,
            enabled = !issuing,
            kind = ContentType.SmsOtpCode,
            boxes = code.length?.count?.toInt(),
        )
        if (!issuing) PasteButton(code, driver)
        code.length?.let { Remaining(it) }
    }
}

/** What was copied from a message. */
@Composable
private fun PasteButton(
    code: CodeField,
    driver: Driver,
) {
    // The newer one gives what another app has copied in a type of the system's.
    @Suppress("DEPRECATION")
    val clipboard = LocalClipboardManager.current
    WordButton(say(Word.OFFER_PASTE), {
        val copied = clipboard.getText()?.text?.trim().orEmpty()
        if (copied.isNotEmpty()) driver.send(Action.TypeCode(copied, driver.nextEdit(code.field.edit)))
    })
}

/** How many characters there must be, and how many are missing yet. */
@Composable
private fun Remaining(length: CodeLength) {
    Row(Modifier, Arrangement.spacedBy(Space.small)) {
        if (length.complete) Mark(GOOD)
        length.words?.let { Text(say(it), Modifier.weight(1f), Type.label, Look.palette.soft) }
    }
}

/** Which step it is: the code is asked for where there is one, and then the license comes. */
private val OfferScreen.step: Int get() = if (mayTake || issuing) 2 else 1
