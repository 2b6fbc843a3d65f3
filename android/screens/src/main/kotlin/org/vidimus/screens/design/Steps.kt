package org.vidimus.screens.design

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import org.vidimus.shell.Word

/** The steps of a way, and which of them it is: those that are done and the one now have a bar. */
@Composable
internal fun Steps(
    steps: List<Word>,
    current: Int,
) {
    val place = say(Word.LICENSE_OF, "${current + 1}", "${steps.size}")
    Row(
        Modifier.fillMaxWidth().semantics(mergeDescendants = true) { stateDescription = place },
        Arrangement.spacedBy(Space.small),
    ) {
        for ((index, step) in steps.withIndex()) {
            val palette = Look.palette
            Column(Modifier.weight(1f), Arrangement.spacedBy(Space.hair)) {
                Spacer(
                    Modifier
                        .fillMaxWidth()
                        .height(6.dp)
                        .background(if (index <= current) palette.accent else palette.line, CircleShape),
                )
                val style = if (index == current) Type.label.copy(fontWeight = FontWeight.Bold) else Type.label
                Text(say(step), style = style, color = if (index == current) palette.ink else palette.soft)
            }
        }
    }
}
