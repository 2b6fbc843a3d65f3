package org.vidimus.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import org.vidimus.models.Actions
import org.vidimus.models.BlockedState
import org.vidimus.models.Trouble
import org.vidimus.models.Word
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
import org.vidimus.screens.design.title
import org.vidimus.screens.design.word

/** The wallet cannot be opened. */
@Composable
internal fun BlockedScreen(
    state: BlockedState,
    actions: Actions,
): Unit = TroubleScreen(state.trouble, state.working, actions, null)

/** A trouble that leaves no room for anything else. */
@Composable
internal fun TroubleScreen(
    trouble: Trouble,
    working: Boolean,
    actions: Actions,
    onBack: (() -> Unit)?,
) {
    val title = say(trouble.title)
    Page(title, { Bar(onBack) }) {
        if (Look.isStacked) {
            Column(Modifier, Arrangement.spacedBy(Space.medium)) {
                Mark(trouble.tone, side = 48.dp)
                Title(title)
            }
        } else {
            Row(Modifier, Arrangement.spacedBy(Space.large), Alignment.CenterVertically) {
                Mark(trouble.tone, side = 48.dp)
                Title(title, Modifier.weight(1f))
            }
        }
        Panel { Story(trouble) }
        if (working) Busy(say(Word.COMMON_LOADING))
        MainButton(say(trouble.action.word), { actions.act(trouble.action) }, enabled = !working)
    }
}
