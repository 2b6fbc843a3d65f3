package org.vidimus.screens.design

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.isTraversalGroup
import androidx.compose.ui.semantics.paneTitle
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import org.vidimus.shell.Word

/**
 * A screen: a bar that stays, what scrolls, and what stays below. A screen reader says its [name]
 * when it comes.
 *
 * @param pulled is called when a finger has pulled down what is at its upper end
 */
@Composable
internal fun Page(
    name: String,
    bar: @Composable () -> Unit,
    foot: (@Composable () -> Unit)? = null,
    margin: Dp = Space.large,
    pulled: (() -> Unit)? = null,
    content: @Composable ColumnScope.() -> Unit,
) {
    Column(
        Modifier
            .fillMaxSize()
            .background(Look.palette.background)
            .windowInsetsPadding(WindowInsets.safeDrawing)
            .semantics { paneTitle = name },
        horizontalAlignment = Alignment.CenterHorizontally,
    ) {
        bar()
        val scroll = Modifier.verticalScroll(rememberScrollState())
        Box(Modifier.weight(1f).fillMaxWidth().pulling(pulled).then(scroll), Alignment.TopCenter) {
            Column(
                Modifier.widthIn(max = Space.widest).fillMaxWidth().padding(margin, 0.dp, margin, Space.huge),
                Arrangement.spacedBy(Space.large),
                content = content,
            )
        }
        if (foot != null) {
            Spacer(Modifier.fillMaxWidth().height(1.dp).background(Look.palette.line))
            Box(Modifier.widthIn(max = Space.widest).padding(Space.large, Space.medium)) { foot() }
        }
    }
}

/** The upper edge: the way back, what this is, and what else can be reached. */
@Composable
internal fun Bar(
    onBack: (() -> Unit)?,
    title: String? = null,
    actions: @Composable RowScope.() -> Unit = {},
) {
    Row(
        Modifier
            .fillMaxWidth()
            .heightIn(min = 56.dp)
            .padding(horizontal = Space.hair)
            .semantics { isTraversalGroup = true },
        verticalAlignment = Alignment.CenterVertically,
    ) {
        if (onBack != null) GlyphButton(Glyph.BACK, say(Word.COMMON_BACK), onBack)
        Box(Modifier.weight(1f).padding(horizontal = Space.medium)) { if (title != null) Title(title) }
        actions()
    }
}

/** A panel: a ground of its color behind what belongs together. */
@Composable
internal fun Panel(
    modifier: Modifier = Modifier,
    content: @Composable ColumnScope.() -> Unit,
) {
    val palette = Look.palette
    Column(
        modifier
            .fillMaxWidth()
            .background(palette.surface, Shapes.panel)
            .border(1.dp, palette.line, Shapes.panel)
            .padding(Space.large),
        Arrangement.spacedBy(Space.medium),
        content = content,
    )
}

/** A fine line between what is in one panel. */
@Composable
internal fun Hairline() {
    Spacer(Modifier.fillMaxWidth().height(1.dp).background(Look.palette.line))
}
