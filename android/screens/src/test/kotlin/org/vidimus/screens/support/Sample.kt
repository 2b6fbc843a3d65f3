package org.vidimus.screens.support

import org.vidimus.models.Screen
import org.vidimus.models.Texts

/**
 * A screen in a state.
 *
 * @property name the name of its picture
 * @property open whether its banners are opened
 * @property says what must stand or be spoken on it, in a language
 */
internal class Sample(
    val name: String,
    val screen: Screen,
    val open: Boolean = false,
    val says: Texts.() -> List<String>,
) {
    override fun toString(): String = name
}
