package org.vidimus.desktop

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.text.BasicText
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import org.vidimus.shell.Language

/** The colors of the desk around the phone. */
internal enum class Tint(
    val color: Color,
) {
    GOOD(Color(0xFF7BD8A5)),
    CAUTION(Color(0xFFF2C572)),
    BAD(Color(0xFFF2938C)),
    PLAIN(Color(0xFFE6EAF0)),
    FAINT(Color(0xFFA9B4C2)),
}

internal val DESK = Color(0xFF1D2733)
private val BUTTON = Color(0xFF2B3847)
private val CHOSEN = Color(0xFF3F6AA3)

/** What is beside the phone: the other people of the story, and how the phone is looked at. */
@Composable
internal fun Strip(
    desk: Desk,
    copy: (String) -> Unit,
) {
    Column(
        Modifier
            .width(300.dp)
            .fillMaxHeight()
            .verticalScroll(rememberScrollState())
            .padding(20.dp),
        Arrangement.spacedBy(18.dp),
    ) {
        Part("Authority") {
            Line("The driver gets a link, and by another way the code ${desk.code}.")
            Buttons {
                Button("Copy the offer") { copy(desk.offer) }
                Button("Open the link", action = desk::openOffer)
                Button("Suspend") { desk.rule(Ruling.SUSPENDED) }
                Button("Make valid") { desk.rule(Ruling.VALID) }
            }
            desk.note?.let { Line(it) }
        }
        Part("Language") {
            Buttons {
                for (language in Language.entries) {
                    Button(language.ownName, desk.language == language) { desk.language = language }
                }
            }
        }
        Part("Look") {
            Buttons {
                Button("Light", !desk.dark) { desk.dark = false }
                Button("Dark", desk.dark) { desk.dark = true }
            }
            Buttons {
                for (percent in listOf(100, 150, 200)) {
                    Button("$percent %", desk.textSize == percent / 100f) { desk.textSize = percent / 100f }
                }
            }
        }
    }
}

@Composable
private fun Part(
    title: String,
    content: @Composable () -> Unit,
) {
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        BasicText(title, style = TextStyle(Tint.PLAIN.color, 16.sp, FontWeight.Bold))
        content()
    }
}

@Composable
private fun Line(
    text: String,
    tint: Tint = Tint.FAINT,
) {
    BasicText(text, style = TextStyle(tint.color, 13.sp, lineHeight = 18.sp))
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Buttons(content: @Composable () -> Unit) {
    FlowRow(
        horizontalArrangement = Arrangement.spacedBy(8.dp),
        verticalArrangement = Arrangement.spacedBy(8.dp),
    ) { content() }
}

@Composable
private fun Button(
    text: String,
    chosen: Boolean = false,
    action: () -> Unit,
) {
    val shape = RoundedCornerShape(8.dp)
    BasicText(
        text,
        Modifier
            .clip(shape)
            .background(if (chosen) CHOSEN else BUTTON)
            .border(1.dp, Color(0x33FFFFFF), shape)
            .clickable(role = Role.Button, onClick = action)
            .padding(horizontal = 12.dp, vertical = 8.dp),
        TextStyle(Tint.PLAIN.color, 14.sp),
    )
}

private val Language.ownName: String
    get() =
        when (this) {
            Language.ENGLISH -> "English"
            Language.CHINESE -> "中文"
            Language.ARABIC -> "العربية"
            Language.BENGALI -> "বাংলা"
            Language.SPANISH -> "Español"
        }
