package org.vidimus.screens.support

import org.vidimus.app.Screen
import org.vidimus.shell.Driver
import org.vidimus.shell.Notice
import org.vidimus.shell.Texts

/**
 * A screen in a state.
 *
 * @property name the name of its picture
 * @property open whether its banners are opened
 * @property driver whose pictures and codes it has
 * @property notices what the app says of the code that is inside
 * @property says what must stand or be spoken on it, in a language
 */
internal class Sample(
    val name: String,
    val screen: Screen,
    val open: Boolean = false,
    val driver: Driver = StillDriver(),
    val notices: List<Notice> = Fixtures.notices,
    val says: Texts.() -> List<String>,
) {
    override fun toString(): String = name
}
