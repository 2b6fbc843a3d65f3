package org.vidimus.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import org.vidimus.Tone
import org.vidimus.models.Actions
import org.vidimus.models.CodeField
import org.vidimus.models.OfferState
import org.vidimus.models.Word
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Busy
import org.vidimus.screens.design.Code
import org.vidimus.screens.design.Field
import org.vidimus.screens.design.Labelled
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.MainButton
import org.vidimus.screens.design.Mark
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Page
import org.vidimus.screens.design.Panel
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Title
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.say
import org.vidimus.screens.design.word

/** Who offers a license, whether that is proven, and the code that takes it. */
@Composable
internal fun OfferScreen(
    state: OfferState,
    actions: Actions,
) {
    val title = say(Word.OFFER_TITLE)
    Page(title, { Bar(actions::back) }) {
        Title(title)
        Issuer(state)
        state.refusal?.let { Notice(if (it.mayRetry) Tone.CAUTION else Tone.BAD, say(it.word)) }
        state.code?.let { CodeEntry(it, state.issuing, actions) }
        if (state.issuing) Busy(say(Word.OFFER_ISSUING))
        MainButton(say(Word.OFFER_TAKE), actions::takeOffer, enabled = state.mayTake)
    }
}

@Composable
private fun Issuer(state: OfferState) {
    Panel {
        Labelled(say(Word.OFFER_FROM)) {
            state.name?.let { Text(it, style = Type.heading) }
            Code(state.issuer, style = if (state.name == null) Type.strong else Type.body, color = Look.palette.ink)
        }
        Proof(state.proven, say(if (state.proven) Word.OFFER_PROVEN else Word.OFFER_UNPROVEN))
    }
}

/** Whether a name is proven, by shape and sentence. */
@Composable
internal fun Proof(
    proven: Boolean,
    text: String,
) {
    Notice(if (proven) Tone.GOOD else Tone.CAUTION, text, isNews = false)
}

@Composable
private fun CodeEntry(
    code: CodeField,
    issuing: Boolean,
    actions: Actions,
) {
    Panel {
        Text(code.hint ?: say(Word.OFFER_CODE_HINT))
        Field(
            label = say(Word.OFFER_CODE),
            text = code.text,
            onChange = actions::typeCode,
            onDone = actions::takeOffer,
            style = Type.digits,
            digits = code.numeric,
            enabled = !issuing,
        )
        code.length?.let { Remaining(it, it - code.text.length, code.numeric) }
    }
}

/** How many characters there must be, and how many are missing yet. */
@Composable
private fun Remaining(
    length: Int,
    missing: Int,
    numeric: Boolean,
) {
    Row(Modifier, Arrangement.spacedBy(Space.small)) {
        if (missing <= 0) Mark(Tone.GOOD)
        val text =
            if (missing > 0 &&
                missing < length
            ) {
                Word.OFFER_CODE_MORE to missing
            } else {
                Word.OFFER_CODE_DIGITS to length
            }
        if (numeric || missing in 1..<length) {
            Text(say(text.first, "${text.second}"), Modifier.weight(1f), Type.label, Look.palette.soft)
        }
    }
}
