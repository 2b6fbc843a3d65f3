package org.vidimus.screens.officer

import androidx.compose.runtime.Composable
import org.vidimus.app.OfficerScreen
import org.vidimus.screens.Drawn
import org.vidimus.screens.Host
import org.vidimus.screens.OpeningScreen
import org.vidimus.shell.Officer
import org.vidimus.shell.Texts

/** The app that checks licenses: a picture of [screen], and nothing but that. */
@Composable
public fun OfficerScreens(
    screen: OfficerScreen,
    officer: Officer,
    texts: Texts,
    host: Host,
) {
    Drawn(texts, host) {
        when (screen) {
            is OfficerScreen.Opening -> OpeningScreen()
            is OfficerScreen.Start -> StartScreen(screen.v1, officer)
            is OfficerScreen.Look -> LookScreen(screen.v1, officer)
            is OfficerScreen.Verdict -> VerdictScreen(screen.v1, officer)
            is OfficerScreen.Two -> TwoScreen(screen.v1, officer)
            is OfficerScreen.Doubt -> DoubtScreen(screen.v1, officer)
            is OfficerScreen.Log -> CheckLogScreen(screen.v1, officer)
            is OfficerScreen.Blocked -> BookBlockedScreen(screen.v1, officer)
        }
    }
}
