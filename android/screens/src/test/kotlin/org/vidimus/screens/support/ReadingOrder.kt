package org.vidimus.screens.support

import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.toSize

/**
 * In which order a window is read: by a screen reader, which sorts what is in sight by its place,
 * and by the keyboard, which follows the tree.
 *
 * The bar comes first, then what scrolls, then the foot; in each of them what is below comes later,
 * and what is beside comes later in the direction of the language.
 *
 * @param window its semantics, merged as a screen reader has them
 */
internal class ReadingOrder(
    private val window: SemanticsNode,
    direction: LayoutDirection,
) {
    private val leftToRight = direction == LayoutDirection.Ltr
    private val all = window.subtree()
    private val scroll = all.firstOrNull { SemanticsProperties.VerticalScrollAxisRange in it.config }
    private val scrolled = scroll?.subtree()?.mapTo(HashSet()) { it.id }.orEmpty()

    fun problems(): List<String> {
        val heard = sorted().filter { it.isHeard }
        val tree = all.filter { it.isHeard }
        return title(heard) + order("heard", heard) + order("in the tree", tree)
    }

    /** As Compose for Android sorts it, by the function that it sorts it with. */
    @Suppress("UNCHECKED_CAST")
    private fun sorted(): List<SemanticsNode> {
        val isVisible = { node: SemanticsNode -> node.boundsInRoot.let { it.width > 0 && it.height > 0 } }
        val isFocused = { node: SemanticsNode -> node.isHeard }
        return SORT.invoke(null, window, isVisible, isFocused, listOf(window)) as List<SemanticsNode>
    }

    /** A screen says first what it is. */
    private fun title(heard: List<SemanticsNode>): List<String> {
        val heading = heard.firstOrNull { SemanticsProperties.Heading in it.config } ?: return emptyList()
        val first = heard.first { partOf(it) == partOf(heading) && SemanticsActions.OnClick !in it.config }
        return if (first.id == heading.id) emptyList() else listOf("${first.said} is heard before the title")
    }

    private fun order(
        how: String,
        nodes: List<SemanticsNode>,
    ): List<String> =
        nodes.zipWithNext().mapNotNull { (one, next) ->
            val (before, after) = partOf(one) to partOf(next)
            val isRight = if (before == after) next.place.comesAfter(one.place) else before < after
            if (isRight) null else "${next.said} is $how after ${one.said}"
        }

    private fun Rect.comesAfter(before: Rect): Boolean {
        val shared = minOf(bottom, before.bottom) - maxOf(top, before.top)
        val inOneRow = shared > minOf(height, before.height) / 2
        return when {
            inOneRow && left >= before.right - 1 -> leftToRight
            inOneRow && right <= before.left + 1 -> !leftToRight
            else -> top >= before.top - 1
        }
    }

    private fun partOf(node: SemanticsNode): Part =
        when {
            scroll == null || node.id in scrolled -> Part.CONTENT
            node.place.top < scroll.place.top -> Part.BAR
            else -> Part.FOOT
        }

    private enum class Part { BAR, CONTENT, FOOT }

    private companion object {
        val SORT =
            Class
                .forName("androidx.compose.ui.semantics.SemanticsSortKt")
                .getMethod(
                    "subtreeSortedByGeometryGrouping",
                    SemanticsNode::class.java,
                    Function1::class.java,
                    Function1::class.java,
                    List::class.java,
                )

        val SemanticsNode.place: Rect get() = Rect(positionInRoot, size.toSize())

        val SemanticsNode.isHeard: Boolean
            get() =
                SemanticsProperties.Text in config ||
                    SemanticsProperties.ContentDescription in config ||
                    SemanticsProperties.EditableText in config ||
                    SemanticsActions.OnClick in config

        val SemanticsNode.said: String
            get() {
                val spoken = if (SemanticsProperties.ContentDescription in config) config[SemanticsProperties.ContentDescription] else emptyList()
                val texts = if (SemanticsProperties.Text in config) config[SemanticsProperties.Text].map { it.text } else emptyList()
                return "\"${(spoken + texts).joinToString()}\" at $place"
            }

        fun SemanticsNode.subtree(): List<SemanticsNode> = listOf(this) + children.flatMap { it.subtree() }
    }
}
