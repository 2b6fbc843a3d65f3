package org.vidimus.screens.support

import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.semantics.ScrollAxisRange
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.unit.toSize

/**
 * What is wrong with a layout, told from its semantics tree, nothing merged and nothing replaced left out.
 *
 * Everything is measured unclipped: what an ancestor cuts off is still where it is.
 */
internal class LayoutCheck(
    private val window: SemanticsNode,
) {
    private val frame = window.bounds
    private val leaves = mutableListOf<Leaf>()
    private val words = mutableSetOf<String>()
    private val problems = mutableListOf<String>()
    private val density = window.layoutInfo.density.density

    /** The height of what scrolls, or of the window: what a changed layout changes first. */
    var height = 0
        private set

    /** How many texts, controls and pictures there are. */
    val parts: Int get() = leaves.size

    /** All that is wrong; [expected] must stand or be spoken somewhere. */
    fun problems(expected: List<String>): List<String> {
        walk(window, emptyList(), null)
        for (text in expected) if (text !in words) problems += "missing: $text"
        overlaps()
        return problems
    }

    /** Where each part is. */
    fun bounds(): List<String> {
        walk(window, emptyList(), null)
        return leaves.map(Leaf::toString)
    }

    private fun walk(
        node: SemanticsNode,
        path: List<SemanticsNode>,
        scroll: Scroll?,
    ) {
        val own = node.config
        words += own.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text }
        words += own.getOrNull(SemanticsProperties.ContentDescription).orEmpty()
        own.getOrNull(SemanticsProperties.EditableText)?.let { words += it.text }
        val leaf = leafOf(node, path, scroll)
        if (leaf != null) {
            leaves += leaf
            place(leaf)
            if (leaf.isControl) control(leaf)
            if (leaf.isText) text(leaf)
        }
        val range = own.getOrNull(SemanticsProperties.VerticalScrollAxisRange)
        val inside = if (range == null) scroll else Scroll(node, range)
        if (inside != null) height = maxOf(height, (inside.bounds.height + inside.most).toInt())
        for (child in node.children) walk(child, path + node, inside)
    }

    private fun leafOf(
        node: SemanticsNode,
        path: List<SemanticsNode>,
        scroll: Scroll?,
    ): Leaf? {
        val own = node.config
        val isControl = SemanticsActions.OnClick in own || SemanticsActions.SetText in own
        val isText = SemanticsProperties.Text in own || SemanticsProperties.EditableText in own
        val isPicture = own.getOrNull(SemanticsProperties.Role) != null
        return if (isControl || isText || isPicture) Leaf(node, path, scroll, isControl, isText) else null
    }

    /** Inside the window, or inside what scrolls there; and inside what it belongs to. */
    private fun place(leaf: Leaf) {
        val scroll = leaf.scroll
        val room = scroll?.content ?: frame
        if (!room.holds(leaf.bounds)) problems += "outside of ${if (scroll == null) "the window" else "what scrolls"}: $leaf"
        val control = leaf.path.lastOrNull { SemanticsActions.OnClick in it.config }
        if (control != null && !control.bounds.holds(leaf.bounds)) problems += "outside of its control: $leaf"
        if (leaf.bounds.width <= 0 || leaf.bounds.height <= 0) problems += "without a size: $leaf"
        if (scroll == null && !leaf.node.boundsInRoot.holds(leaf.bounds)) problems += "cut off: $leaf"
    }

    private fun control(leaf: Leaf) {
        val least = TARGET * density
        if (leaf.bounds.width < least - 1 || leaf.bounds.height < least - 1) problems += "too small to meet: $leaf"
        if (nameOf(leaf.node).isBlank()) problems += "without a name: $leaf"
        val role = leaf.node.config.getOrNull(SemanticsProperties.Role)
        if (role == null && SemanticsProperties.EditableText !in leaf.node.config) problems += "without a role: $leaf"
    }

    private fun text(leaf: Leaf) {
        val results = mutableListOf<TextLayoutResult>()
        leaf.node.config.getOrNull(SemanticsActions.GetTextLayoutResult)?.action?.invoke(results)
        val layout = results.singleOrNull() ?: return Unit.also { problems += "without a layout: $leaf" }
        // What is typed may be longer than its field: it moves in it.
        if (SemanticsProperties.EditableText in leaf.node.config) return
        val end = layout.getLineEnd(layout.lineCount - 1)
        if (end < layout.layoutInput.text.length) problems += "ends after $end letters: $leaf"
        if (layout.multiParagraph.height > leaf.bounds.height + 1) problems += "is higher than its place: $leaf"
        for (line in 0..<layout.lineCount) {
            val width = layout.getLineRight(line) - layout.getLineLeft(line)
            if (width > leaf.bounds.width + 1) problems += "line $line is wider than its place: $leaf"
        }
    }

    private fun overlaps() {
        for ((index, one) in leaves.withIndex()) {
            for (other in leaves.subList(index + 1, leaves.size)) {
                if (one.isAround(other) || other.isAround(one)) continue
                // What scrolls passes below what stays.
                val apart = one.scroll?.node?.id != other.scroll?.node?.id
                val (a, b) = if (apart) one.node.boundsInRoot to other.node.boundsInRoot else one.bounds to other.bounds
                val shared = a.intersect(b)
                if (shared.width > 1 && shared.height > 1) problems += "overlap: $one and $other"
            }
        }
    }

    private class Leaf(
        val node: SemanticsNode,
        val path: List<SemanticsNode>,
        val scroll: Scroll?,
        val isControl: Boolean,
        val isText: Boolean,
    ) {
        val bounds = node.bounds

        fun isAround(other: Leaf): Boolean = other.path.any { it.id == node.id }

        override fun toString(): String = "\"${nameOf(node)}\" at $bounds"
    }

    private class Scroll(
        val node: SemanticsNode,
        range: ScrollAxisRange,
    ) {
        val bounds = node.bounds
        val most = range.maxValue()

        /** Where what it holds may be. */
        val content = bounds.let { Rect(it.left, it.top - range.value(), it.right, it.bottom - range.value() + most) }
    }

    private companion object {
        const val TARGET = 48

        val SemanticsNode.bounds: Rect get() = Rect(positionInRoot, size.toSize())

        fun Rect.holds(other: Rect): Boolean = other.left >= left - 1 && other.top >= top - 1 && other.right <= right + 1 && other.bottom <= bottom + 1

        /** What a screen reader calls it: what it says of itself, and then what stands in it. */
        fun nameOf(node: SemanticsNode): String {
            val spoken = node.config.getOrNull(SemanticsProperties.ContentDescription).orEmpty()
            if (spoken.isNotEmpty()) return spoken.joinToString()
            val texts = node.config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text }
            return (texts + node.children.map(::nameOf).filter(String::isNotEmpty)).joinToString()
        }
    }
}
