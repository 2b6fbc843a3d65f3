package org.vidimus.screens.design

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp

/** What is most likely wanted here: one on a screen. */
@Composable
internal fun MainButton(
    text: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    glyph: Glyph? = null,
    enabled: Boolean = true,
) {
    val palette = Look.palette
    val ink = if (enabled) palette.onAccent else palette.onIdle
    Row(
        modifier
            .fillMaxWidth()
            .defaultMinSize(minHeight = 56.dp)
            .pressing(Shapes.control, palette.onAccent, enabled, onClick = onClick)
            .background(if (enabled) palette.accent else palette.idle)
            .then(if (enabled) Modifier else Modifier.border(1.5.dp, palette.outline, Shapes.control))
            .padding(horizontal = Space.large, vertical = Space.medium),
        Arrangement.spacedBy(Space.medium, Alignment.CenterHorizontally),
        Alignment.CenterVertically,
    ) {
        if (glyph != null) Picture(glyph, ink)
        Text(text, Modifier.weight(1f, fill = false), Type.strong, ink, centered = true)
    }
}

/** What may be wanted as well. */
@Composable
internal fun SideButton(
    text: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    glyph: Glyph? = null,
    enabled: Boolean = true,
    color: Color = Look.palette.accent,
) {
    val ink = if (enabled) color else Look.palette.onIdle
    Row(
        modifier
            .fillMaxWidth()
            .defaultMinSize(minHeight = 52.dp)
            .pressing(Shapes.control, color, enabled, onClick = onClick)
            .then(
                if (enabled) Modifier.border(1.5.dp, color, Shapes.control) else Modifier.background(Look.palette.idle),
            ).padding(horizontal = Space.large, vertical = Space.medium),
        Arrangement.spacedBy(Space.medium, Alignment.CenterHorizontally),
        Alignment.CenterVertically,
    ) {
        if (glyph != null) Picture(glyph, ink)
        Text(text, Modifier.weight(1f, fill = false), Type.strong, ink, centered = true)
    }
}

/** A word that does something, in a line with others. */
@Composable
internal fun WordButton(
    text: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    glyph: Glyph? = null,
    color: Color = Look.palette.accent,
    enabled: Boolean = true,
) {
    val ink = if (enabled) color else Look.palette.soft
    Row(
        modifier
            .defaultMinSize(Space.target, Space.target)
            .pressing(Shapes.control, color, enabled, onClick = onClick)
            .padding(Space.small),
        Arrangement.spacedBy(Space.small, Alignment.CenterHorizontally),
        Alignment.CenterVertically,
    ) {
        if (glyph != null) Picture(glyph, ink)
        Text(text, Modifier.weight(1f, fill = false), Type.strong, ink)
    }
}

/** A picture that does something. Its [name] is spoken. */
@Composable
internal fun GlyphButton(
    glyph: Glyph,
    name: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    enabled: Boolean = true,
) {
    val palette = Look.palette
    Box(
        modifier
            .size(Space.target)
            .pressing(CircleShape, palette.accent, enabled, onClick = onClick)
            .semantics { contentDescription = name },
        Alignment.Center,
    ) {
        Picture(glyph, if (enabled) palette.accent else palette.outline)
    }
}
