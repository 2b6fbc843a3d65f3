package org.vidimus.screens

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import org.vidimus.app.CategoryRow
import org.vidimus.app.Condition
import org.vidimus.app.Holder
import org.vidimus.app.Value
import org.vidimus.app.Words
import org.vidimus.screens.design.Code
import org.vidimus.screens.design.Hairline
import org.vidimus.screens.design.Heading
import org.vidimus.screens.design.Labelled
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.Panel
import org.vidimus.screens.design.Shapes
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.say
import org.vidimus.shell.Word

/** What may be driven, and the dates of the license. */
@Composable
internal fun Details(holder: Holder) {
    Composed("details")
    Panel {
        Heading(say(Word.LICENSE_CATEGORIES))
        for ((index, category) in holder.categories.withIndex()) {
            if (index > 0) Hairline()
            Category(category)
        }
    }
    Panel {
        val issued = say(Value.Day(holder.issued))
        val expires = say(holder.expires)
        Day(Word.LICENSE_BIRTH_DATE, say(holder.born))
        if (Look.isStacked) {
            Day(Word.LICENSE_ISSUED, issued)
            Day(Word.LICENSE_EXPIRES, expires)
        } else {
            Row(Modifier, Arrangement.spacedBy(Space.large)) {
                Day(Word.LICENSE_ISSUED, issued, Modifier.weight(1f))
                Day(Word.LICENSE_EXPIRES, expires, Modifier.weight(1f))
            }
        }
    }
}

@Composable
private fun Day(
    label: Word,
    day: String,
    modifier: Modifier = Modifier,
) {
    Labelled(say(label), modifier) { Text(day, style = Type.strong) }
}

@Composable
private fun Category(category: CategoryRow) {
    Row(
        Modifier.semantics(mergeDescendants = true) {},
        Arrangement.spacedBy(Space.medium),
        Alignment.CenterVertically,
    ) {
        Box(
            Modifier
                .widthIn(min = 52.dp)
                .background(Look.palette.accent, Shapes.badge)
                .padding(Space.small, Space.hair),
            Alignment.Center,
        ) {
            Code(category.code, style = Type.strong, color = Look.palette.onAccent)
        }
        Column(Modifier.weight(1f)) {
            category.meaning?.let { Text(say(it), style = Type.strong) }
            category.from?.let { Text(say(it)) }
            category.until?.let { Text(say(it)) }
            category.coded?.let { Text(say(it), style = Type.label, color = Look.palette.soft) }
            for (condition in category.conditions) Restriction(condition)
        }
    }
}

/** A restriction in words, with its code as it stands on the license. */
@Composable
private fun Restriction(condition: Condition) {
    val meaning = condition.meaning ?: return
    Row(Modifier, Arrangement.spacedBy(Space.small)) {
        Code(condition.code, style = Type.label, color = Look.palette.soft)
        Text(say(meaning), Modifier.weight(1f), Type.label, Look.palette.soft)
    }
}

/** The codes of the restrictions that have no words, in one line; `null` where there is none. */
internal val CategoryRow.coded: Words?
    get() =
        conditions
            .filter { it.meaning == null }
            .map { it.code }
            .ifEmpty { null }
            ?.let { Words(Word.LICENSE_CATEGORY_RESTRICTIONS.key, listOf(Value.Several(it))) }
