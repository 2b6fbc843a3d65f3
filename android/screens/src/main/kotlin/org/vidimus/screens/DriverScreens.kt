package org.vidimus.screens

import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.unit.LayoutDirection
import org.vidimus.app.Screen
import org.vidimus.screens.design.LocalHost
import org.vidimus.screens.design.LocalPalette
import org.vidimus.screens.design.LocalTexts
import org.vidimus.screens.design.Palette
import org.vidimus.shell.Driver
import org.vidimus.shell.Texts

/**
 * The driver's app: a picture of [screen], and nothing but that.
 *
 * What the driver does goes to the app behind [driver], and comes back as another [screen]. Where a
 * language runs from right to left so does the screen; a QR, numbers and codes do not.
 */
@Composable
public fun DriverScreens(
    screen: Screen,
    driver: Driver,
    texts: Texts,
    host: Host,
) {
    Drawn(texts, host) {
        when (screen) {
            is Screen.Opening -> OpeningScreen()
            is Screen.Welcome -> WelcomeScreen(screen.v1, driver)
            is Screen.Scan -> ScanScreen(screen.v1, driver)
            is Screen.Offer -> OfferScreen(screen.v1, driver)
            is Screen.SignIn -> SignInScreen(screen.v1, driver)
            is Screen.License -> LicenseScreen(screen.v1, driver)
            is Screen.Show -> ShowScreen(screen.v1, driver)
            is Screen.Answer -> AnswerScreen(screen.v1, driver)
            is Screen.History -> HistoryScreen(screen.v1, driver)
            is Screen.Settings -> SettingsScreen(screen.v1, driver)
            is Screen.Blocked -> BlockedScreen(screen.v1, driver)
        }
    }
}

/** What all screens have around them: the words, the phone, its colors and the direction of a line. */
@Composable
internal fun Drawn(
    texts: Texts,
    host: Host,
    screen: @Composable () -> Unit,
) {
    CompositionLocalProvider(
        LocalTexts provides texts,
        LocalHost provides host,
        LocalPalette provides if (host.dark) Palette.DARK else Palette.LIGHT,
        LocalLayoutDirection provides if (texts.language.rightToLeft) LayoutDirection.Rtl else LayoutDirection.Ltr,
        content = screen,
    )
}
