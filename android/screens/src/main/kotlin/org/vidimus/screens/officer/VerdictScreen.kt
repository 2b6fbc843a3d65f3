package org.vidimus.screens.officer

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.vidimus.app.FaceView
import org.vidimus.app.Holder
import org.vidimus.app.OfficerAction
import org.vidimus.app.ReasonRow
import org.vidimus.app.VerdictScreen
import org.vidimus.screens.Details
import org.vidimus.screens.Portrait
import org.vidimus.screens.Ring
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Code
import org.vidimus.screens.design.FieldMark
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.Hairline
import org.vidimus.screens.design.Heading
import org.vidimus.screens.design.Labelled
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.MainButton
import org.vidimus.screens.design.Mark
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Page
import org.vidimus.screens.design.Panel
import org.vidimus.screens.design.Shapes
import org.vidimus.screens.design.SideButton
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.say
import org.vidimus.screens.design.shape
import org.vidimus.shell.Officer
import org.vidimus.shell.Word

/**
 * What is to be thought of a license: one word on a field of its tone, then why, with what to do
 * now, and the face with the name. The camera goes on until the face is whole.
 */
@Composable
internal fun VerdictScreen(
    state: VerdictScreen,
    officer: Officer,
) {
    val title = say(state.word)
    Page(
        title,
        bar = { Bar({ officer.send(OfficerAction.Back) }) },
        foot = { MainButton(say(Word.OFFICER_NEXT), { officer.send(OfficerAction.Check) }, glyph = Glyph.SCAN) },
    ) {
        Verdict(state)
        if (state.reasons.isNotEmpty()) Reasons(state.reasons)
        if (state.torch != null || state.holder != null) Person(state, officer)
        for (note in state.notes) Notice(note, isNews = false)
        state.clock?.let { Text(say(it)) }
        state.firstSeen?.let { Text(say(it)) }
        SideButton(say(Word.OFFICER_ASK), { officer.send(OfficerAction.Ask) }, glyph = Glyph.ANSWER)
        SideButton(say(Word.OFFICER_ASK_DIGITS), { officer.send(OfficerAction.AskByDigits) })
        state.holder?.let { Details(it) }
    }
}

/** The word, and below it how the license stands, with the age of what says so. */
@Composable
private fun Verdict(state: VerdictScreen) {
    val colors = Look.palette.tone(state.sign.tone)
    val spoken = say(state.spoken)
    Column(
        Modifier
            .fillMaxWidth()
            .background(colors.field, RoundedCornerShape(22.dp))
            .shape("field")
            .padding(Space.large),
        Arrangement.spacedBy(Space.small),
    ) {
        Row(
            Modifier.semantics(mergeDescendants = true) {
                heading()
                liveRegion = LiveRegionMode.Assertive
                contentDescription = spoken
            },
            Arrangement.spacedBy(Space.large),
            Alignment.CenterVertically,
        ) {
            FieldMark(state.sign, 96.dp)
            val style = if (Look.isStacked) Type.heading else Type.state
            Text(say(state.word), Modifier.weight(1f, fill = false), style, colors.onField)
        }
        val standing = state.standing ?: return@Column
        Text(say(standing.state), style = Type.heading, color = colors.onField)
        standing.age?.let { Text(say(it), style = Type.strong, color = colors.onField) }
        standing.asOf?.let { Text(say(it), style = Type.label, color = colors.onField) }
        state.source?.let { Text(say(it), style = Type.label, color = colors.onField) }
    }
}

/** The face, or the camera that still looks for it, and the name below. */
@Composable
private fun Person(
    state: VerdictScreen,
    officer: Officer,
) {
    Panel {
        val face = state.face
        val torch = state.torch
        if (face is FaceView.Picture) Whole(face.id, officer)
        if (torch == null) {
            state.faceHint?.let { Text(say(it)) }
        } else {
            Looking(state, torch, officer)
        }
        state.holder?.let { Name(it) }
        state.authority?.let { Text(it, style = Type.label, color = Look.palette.soft) }
    }
}

/** What the camera sees stays small; beside it, how much of the face was read and what to do. */
@Composable
private fun Looking(
    state: VerdictScreen,
    torch: Boolean,
    officer: Officer,
) {
    val lens = Modifier.size(120.dp).clip(Shapes.panel).shape("viewfinder")
    if (Look.isStacked) {
        Lens(torch, officer, lens)
        Read(state)
    } else {
        Row(Modifier, Arrangement.spacedBy(Space.large), Alignment.CenterVertically) {
            Lens(torch, officer, lens)
            Column(Modifier.weight(1f), Arrangement.spacedBy(Space.medium)) { Read(state) }
        }
    }
}

@Composable
private fun Read(state: VerdictScreen) {
    val face = state.face
    if (face is FaceView.Ring) Ring(face.read.toFloat() / face.count.toFloat().coerceAtLeast(1f), 64.dp)
    state.faceHint?.let { Text(say(it)) }
}

@Composable
private fun Whole(
    id: String,
    officer: Officer,
) {
    val decode = Look.host.decode
    val picture = remember(id, officer, decode) { officer.picture(id)?.let(decode) }
    Portrait(picture, 200.dp)
    Text(say(Word.OFFICER_FACE), style = Type.label, color = Look.palette.soft)
}

@Composable
private fun Name(holder: Holder) {
    Text(holder.name, style = Type.heading)
    Labelled(say(Word.LICENSE_NUMBER)) { Code(holder.number, style = Type.strong) }
}

@Composable
private fun Reasons(reasons: List<ReasonRow>) {
    Panel {
        Heading(say(Word.OFFICER_REASONS))
        for ((index, reason) in reasons.withIndex()) {
            if (index > 0) Hairline()
            Row(Modifier.semantics(mergeDescendants = true) {}, Arrangement.spacedBy(Space.medium)) {
                Mark(reason.sign)
                Column(Modifier.weight(1f)) {
                    Text(say(reason.words), style = Type.strong)
                    Text(say(reason.whatToDo))
                }
            }
        }
    }
}
