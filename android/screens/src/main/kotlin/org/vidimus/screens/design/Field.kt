package org.vidimus.screens.design

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.interaction.MutableInteractionSource
import androidx.compose.foundation.interaction.collectIsFocusedAsState
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.text.BasicTextField
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.SideEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.autofill.ContentType
import androidx.compose.ui.draw.alpha
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.contentType
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextRange
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.input.TextFieldValue
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import org.vidimus.screens.design.Type.of
import org.vidimus.app.Field as Heard

/**
 * A field for what no one has by heart: links, codes, digits, always from left to right.
 *
 * What is typed is seen at once. Each typing has a number, and once the app has heard the newest,
 * its text counts.
 *
 * @param next gives the number of a typing after this one
 * @param onType is told all of the text, and its number
 * @param kind what the system may fill in, as a code from a message
 * @param boxes how many characters there must be: each gets a box of its own, where they fit
 */
@Composable
internal fun Field(
    label: String,
    heard: Heard,
    next: (ULong) -> ULong,
    onType: (String, ULong) -> Unit,
    onDone: () -> Unit,
    modifier: Modifier = Modifier,
    style: TextStyle = Type.body,
    digits: Boolean = false,
    enabled: Boolean = true,
    kind: ContentType? = null,
    boxes: Int? = null,
) {
    val palette = Look.palette
    val source = remember { MutableInteractionSource() }
    val isFocused by source.collectIsFocusedAsState()
    val typed = remember { Typed(heard) }
    SideEffect { typed.heard = heard }
    Column(modifier, Arrangement.spacedBy(Space.hair)) {
        // The field itself says its name.
        Box(Modifier.clearAndSetSemantics {}) { Text(label, style = Type.label, color = palette.soft) }
        BasicTextField(
            typed.shown(heard),
            { typed.change(it, next, onType) },
            Modifier.fillMaxWidth().semantics {
                contentDescription = label
                kind?.let { contentType = it }
            },
            enabled,
            textStyle = style.of(Look.texts).copy(color = palette.ink, textDirection = TextDirection.Ltr),
            keyboardOptions =
                KeyboardOptions(
                    capitalization = KeyboardCapitalization.None,
                    autoCorrectEnabled = false,
                    keyboardType = if (digits) KeyboardType.Number else KeyboardType.Ascii,
                    imeAction = ImeAction.Done,
                ),
            keyboardActions = KeyboardActions(onDone = { onDone() }),
            singleLine = true,
            interactionSource = source,
            cursorBrush = SolidColor(palette.accent),
            // The frame belongs to the field: a finger on it meets the field.
            decorationBox = { inner ->
                if (boxes != null && boxes in 1..MOST_BOXES) {
                    Boxes(typed.shown(heard).text, boxes, isFocused, style, inner)
                } else {
                    Frame(isFocused, inner)
                }
            },
        )
    }
}

@Composable
private fun Frame(
    isFocused: Boolean,
    content: @Composable () -> Unit,
) {
    val palette = Look.palette
    val color = if (isFocused) palette.accent else palette.outline
    Box(
        Modifier
            .fillMaxWidth()
            .defaultMinSize(minHeight = 52.dp)
            .background(palette.surface, Shapes.control)
            .border(if (isFocused) 3.dp else 1.5.dp, color, Shapes.control)
            .padding(horizontal = Space.large, vertical = Space.medium),
        Alignment.CenterStart,
    ) { content() }
}

/**
 * A box for each character. What is typed in lies below them, unseen, for the keyboard and the
 * reader of the screen.
 */
@Composable
private fun Boxes(
    text: String,
    count: Int,
    isFocused: Boolean,
    style: TextStyle,
    inner: @Composable () -> Unit,
) {
    val palette = Look.palette
    val line = with(LocalDensity.current) { style.lineHeight.toDp() }
    Box(Modifier.fillMaxWidth(), Alignment.CenterStart) {
        Box(Modifier.alpha(0f)) { inner() }
        CompositionLocalProvider(LocalLayoutDirection provides LayoutDirection.Ltr) {
            Row(Modifier.fillMaxWidth().clearAndSetSemantics {}, Arrangement.spacedBy(Space.hair)) {
                repeat(count) { at ->
                    val isNext = isFocused && at == text.length.coerceAtMost(count - 1)
                    Box(
                        Modifier
                            .weight(1f)
                            .defaultMinSize(minHeight = maxOf(56.dp, line + Space.large))
                            .background(palette.surface, Shapes.badge)
                            .border(
                                if (isNext) 3.dp else 1.5.dp,
                                if (isNext) palette.accent else palette.outline,
                                Shapes.badge,
                            ).padding(vertical = Space.small),
                        Alignment.Center,
                    ) { text.getOrNull(at)?.let { Code("$it", style = style.copy(letterSpacing = 0.sp)) } }
                }
            }
        }
    }
}

/** More boxes than these have no room on a small phone. */
private const val MOST_BOXES = 8

/** What is in a field: what was typed there, until the app has heard it. */
private class Typed(
    /** What the app says of the field, as it was drawn last. */
    var heard: Heard,
) {
    private var own by mutableStateOf(Own(heard.text.atItsEnd(), heard.edit))

    fun shown(heard: Heard): TextFieldValue = if (heard.edit < own.number) own.value else own.value.with(heard.text)

    fun change(
        to: TextFieldValue,
        next: (ULong) -> ULong,
        onType: (String, ULong) -> Unit,
    ) {
        // A second key may come before the first one was drawn: what stands here counts, and not
        // what is drawn.
        val isOther = to.text != shown(heard).text
        val number = if (isOther) next(heard.edit) else own.number
        own = Own(to, number)
        if (isOther) onType(to.text, number)
    }

    override fun toString(): String = "Typed(…)"

    /** A text with the number of its typing. */
    private class Own(
        val value: TextFieldValue,
        val number: ULong,
    )
}

private fun String.atItsEnd() = TextFieldValue(this, TextRange(length))

/** The same with another text. What stands behind the cursor still does. */
private fun TextFieldValue.with(other: String): TextFieldValue {
    if (text == other) return this
    val behind = text.length - selection.end
    return TextFieldValue(other, TextRange((other.length - behind).coerceAtLeast(0)))
}
