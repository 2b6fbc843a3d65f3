package org.vidimus.screens

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.unit.dp
import org.vidimus.app.Action
import org.vidimus.app.ScanScreen
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.MainButton
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Page
import org.vidimus.screens.design.Shapes
import org.vidimus.screens.design.SideButton
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Title
import org.vidimus.screens.design.polyline
import org.vidimus.screens.design.say
import org.vidimus.screens.design.shape
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/** The camera looks for a QR. Who cannot scan types instead. */
@Composable
internal fun ScanScreen(
    state: ScanScreen,
    driver: Driver,
) {
    val title = say(state.title)
    Page(title, { Bar({ driver.send(Action.Back) }) }) {
        Title(title)
        state.refused?.let {
            Notice(it)
            MainButton(say(Word.SCAN_ALLOW), { driver.send(Action.AllowCamera) })
        }
        state.hint?.let {
            Text(say(it))
            Viewfinder(driver)
        }
        SideButton(say(state.instead), { driver.send(Action.TypeInstead) })
    }
}

@Composable
private fun Viewfinder(driver: Driver) {
    var light by rememberSaveable { mutableStateOf(false) }
    val camera = Look.host.camera
    val last = remember { mutableSetOf<String>() }
    // The same text is in many pictures.
    val seen = { texts: List<String> -> texts.filter(last::add).forEach(driver::seen) }
    Box(Modifier.fillMaxWidth().aspectRatio(1f).shape("viewfinder").clip(Shapes.panel).background(Color.Black)) {
        camera.Viewfinder(seen, { driver.cameraRefused() }, light, Modifier.fillMaxSize())
        Canvas(Modifier.fillMaxSize().padding(Space.huge)) { corners() }
    }
    if (camera.hasLight) LightButton(light) { light = it }
}

/** Puts the light beside the camera on and off. */
@Composable
internal fun LightButton(
    isOn: Boolean,
    turn: (Boolean) -> Unit,
) {
    val word = say(if (isOn) Word.SCAN_LIGHT_OFF else Word.SCAN_LIGHT_ON)
    SideButton(word, { turn(!isOn) }, glyph = Glyph.LIGHT)
}

/** White on a dark edge: visible on every picture of the camera. */
private fun DrawScope.corners() {
    val arm = size.minDimension / 6
    val right = size.width
    val bottom = size.height
    val corners =
        listOf(
            polyline(0f, arm, 0f, 0f, arm, 0f),
            polyline(right - arm, 0f, right, 0f, right, arm),
            polyline(right, bottom - arm, right, bottom, right - arm, bottom),
            polyline(arm, bottom, 0f, bottom, 0f, bottom - arm),
        )
    for ((color, width) in listOf(Color.Black to 8.dp, Color.White to 4.dp)) {
        val pen = Stroke(width.toPx(), cap = StrokeCap.Round, join = StrokeJoin.Round)
        for (corner in corners) drawPath(corner, color, style = pen)
    }
}
