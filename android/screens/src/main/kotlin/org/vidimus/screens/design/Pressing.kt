package org.vidimus.screens.design

import androidx.compose.foundation.IndicationNodeFactory
import androidx.compose.foundation.clickable
import androidx.compose.foundation.interaction.FocusInteraction
import androidx.compose.foundation.interaction.HoverInteraction
import androidx.compose.foundation.interaction.InteractionSource
import androidx.compose.foundation.interaction.PressInteraction
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Shape
import androidx.compose.ui.graphics.drawscope.ContentDrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.node.DelegatableNode
import androidx.compose.ui.node.DrawModifierNode
import androidx.compose.ui.node.invalidateDraw
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import kotlinx.coroutines.launch

/** A control of this shape that shows where the finger, the pointer and the keyboard are. */
internal fun Modifier.pressing(
    shape: Shape,
    color: Color,
    enabled: Boolean = true,
    role: Role = Role.Button,
    onClick: () -> Unit,
): Modifier = clip(shape).clickable(null, Pressing(color), enabled, null, role, onClick)

/** A veil of [color] while pressed or pointed at, and a frame of it while the keyboard is there. */
private data class Pressing(
    private val color: Color,
) : IndicationNodeFactory {
    override fun create(interactionSource: InteractionSource): DelegatableNode = Veil(color, interactionSource)
}

private class Veil(
    private val color: Color,
    private val source: InteractionSource,
) : Modifier.Node(),
    DrawModifierNode {
    private var pressed = 0
    private var hovered = 0
    private var focused = 0

    override fun onAttach() {
        coroutineScope.launch {
            source.interactions.collect { interaction ->
                when (interaction) {
                    is PressInteraction.Press -> pressed++
                    is PressInteraction.Release, is PressInteraction.Cancel -> pressed--
                    is HoverInteraction.Enter -> hovered++
                    is HoverInteraction.Exit -> hovered--
                    is FocusInteraction.Focus -> focused++
                    is FocusInteraction.Unfocus -> focused--
                }
                invalidateDraw()
            }
        }
    }

    override fun ContentDrawScope.draw() {
        drawContent()
        if (pressed > 0) {
            drawRect(color, alpha = PRESSED)
        } else if (hovered > 0) {
            drawRect(color, alpha = HOVERED)
        }
        if (focused > 0) {
            val width = FRAME.toPx()
            drawRoundRect(color, cornerRadius = CornerRadius(CORNER.toPx()), style = Stroke(width * 2))
        }
    }

    private companion object {
        const val PRESSED = 0.16f
        const val HOVERED = 0.07f
        val FRAME = 3.dp
        val CORNER = 14.dp
    }
}
