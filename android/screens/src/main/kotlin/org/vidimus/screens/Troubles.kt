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
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.collapse
import androidx.compose.ui.semantics.expand
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import org.vidimus.app.Action
import org.vidimus.app.Story
import org.vidimus.screens.design.Glyph
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

/** What is wrong, each in its own line. */
@Composable
internal fun Banners(
    troubles: List<Story>,
    driver: Driver,
) {
    for (story in troubles) {
        key(story.trouble) { Banner(story, driver) }
    }
}

/** A trouble in a line, which opens to what is behind it. */
@Composable
private fun Banner(
    story: Story,
    driver: Driver,
) {
    var isOpen by rememberSaveable { mutableStateOf(false) }
    val colors = Look.palette.tone(story.sign.tone)
    Column(Modifier.fillMaxWidth().background(colors.ground, Shapes.control)) {
        Row(
            Modifier
                .fillMaxWidth()
                .defaultMinSize(minHeight = Space.target)
                .pressing(Shapes.control, colors.ink) { isOpen = !isOpen }
                .semantics {
                    if (isOpen) {
                        collapse {
                            isOpen = false
                            true
                        }
                    } else {
                        expand {
                            isOpen = true
                            true
                        }
                    }
                }.padding(Space.medium),
            Arrangement.spacedBy(Space.medium),
            Alignment.CenterVertically,
        ) {
            Mark(story.sign)
            Text(say(story.title), Modifier.weight(1f), Type.strong, colors.ink)
            Picture(if (isOpen) Glyph.UP else Glyph.DOWN, colors.ink)
        }
        if (isOpen) {
            Column(
                Modifier.padding(Space.large, 0.dp, Space.large, Space.large),
                Arrangement.spacedBy(Space.medium),
            ) {
                Chapters(story)
                SideButton(say(story.button), { driver.send(Action.Act(story.action)) }, color = colors.ink)
            }
        }
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
