package org.vidimus.screens.officer

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import org.vidimus.app.LookScreen
import org.vidimus.app.OfficerAction
import org.vidimus.app.TwoScreen
import org.vidimus.screens.LightButton
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Field
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.MainButton
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Page
import org.vidimus.screens.design.Panel
import org.vidimus.screens.design.Shapes
import org.vidimus.screens.design.SideButton
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Title
import org.vidimus.screens.design.say
import org.vidimus.screens.design.shape
import org.vidimus.shell.Officer
import org.vidimus.shell.Word

/** The camera looks for the code of a license, or it is typed. */
@Composable
internal fun LookScreen(
    state: LookScreen,
    officer: Officer,
) {
    val title = say(state.title)
    Page(title, { Bar({ officer.send(OfficerAction.Back) }) }) {
        Title(title)
        state.refused?.let {
            Notice(it)
            MainButton(say(Word.OFFICER_ALLOW), { officer.send(OfficerAction.AllowCamera) })
        }
        state.miss?.let { Notice(it) }
        state.hint?.let { Text(say(it)) }
        state.torch?.let { Finder(it, officer) }
        val typed = state.typing
        if (typed == null) {
            SideButton(say(Word.OFFICER_TYPE), { officer.send(OfficerAction.TypeInstead) })
        } else {
            val read = { officer.send(OfficerAction.ReadText) }
            Panel {
                val type = { text: String, edit: ULong -> officer.send(OfficerAction.TypeText(text, edit)) }
                Field(say(Word.OFFICER_FIELD), typed, officer::nextEdit, type, read)
                MainButton(say(Word.OFFICER_READ), read, enabled = state.mayRead)
            }
        }
    }
}

/** Two licenses in one picture: neither is judged, and the camera goes on. */
@Composable
internal fun TwoScreen(
    state: TwoScreen,
    officer: Officer,
) {
    val title = say(Word.OFFICER_TITLE)
    Page(title, { Bar({ officer.send(OfficerAction.Back) }) }) {
        Title(title)
        Notice(state.note)
        Finder(state.torch, officer)
    }
}

@Composable
private fun Finder(
    torch: Boolean,
    officer: Officer,
) {
    Box(Modifier.fillMaxWidth().aspectRatio(1f).shape("viewfinder").clip(Shapes.panel).background(Color.Black)) {
        Lens(torch, officer, Modifier.fillMaxSize())
    }
    if (Look.host.camera.hasLight) LightButton(torch) { officer.send(OfficerAction.Torch(it)) }
}

/** What the camera sees. */
@Composable
internal fun Lens(
    torch: Boolean,
    officer: Officer,
    modifier: Modifier,
) {
    Look.host.camera.Viewfinder(officer::seen, officer::cameraRefused, torch, modifier)
}
