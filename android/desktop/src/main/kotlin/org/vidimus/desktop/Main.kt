package org.vidimus.desktop

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.ui.unit.DpSize
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.WindowState
import androidx.compose.ui.window.singleWindowApplication
import java.awt.Toolkit
import java.awt.datatransfer.StringSelection
import kotlin.system.exitProcess

/**
 * Opens the driver's app in a window. `cargo xtask app` starts this, and ends what it needs when
 * the window closes.
 */
internal fun main(arguments: Array<String>) {
    val setting = Setting.of(arguments.toList())
    var opened: Desk? = null
    val size = WindowState(size = DpSize(1240.dp, 940.dp))
    singleWindowApplication(title = "Vidimus", state = size, exitProcessOnExit = false) {
        OpenedDesk(setting, { opened = it }) { DeskView(it, ::copy) }
    }
    // The window is gone. A license that is just being added may take a while to have come or gone.
    opened?.close()
    exitProcess(0)
}

/**
 * The desk, which begins with the window that it is in. The window goes without waiting for it.
 *
 * @param opened is told of the desk, and closes it
 */
@Composable
internal fun OpenedDesk(
    setting: Setting,
    opened: (Desk) -> Unit,
    view: @Composable (Desk) -> Unit,
) {
    val scope = rememberCoroutineScope()
    val desk = remember { Desk(setting, scope).also(opened) }
    LaunchedEffect(desk) { desk.start() }
    view(desk)
}

private fun copy(text: String) {
    Toolkit.getDefaultToolkit().systemClipboard.setContents(StringSelection(text), null)
}
