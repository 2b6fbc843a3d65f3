package org.vidimus.screens.support

import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.graphics.toAwtImage
import androidx.compose.ui.test.DesktopComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.assertIsEnabled
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasScrollAction
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isEnabled
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.onRoot
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.v2.runDesktopComposeUiTest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.vidimus.screens.DriverScreens
import org.vidimus.shell.Shell
import org.vidimus.shell.Texts
import org.vidimus.shell.Word
import org.vidimus.shell.asCore
import org.vidimus.shell.support.DriversPhone

/** A driver's finger and eyes on the screens of an app: everything goes through what is drawn. */
@OptIn(ExperimentalTestApi::class)
internal class Finger(
    private val ui: DesktopComposeUiTest,
    phone: DriversPhone,
    scope: CoroutineScope,
    private val texts: Texts,
    private val eye: Eye,
) {
    val shell = Shell(phone, scope) { phone.start(it).asCore() }

    init {
        ui.setContent {
            val update by shell.updates.collectAsState()
            DriverScreens(update.screen, shell, texts, Stage.host(dark = false, camera = eye))
        }
        scope.launch { shell.follow() }
        shell.appSeen()
    }

    /** Waits until this stands or is spoken on the screen. */
    fun sees(
        word: Word,
        vararg arguments: String,
    ): Unit = sees(texts.get(word, *arguments))

    /** Also what a screen reader hears as part of a longer sentence. */
    fun sees(text: String): Unit = awaits(says(text), merged = false)

    /** Waits until this no longer stands there. */
    fun misses(word: Word) {
        val matcher = says(texts[word])
        ui.waitUntil("no ${texts[word]}", PATIENCE) { ui.onAllNodes(matcher).fetchSemanticsNodes().isEmpty() }
    }

    /** Leaves the app, as for the system's settings, and comes back. */
    fun comesBack() {
        shell.appLeft()
        shell.appSeen()
    }

    fun taps(word: Word): Unit = taps(texts[word])

    /** Taps the control of this name, once it can be tapped. */
    fun taps(name: String) {
        val matcher = hasClickAction() and says(name) and isEnabled()
        awaits(matcher)
        val control = ui.onAllNodes(matcher).onFirst()
        if (ui.onAllNodes(matcher and isInScroll()).fetchSemanticsNodes().isNotEmpty()) control.performScrollTo()
        control.assertIsEnabled().performClick()
    }

    fun types(
        field: Word,
        text: String,
    ) {
        val matcher = hasSetTextAction() and hasContentDescription(texts[field])
        awaits(matcher)
        ui.onNode(matcher).performScrollTo().performTextInput(text)
    }

    /** Holds the camera on something, once it looks. */
    fun pointsAt(text: String) {
        ui.waitUntil("a camera that looks", PATIENCE) { eye.looks != null }
        ui.runOnUiThread { checkNotNull(eye.looks)(text) }
    }

    /** What an officer's camera reads of the screen. */
    fun shows(): String {
        awaits(says(texts[Word.SHOW_QR]))
        return checkNotNull(Optics.read(ui.captureToImage(ui.onRoot().fetchSemanticsNode()).toAwtImage())) { "no QR is read" }
    }

    /** Waits for something that is not on the screen. */
    fun awaits(
        what: String,
        test: () -> Boolean,
    ): Unit = ui.waitUntil(what, PATIENCE, test)

    private fun says(text: String): SemanticsMatcher = hasText(text) or hasContentDescription(text)

    private fun isInScroll(): SemanticsMatcher = hasAnyAncestor(hasScrollAction())

    private fun awaits(
        matcher: SemanticsMatcher,
        merged: Boolean = true,
    ) {
        ui.waitUntil(matcher.description, PATIENCE) { ui.onAllNodes(matcher, !merged).fetchSemanticsNodes().isNotEmpty() }
    }

    companion object {
        /** For a busy machine; nothing waits for it where all is well. */
        private const val PATIENCE = 60_000L

        /** Uses the app on a [phone], and closes it. */
        fun on(
            phone: DriversPhone,
            texts: Texts,
            use: Finger.() -> Unit,
        ) {
            Fonts.require()
            val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default.limitedParallelism(1))
            var used = Result.success(Unit)
            runDesktopComposeUiTest(824, 1830) {
                val finger = Finger(this, phone, scope, texts, Eye())
                used = runCatching { finger.use() }
                runBlocking { finger.shell.end() }
            }
            runBlocking { scope.coroutineContext.job.cancelAndJoin() }
            used.getOrThrow()
        }
    }
}
