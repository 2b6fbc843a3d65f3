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
import androidx.compose.runtime.SideEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
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
import org.vidimus.app.Action
import org.vidimus.screens.design.Type.of
import org.vidimus.shell.Driver
import org.vidimus.app.Field as Heard

/**
 * A field for what no one has by heart: links, codes, digits, always from left to right.
 *
 * What is typed is seen at once. Each typing has a number, and once the app has heard the newest,
 * its text counts.
 *
 * @param onType is told all of the text, and its number
 */
@Composable
internal fun Field(
    label: String,
    heard: Heard,
    driver: Driver,
    onType: (String, ULong) -> Action,
    onDone: () -> Unit,
    modifier: Modifier = Modifier,
    style: TextStyle = Type.body,
    digits: Boolean = false,
    enabled: Boolean = true,
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
            { typed.change(it, driver, onType) },
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

/** What is in a field: what was typed there, until the app has heard it. */
private class Typed(
    /** What the app says of the field, as it was drawn last. */
    var heard: Heard,
) {
    private var own by mutableStateOf(Own(heard.text.atItsEnd(), heard.edit))

    fun shown(heard: Heard): TextFieldValue = if (heard.edit < own.number) own.value else own.value.with(heard.text)

    fun change(
        to: TextFieldValue,
        driver: Driver,
        onType: (String, ULong) -> Action,
    ) {
        // A second key may come before the first one was drawn: what stands here counts, and not
        // what is drawn.
        val isOther = to.text != shown(heard).text
        val number = if (isOther) driver.nextEdit(heard.edit) else own.number
        own = Own(to, number)
        if (isOther) driver.send(onType(to.text, number))
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
