package org.vidimus.screens.officer

import androidx.compose.runtime.Composable
import org.vidimus.app.OfficerScreen
import org.vidimus.screens.Drawn
import org.vidimus.screens.Host
import org.vidimus.screens.OpeningScreen
import org.vidimus.shell.Officer
import org.vidimus.shell.Texts

/**
 * The app that checks licenses: a picture of [screen], and nothing but that.
 *
 * @param leave leads from the first page to where the app was opened; `null` where it is an app by
 * itself
 */
@Composable
public fun OfficerScreens(
    screen: OfficerScreen,
    officer: Officer,
    texts: Texts,
    host: Host,
    leave: (() -> Unit)? = null,
) {
    Drawn(texts, host) {
        when (screen) {
            is OfficerScreen.Opening -> OpeningScreen()
            is OfficerScreen.Start -> StartScreen(screen.v1, officer, leave)
            is OfficerScreen.Look -> LookScreen(screen.v1, officer)
            is OfficerScreen.Verdict -> VerdictScreen(screen.v1, officer)
            is OfficerScreen.Two -> TwoScreen(screen.v1, officer)
            is OfficerScreen.Doubt -> DoubtScreen(screen.v1, officer)
            is OfficerScreen.Log -> CheckLogScreen(screen.v1, officer)
            is OfficerScreen.Blocked -> BookBlockedScreen(screen.v1, officer, leave)
        }
    }
}
