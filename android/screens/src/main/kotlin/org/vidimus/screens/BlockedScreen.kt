package org.vidimus.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.vidimus.app.Action
import org.vidimus.app.BlockedScreen
import org.vidimus.app.Story
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Busy
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.MainButton
import org.vidimus.screens.design.Mark
import org.vidimus.screens.design.Page
import org.vidimus.screens.design.Panel
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Title
import org.vidimus.screens.design.say
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/** The wallet cannot be opened. */
@Composable
internal fun BlockedScreen(
    state: BlockedScreen,
    driver: Driver,
) {
    val story = state.story
    TroubleScreen(story, null) {
        if (state.working) Busy(say(Word.COMMON_LOADING))
        MainButton(say(story.button), { driver.send(Action.Act(story.action)) }, enabled = !state.working)
    }
}

/** A trouble that leaves no room for anything else but its [button]. */
@Composable
internal fun TroubleScreen(
    story: Story,
    onBack: (() -> Unit)?,
    button: @Composable () -> Unit,
) {
    val title = say(story.title)
    Page(title, { Bar(onBack) }) {
        if (Look.isStacked) {
            Column(Modifier, Arrangement.spacedBy(Space.medium)) {
                Mark(story.sign, side = 48.dp)
                Title(title)
            }
        } else {
            Row(Modifier, Arrangement.spacedBy(Space.large), Alignment.CenterVertically) {
                Mark(story.sign, side = 48.dp)
                Title(title, Modifier.weight(1f))
            }
        }
        Panel { Chapters(story) }
        button()
    }
}
