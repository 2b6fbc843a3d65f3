package org.vidimus.screens.design

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.text.BasicText
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextDirection
import org.vidimus.screens.design.Type.of

/** A text in the color of ink, unless another is said. */
@Composable
internal fun Text(
    text: String,
    modifier: Modifier = Modifier,
    style: TextStyle = Type.body,
    color: Color = Look.palette.ink,
    centered: Boolean = false,
) {
    val align = if (centered) TextAlign.Center else TextAlign.Start
    BasicText(text, modifier, style.of(Look.texts).copy(color = color, textAlign = align))
}

/** Numbers and codes as they stand on the license: from left to right in every language. */
@Composable
internal fun Code(
    text: String,
    modifier: Modifier = Modifier,
    style: TextStyle = Type.body,
    color: Color = Look.palette.ink,
) {
    BasicText(text, modifier, style.of(Look.texts).copy(color = color, textDirection = TextDirection.Ltr))
}

/** The name of a screen. */
@Composable
internal fun Title(
    text: String,
    modifier: Modifier = Modifier,
    centered: Boolean = false,
) {
    // Twice as large a title would leave no room for what it is the title of.
    val style = if (Look.isStacked) Type.heading else Type.title
    Text(text, modifier.semantics { heading() }, style, centered = centered)
}

/** The name of a part. */
@Composable
internal fun Heading(
    text: String,
    modifier: Modifier = Modifier,
): Unit = Text(text, modifier.semantics { heading() }, Type.heading)

/** A small name above what it names; a screen reader reads both at once. */
@Composable
internal fun Labelled(
    label: String,
    modifier: Modifier = Modifier,
    content: @Composable ColumnScope.() -> Unit,
) {
    Column(modifier.semantics(mergeDescendants = true) {}) {
        Text(label, style = Type.label, color = Look.palette.soft)
        content()
    }
}
