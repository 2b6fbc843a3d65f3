package org.vidimus.screens.officer

import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import org.vidimus.app.DoubtScreen
import org.vidimus.app.OfficerAction
import org.vidimus.screens.QrPicture
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Busy
import org.vidimus.screens.design.Code
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.MainButton
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Page
import org.vidimus.screens.design.SideButton
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Title
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.say
import org.vidimus.screens.pictureIn
import org.vidimus.shell.Officer
import org.vidimus.shell.Word

/** A question for the driver's phone: a QR to scan, or digits to read out. */
@Composable
internal fun DoubtScreen(
    state: DoubtScreen,
    officer: Officer,
) {
    val title = say(Word.OFFICER_DOUBT_TITLE)
    Page(
        title,
        bar = { Bar({ officer.send(OfficerAction.Back) }) },
        foot = {
            val look = { officer.send(OfficerAction.LookForAnswer) }
            MainButton(say(Word.OFFICER_ASK_LOOK), look, glyph = Glyph.SCAN, enabled = state.mayLook)
        },
    ) {
        Title(title)
        state.problem?.let { Notice(it) }
        Text(say(state.hint))
        if (state.asking) Busy(say(Word.COMMON_LOADING))
        state.digits?.let { Code(it.chunked(DIGITS).joinToString(" "), style = Type.state) }
        state.qr?.let { id ->
            BoxWithConstraints(Modifier.fillMaxWidth(), Alignment.Center) {
                Question(id, minOf(maxWidth, 360.dp), officer)
            }
        }
        state.ends?.let { Text(say(it), color = Look.palette.soft) }
        SideButton(say(Word.OFFICER_ASK), { officer.send(OfficerAction.Ask) })
        SideButton(say(Word.OFFICER_ASK_DIGITS), { officer.send(OfficerAction.AskByDigits) })
    }
}

@Composable
private fun Question(
    id: ULong,
    side: Dp,
    officer: Officer,
) {
    val room = with(LocalDensity.current) { side.roundToPx() }
    val modules = remember(id, officer, room) { officer.question(id)?.let { pictureIn(room, it) } }
    QrPicture(modules, say(Word.OFFICER_DOUBT_TITLE), room, side)
}

/** Eight digits are read out in two halves. */
private const val DIGITS = 4
