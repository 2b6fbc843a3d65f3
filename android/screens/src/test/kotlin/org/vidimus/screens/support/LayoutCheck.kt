package org.vidimus.screens.support

import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.layout.LayoutCoordinates
import androidx.compose.ui.layout.LayoutInfo
import androidx.compose.ui.layout.positionInRoot
import androidx.compose.ui.semantics.ScrollAxisRange
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.text.TextLayoutResult
import androidx.compose.ui.unit.toSize
import org.vidimus.screens.design.ShapeName
import kotlin.math.roundToInt

/**
 * What is wrong with a layout, told from its semantics tree, nothing merged and nothing replaced
 * left out.
 *
 * Everything is measured unclipped: what an ancestor cuts off is still where it is.
 */
internal class LayoutCheck(
    private val window: SemanticsNode,
) {
    private val frame = window.bounds
    private val found = mutableListOf<Leaf>()
    private val words = mutableSetOf<String>()
    private val problems = mutableListOf<String>()
    private val density = window.layoutInfo.density.density
    private val places = HashMap<LayoutInfo, Rect>()

    /** The texts, controls and pictures, in the order of the tree. */
    val leaves: List<Leaf> get() = found

    /** The height of what scrolls, or of the window: what a changed layout changes first. */
    var height = 0
        private set

    init {
        walk(window, emptyList(), null)
    }

    /** All that is wrong; [expected] must stand or be spoken somewhere. */
    fun problems(expected: List<String>): List<String> {
        for (leaf in found) {
            place(leaf)
            if (leaf.isControl) control(leaf)
            if (leaf.isText) text(leaf)
        }
        for (text in expected) if (text !in words) problems += "missing: $text"
        overlaps()
        return problems
    }

    /** Each part with its place, in steps that no rounding of a machine's reaches over. */
    fun tree(): List<String> = found.map { "${it.kind} \"${it.name}\" ${it.bounds.inSteps()}" }

    private fun Rect.inSteps(): String = listOf(left, top, width, height).joinToString(" ") { "${(it / density / STEP).roundToInt() * STEP}" }

    private fun walk(
        node: SemanticsNode,
        path: List<SemanticsNode>,
        scroll: Scroll?,
    ) {
        val own = node.config
        words += own.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text }
        words += own.getOrNull(SemanticsProperties.ContentDescription).orEmpty()
        own.getOrNull(SemanticsProperties.EditableText)?.let { words += it.text }
        leafOf(node, path, scroll)?.let { found += it }
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
        val isPicture = SemanticsProperties.Role in own || ShapeName in own
        return if (isControl || isText || isPicture) Leaf(node, path, scroll, isControl, isText) else null
    }

    /** Inside the window, or inside what scrolls there; and inside all that it belongs to. */
    private fun place(leaf: Leaf) {
        val scroll = leaf.scroll
        val room = scroll?.content ?: frame
        if (!room.holds(leaf.bounds)) problems += "outside of ${if (scroll == null) "the window" else "what scrolls"}: $leaf"
        val control = leaf.path.lastOrNull { SemanticsActions.OnClick in it.config }
        if (control != null && !control.bounds.holds(leaf.bounds)) problems += "outside of its control: $leaf"
        if (leaf.bounds.width <= 0 || leaf.bounds.height <= 0) problems += "without a size: $leaf"
        if (scroll == null && !leaf.seen.holds(leaf.bounds)) problems += "cut off: $leaf"
        // What scrolls is cut off by its end and by nothing before.
        val around = leaf.placesUpTo((scroll?.node ?: window).layoutInfo).firstOrNull { !it.holds(leaf.bounds) }
        if (around != null) problems += "sticks out of $around: $leaf"
    }

    /** The room of each layout around a part, from the inside out, up to [last]. */
    private fun Leaf.placesUpTo(last: LayoutInfo): Sequence<Rect> =
        if (node.layoutInfo === last) {
            emptySequence()
        } else {
            generateSequence(node.layoutInfo.parentInfo) { if (it === last) null else it.parentInfo }
                .map { info -> places.getOrPut(info) { info.coordinates.place } }
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
        if (layout.multiParagraph.height > leaf.bounds.height + 1) problems += "is higher than its place: $leaf"
        // What is typed may be longer than its field: it moves in it, in one line.
        if (SemanticsProperties.EditableText in leaf.node.config) {
            if (layout.lineCount != 1) problems += "has ${layout.lineCount} lines in a field: $leaf"
            return
        }
        val end = layout.getLineEnd(layout.lineCount - 1)
        if (end < layout.layoutInput.text.length) problems += "ends after $end letters: $leaf"
        for (line in 0..<layout.lineCount) {
            val width = layout.getLineRight(line) - layout.getLineLeft(line)
            if (width > leaf.bounds.width + 1) problems += "line $line is wider than its place: $leaf"
        }
    }

    private fun overlaps() {
        for ((index, one) in found.withIndex()) {
            for (other in found.subList(index + 1, found.size)) {
                if (one.isAround(other) || other.isAround(one)) continue
                // What scrolls passes below what stays.
                val apart = one.scroll?.node?.id != other.scroll?.node?.id
                val (a, b) = if (apart) one.seen to other.seen else one.bounds to other.bounds
                val shared = a.intersect(b)
                if (shared.width > 1 && shared.height > 1) problems += "overlap: $one and $other"
            }
        }
    }

    class Leaf(
        val node: SemanticsNode,
        val path: List<SemanticsNode>,
        val scroll: Scroll?,
        val isControl: Boolean,
        val isText: Boolean,
    ) {
        /** What is drawn here without a word; `null` for all else. */
        val shape: String? = node.config.getOrNull(ShapeName)

        val name: String = nameOf(node).ifEmpty { shape.orEmpty() }

        val bounds: Rect = node.bounds

        /** What is left of [bounds] where others cut it off. */
        val seen: Rect = node.boundsInRoot

        val kind: String
            get() {
                val role = node.config.getOrNull(SemanticsProperties.Role)
                return when {
                    role != null -> "$role"
                    isControl -> "Field"
                    isText -> "Text"
                    else -> "Shape"
                }
            }

        private val around = path.mapTo(HashSet()) { it.id }

        fun isAround(other: Leaf): Boolean = node.id in other.around

        override fun toString(): String = "\"$name\" at $bounds"
    }

    class Scroll(
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

        /** In dp. */
        const val STEP = 4

        val SemanticsNode.bounds: Rect get() = Rect(positionInRoot, size.toSize())

        val LayoutCoordinates.place: Rect get() = Rect(positionInRoot(), size.toSize())

        fun Rect.holds(other: Rect): Boolean = other.left >= left - 1 && other.top >= top - 1 && other.right <= right + 1 && other.bottom <= bottom + 1

        /** What a screen reader calls it: what it says of itself, and then what is in it. */
        fun nameOf(node: SemanticsNode): String {
            val spoken = node.config.getOrNull(SemanticsProperties.ContentDescription).orEmpty()
            if (spoken.isNotEmpty()) return spoken.joinToString()
            val texts = node.config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text }
            return (texts + node.children.map(::nameOf).filter(String::isNotEmpty)).joinToString()
        }
    }
}
