package org.vidimus.desktop

import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.ui.unit.DpSize
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.WindowState
import androidx.compose.ui.window.singleWindowApplication
import java.awt.Toolkit
import java.awt.datatransfer.StringSelection

/** Opens the driver's app in a window. `cargo xtask app` starts this, and ends what it needs when the window closes. */
internal fun main(arguments: Array<String>) {
    val setting = Setting.of(arguments.toList())
    singleWindowApplication(title = "Vidimus", state = WindowState(size = DpSize(780.dp, 940.dp))) {
        val scope = rememberCoroutineScope()
        val desk = remember { Desk(setting, scope) }
        DisposableEffect(desk) {
            desk.start()
            onDispose(desk::close)
        }
        DeskView(desk, ::copy)
    }
}

private fun copy(text: String) {
    Toolkit.getDefaultToolkit().systemClipboard.setContents(StringSelection(text), null)
}
