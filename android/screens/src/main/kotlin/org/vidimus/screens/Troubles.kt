package org.vidimus.screens

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.collapse
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.expand
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import org.vidimus.app.Action
import org.vidimus.app.Story
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.Hairline
import org.vidimus.screens.design.Heading
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.Mark
import org.vidimus.screens.design.Picture
import org.vidimus.screens.design.Shapes
import org.vidimus.screens.design.SideButton
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.pressing
import org.vidimus.screens.design.say
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/**
 * What is wrong: the worst in a line, and how many more there are. It opens to what is behind all of
 * them.
 *
 * @param known what is said already right above; then the line says what happened instead
 */
@Composable
internal fun Banners(
    troubles: List<Story>,
    driver: Driver,
    known: String? = null,
) {
    val worst = troubles.firstOrNull() ?: return
    var isOpen by rememberSaveable(worst.trouble) { mutableStateOf(false) }
    val colors = Look.palette.tone(worst.sign.tone)
    Column(Modifier.fillMaxWidth().background(colors.ground, Shapes.control)) {
        Line(worst, troubles.size - 1, known, isOpen) { isOpen = it }
        if (isOpen) {
            Column(
                Modifier.padding(Space.large, 0.dp, Space.large, Space.large),
                Arrangement.spacedBy(Space.medium),
            ) {
                for ((index, story) in troubles.withIndex()) {
                    if (index > 0) Another(story)
                    Chapters(story)
                    SideButton(say(story.button), { driver.send(Action.Act(story.action)) }, color = colors.ink)
                }
            }
        }
    }
}

@Composable
private fun Line(
    worst: Story,
    more: Int,
    known: String?,
    isOpen: Boolean,
    open: (Boolean) -> Unit,
) {
    val colors = Look.palette.tone(worst.sign.tone)
    val title = say(worst.title)
    val text = if (title == known) say(worst.happened) else title
    Row(
        Modifier
            .fillMaxWidth()
            .defaultMinSize(minHeight = Space.target)
            .pressing(Shapes.control, colors.ink) { open(!isOpen) }
            .semantics {
                contentDescription = title
                if (isOpen) {
                    collapse {
                        open(false)
                        true
                    }
                } else {
                    expand {
                        open(true)
                        true
                    }
                }
            }.padding(Space.medium),
        Arrangement.spacedBy(Space.medium),
        Alignment.CenterVertically,
    ) {
        Mark(worst.sign)
        Column(Modifier.weight(1f)) {
            Text(text, style = Type.strong, color = colors.ink)
            if (more > 0) Text(say(Word.TROUBLE_MORE, "$more"), style = Type.label, color = colors.ink)
        }
        Picture(if (isOpen) Glyph.UP else Glyph.DOWN, colors.ink)
    }
}

/** What else is wrong: its own sign and title. */
@Composable
private fun Another(story: Story) {
    Hairline()
    Row(Modifier, Arrangement.spacedBy(Space.medium), Alignment.CenterVertically) {
        Mark(story.sign)
        Heading(say(story.title), Modifier.weight(1f))
    }
}

/** What happened, what still holds, what to do. */
@Composable
internal fun Chapters(story: Story) {
    Chapter(Word.TROUBLE_HAPPENED, say(story.happened))
    Chapter(Word.TROUBLE_HOLDS, say(story.holds))
    Chapter(Word.TROUBLE_DO, say(story.toDo))
}

@Composable
private fun Chapter(
    heading: Word,
    text: String,
) {
    Column(Modifier.semantics(mergeDescendants = true) {}, Arrangement.spacedBy(Space.hair)) {
        Text(say(heading), Modifier.semantics { heading() }, Type.label.copy(fontWeight = FontWeight.Bold))
        Text(text)
    }
}
