package org.vidimus.screens.design

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.interaction.MutableInteractionSource
import androidx.compose.foundation.interaction.collectIsFocusedAsState
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.text.BasicTextField
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.runtime.withFrameNanos
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextRange
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.input.TextFieldValue
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.dp
import org.vidimus.screens.design.Type.of

/**
 * A field for what nobody has by heart: links, codes, digits, always from left to right.
 *
 * The text is the state's. What is typed is seen at once, and what the state makes of it a moment later.
 */
@Composable
internal fun Field(
    label: String,
    text: String,
    onChange: (String) -> Unit,
    onDone: () -> Unit,
    modifier: Modifier = Modifier,
    style: TextStyle = Type.body,
    digits: Boolean = false,
    enabled: Boolean = true,
) {
    val palette = Look.palette
    val source = remember { MutableInteractionSource() }
    val isFocused by source.collectIsFocusedAsState()
    val typed = rememberTyped(text)
    Column(modifier, Arrangement.spacedBy(Space.hair)) {
        // The field itself says its name.
        Box(Modifier.clearAndSetSemantics {}) { Text(label, style = Type.label, color = palette.soft) }
        BasicTextField(
            typed.value,
            { typed.change(it, onChange) },
            Modifier.fillMaxWidth().semantics { contentDescription = label },
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
            decorationBox = { Frame(isFocused, it) },
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

@Composable
private fun rememberTyped(text: String): Typed {
    val typed = remember { Typed(text) }
    LaunchedEffect(text, typed.changes) {
        // The state has two frames to take what was typed; then its word is the last.
        repeat(2) { withFrameNanos {} }
        if (typed.value.text != text) typed.value = TextFieldValue(text, TextRange(text.length))
    }
    return typed
}

private class Typed(
    text: String,
) {
    var value by mutableStateOf(TextFieldValue(text, TextRange(text.length)))
    var changes by mutableIntStateOf(0)

    fun change(
        to: TextFieldValue,
        onChange: (String) -> Unit,
    ) {
        val isOther = to.text != value.text
        value = to
        if (isOther) {
            changes++
            onChange(to.text)
        }
    }

    override fun toString(): String = "Typed(…)"
}
