package org.vidimus.screens.design

import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.runtime.Composable
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.intl.LocaleList
import androidx.compose.ui.text.style.LineHeightStyle
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import org.vidimus.app.Value
import org.vidimus.app.Words
import org.vidimus.screens.Host
import org.vidimus.shell.Texts
import org.vidimus.shell.Word

internal val LocalPalette = staticCompositionLocalOf { Palette.LIGHT }
internal val LocalTexts = staticCompositionLocalOf<Texts> { error("no texts") }
internal val LocalHost = staticCompositionLocalOf<Host> { error("no host") }

/** What the screens have in common. */
internal object Look {
    val palette: Palette
        @Composable @ReadOnlyComposable
        get() = LocalPalette.current

    val texts: Texts
        @Composable @ReadOnlyComposable
        get() = LocalTexts.current

    val host: Host
        @Composable @ReadOnlyComposable
        get() = LocalHost.current

    /** Whether text is so large that what else stands beside each other stands below each other. */
    val isStacked: Boolean
        @Composable @ReadOnlyComposable
        get() = LocalDensity.current.fontScale >= STACKED

    /**
     * The side of a small picture beside a word: it grows with the text, so far as there is room.
     */
    val glyph: Dp
        @Composable @ReadOnlyComposable
        get() = 24.dp * LocalDensity.current.fontScale.coerceIn(1f, LARGEST)

    private const val STACKED = 1.4f
    private const val LARGEST = 1.5f
}

/** The words in the driver's language. */
@Composable
@ReadOnlyComposable
internal fun say(
    word: Word,
    vararg arguments: String,
): String = LocalTexts.current.get(word, *arguments)

/** What the app says, in the driver's language. */
@Composable
@ReadOnlyComposable
internal fun say(words: Words): String = LocalTexts.current.say(words, LocalHost.current.zone)

/** A value as the driver's language writes it. */
@Composable
@ReadOnlyComposable
internal fun say(value: Value): String = LocalTexts.current.say(value, LocalHost.current.zone)

/** The distances between things, from the smallest to the largest. */
internal object Space {
    val hair = 4.dp
    val small = 8.dp
    val medium = 12.dp
    val large = 16.dp
    val huge = 24.dp

    /** The least side of what a finger must meet. */
    val target = 48.dp

    /** Lines longer than this are hard to read. */
    val widest = 560.dp
}

internal object Shapes {
    val control = RoundedCornerShape(14.dp)
    val panel = RoundedCornerShape(18.dp)
    val card = RoundedCornerShape(22.dp)
    val portrait = RoundedCornerShape(12.dp)
    val badge = RoundedCornerShape(8.dp)
}

/** The sizes of text. Line heights leave room for Arabic and Bengali. */
internal object Type {
    /**
     * The whole line height, also above the first line and below the last: Bengali needs it there.
     */
    private val even = LineHeightStyle(LineHeightStyle.Alignment.Center, LineHeightStyle.Trim.None)

    /** A state that is seen from two meters. */
    val state = TextStyle(fontSize = 34.sp, lineHeight = 44.sp, fontWeight = FontWeight.Bold)

    /** The same on a narrow phone, and on a card. */
    val stateSmall = TextStyle(fontSize = 24.sp, lineHeight = 32.sp, fontWeight = FontWeight.Bold)
    val title = TextStyle(fontSize = 26.sp, lineHeight = 36.sp, fontWeight = FontWeight.Bold)
    val heading = TextStyle(fontSize = 19.sp, lineHeight = 27.sp, fontWeight = FontWeight.Bold)
    val strong = TextStyle(fontSize = 16.sp, lineHeight = 24.sp, fontWeight = FontWeight.Bold)
    val body = TextStyle(fontSize = 16.sp, lineHeight = 24.sp)
    val label = TextStyle(fontSize = 13.sp, lineHeight = 19.sp)
    val digits = TextStyle(fontSize = 24.sp, lineHeight = 34.sp, fontWeight = FontWeight.Bold, letterSpacing = 2.sp)

    /** In a language's own shapes of letters: Chinese and Japanese share code points. */
    fun TextStyle.of(texts: Texts): TextStyle =
        copy(localeList = LocaleList(texts.language.tag), lineHeightStyle = even)
}
