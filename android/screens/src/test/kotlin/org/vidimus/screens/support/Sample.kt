package org.vidimus.screens.support

import androidx.compose.runtime.Composable
import org.vidimus.app.OfficerScreen
import org.vidimus.app.Screen
import org.vidimus.screens.DriverScreens
import org.vidimus.screens.Host
import org.vidimus.screens.officer.OfficerScreens
import org.vidimus.shell.Driver
import org.vidimus.shell.Notice
import org.vidimus.shell.Officer
import org.vidimus.shell.Texts

/**
 * A screen in a state: the driver's, or the officer's.
 *
 * @property name the name of its picture
 * @property screen the driver's screen; `null` where it is one of the officer's
 * @property check the officer's screen; `null` where it is one of the driver's
 * @property open whether its banners are opened
 * @property notices what the app says of the code that is inside
 * @property draw draws it
 * @property says what must stand or be spoken on it, in a language
 */
internal class Sample private constructor(
    val name: String,
    val screen: Screen?,
    val check: OfficerScreen?,
    val open: Boolean,
    val notices: List<Notice>,
    val draw: @Composable (Texts, Host) -> Unit,
    val says: Texts.() -> List<String>,
) {
    /** @param driver whose pictures and codes it has */
    constructor(
        name: String,
        screen: Screen,
        open: Boolean = false,
        driver: Driver = StillDriver(),
        notices: List<Notice> = Fixtures.notices,
        says: Texts.() -> List<String>,
    ) : this(name, screen, null, open, notices, { texts, host -> DriverScreens(screen, driver, texts, host) }, says)

    /**
     * @param officer whose pictures and questions it has
     * @param leave leads out of its first page; `null` where the app stands by itself
     */
    constructor(
        name: String,
        check: OfficerScreen,
        officer: Officer = StillOfficer,
        leave: (() -> Unit)? = null,
        says: Texts.() -> List<String>,
    ) : this(name, null, check, false, Fixtures.notices, { texts, host -> OfficerScreens(check, officer, texts, host, leave) }, says)

    override fun toString(): String = name
}
