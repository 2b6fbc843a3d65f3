package org.vidimus.screens

import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.unit.LayoutDirection
import org.vidimus.models.Actions
import org.vidimus.models.Screen
import org.vidimus.models.Texts
import org.vidimus.screens.design.LocalHost
import org.vidimus.screens.design.LocalPalette
import org.vidimus.screens.design.LocalTexts
import org.vidimus.screens.design.Palette

/**
 * The driver's app: a picture of [screen], and nothing but that.
 *
 * What the driver does goes to [actions], and comes back as another [screen]. Where a language runs from right to left
 * so does the screen; a QR, numbers and codes do not.
 */
@Composable
public fun DriverApp(
    screen: Screen,
    actions: Actions,
    texts: Texts,
    host: Host,
) {
    CompositionLocalProvider(
        LocalTexts provides texts,
        LocalHost provides host,
        LocalPalette provides if (host.dark) Palette.DARK else Palette.LIGHT,
        LocalLayoutDirection provides if (texts.language.rightToLeft) LayoutDirection.Rtl else LayoutDirection.Ltr,
    ) {
        when (screen) {
            is Screen.Opening -> OpeningScreen()
            is Screen.Welcome -> WelcomeScreen(screen.state, actions)
            is Screen.Scan -> ScanScreen(screen.state, actions)
            is Screen.Offer -> OfferScreen(screen.state, actions)
            is Screen.License -> LicenseScreen(screen.state, actions)
            is Screen.Show -> ShowScreen(screen.state, actions)
            is Screen.Answer -> AnswerScreen(screen.state, actions)
            is Screen.History -> HistoryScreen(screen.state, actions)
            is Screen.Settings -> SettingsScreen(screen.state, actions)
            is Screen.Blocked -> BlockedScreen(screen.state, actions)
        }
    }
}
