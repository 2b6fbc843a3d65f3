package org.vidimus.screens.support

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.requiredSize
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Brush
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.asSkiaBitmap
import androidx.compose.ui.graphics.toComposeImageBitmap
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.DesktopComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.test.v2.runDesktopComposeUiTest
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import org.jetbrains.skia.EncodedImageFormat
import org.jetbrains.skia.Image
import org.vidimus.screens.Camera
import org.vidimus.screens.Host
import org.vidimus.shell.Language
import org.vidimus.shell.Notice
import org.vidimus.shell.Texts
import java.time.ZoneId
import java.time.ZoneOffset

/** How a sample is shown. */
internal data class Setting(
    val language: Language,
    val dark: Boolean = false,
    val size: Size = Size.LARGE,
    val textScale: Int = 100,
) {
    enum class Size(
        val width: Int,
        val height: Int,
    ) {
        SMALL(320, 568),
        LARGE(412, 915),
    }

    override fun toString(): String = "${language.tag}-${if (dark) "dark" else "light"}-${size.width}x${size.height}-$textScale"

    companion object {
        /** All forty, the light ones first. */
        val all: List<Setting> =
            listOf(false, true).flatMap { dark ->
                Language.entries.flatMap { language ->
                    Size.entries.flatMap { size -> listOf(100, 200).map { Setting(language, dark, size, it) } }
                }
            }
    }
}

/** Where samples are drawn, one after another, without a window. */
@OptIn(ExperimentalTestApi::class)
internal class Stage(
    private val ui: DesktopComposeUiTest,
    private val density: Float,
) {
    private var shown by mutableStateOf<Pair<Sample, Setting>?>(null)

    init {
        ui.setContent {
            Box(contentAlignment = Alignment.TopStart) {
                shown?.let { key(it) { Window(it.first, it.second) } }
            }
        }
    }

    /** Shows a sample and gives the semantics of its window, nothing merged. */
    fun show(
        sample: Sample,
        setting: Setting,
    ): SemanticsNode {
        ui.runOnUiThread { shown = sample to setting }
        ui.waitForIdle()
        if (sample.open) open()
        return window()
    }

    /** The semantics of what is shown, nothing merged. */
    fun window(): SemanticsNode = ui.onNodeWithTag(WINDOW, useUnmergedTree = true).fetchSemanticsNode()

    /** The semantics of what is shown, as a screen reader has them. */
    fun merged(): SemanticsNode = ui.onNodeWithTag(WINDOW).fetchSemanticsNode()

    /** The picture of what is shown. */
    fun picture(): ImageBitmap = ui.captureToImage(window())

    /** Scrolls to the end of what scrolls; `false` where all is in sight. */
    fun scrollDown(): Boolean {
        val scrolls = ui.onAllNodes(SemanticsMatcher("scrolls on") { it.canScroll })
        if (scrolls.fetchSemanticsNodes().isEmpty()) return false
        scrolls[0].performSemanticsAction(SemanticsActions.ScrollBy) { it(0f, END) }
        ui.waitForIdle()
        val range = scrolls[0].fetchSemanticsNode().config[SemanticsProperties.VerticalScrollAxisRange]
        check(range.value() == range.maxValue()) { "it stands at ${range.value()} of ${range.maxValue()}" }
        return true
    }

    private val SemanticsNode.canScroll: Boolean
        get() = config.getOrNull(SemanticsProperties.VerticalScrollAxisRange)?.let { it.maxValue() > 0 } == true

    private fun open() {
        val closed = ui.onAllNodes(SemanticsMatcher.keyIsDefined(SemanticsActions.Expand))
        repeat(closed.fetchSemanticsNodes().size) { closed[0].performSemanticsAction(SemanticsActions.Expand) }
        ui.waitForIdle()
    }

    @Composable
    private fun Window(
        sample: Sample,
        setting: Setting,
    ) {
        val (width, height) = setting.size.run { width.dp to height.dp }
        CompositionLocalProvider(LocalDensity provides Density(density, setting.textScale / 100f)) {
            Box(Modifier.requiredSize(width, height).testTag(WINDOW)) {
                val host = host(setting.dark, notices = sample.notices)
                sample.draw(Texts(setting.language), host)
            }
        }
    }

    companion object {
        const val WINDOW = "window"

        private const val END = 100_000f

        val ZONE: ZoneId = ZoneOffset.UTC

        fun host(
            dark: Boolean,
            camera: Camera = Road,
            reduceMotion: Boolean = true,
            notices: List<Notice> = Fixtures.notices,
        ): Host = Host(ZONE, dark, reduceMotion, ::decode, camera, "0.1.0", notices)

        /** Runs [block] with a stage for the largest size. */
        fun <T> use(
            density: Float = 1f,
            block: Stage.() -> T,
        ): T {
            Fonts.require()
            var result: Result<T>? = null
            val size = Setting.Size.LARGE
            runDesktopComposeUiTest((size.width * density).toInt(), (size.height * density).toInt()) {
                result = runCatching { Stage(this, density).block() }
            }
            return checkNotNull(result).getOrThrow()
        }

        private fun decode(jpeg: ByteArray): ImageBitmap? = runCatching { Image.makeFromEncoded(jpeg).toComposeImageBitmap() }.getOrNull()
    }
}

/** Takes the place of what a camera sees. */
private object Road : Camera {
    override val hasLight: Boolean get() = true

    @Composable
    override fun Viewfinder(
        seen: (List<String>) -> Unit,
        refused: () -> Unit,
        light: Boolean,
        modifier: Modifier,
    ) {
        val ground = Brush.verticalGradient(listOf(Color(0xFF55606B), Color(0xFF2A3036)))
        Box(modifier.background(ground))
    }
}

internal fun ImageBitmap.png(): ByteArray = checkNotNull(Image.makeFromBitmap(asSkiaBitmap()).encodeToData(EncodedImageFormat.PNG)).bytes
