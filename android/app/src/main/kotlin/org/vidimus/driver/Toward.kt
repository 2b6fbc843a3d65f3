package org.vidimus.driver

import org.vidimus.app.Action
import org.vidimus.app.Screen
import org.vidimus.app.ShowPhase

/**
 * Leads to a license that a notification was about, page by page, as a finger would: the core has
 * no other way. It takes the driver away from no question, and from nothing that was typed.
 */
internal class Toward(
    private val send: (Action) -> Unit,
) {
    private var license: String? = null
    private var wentBack = false
    private val passed = mutableSetOf<String>()

    /** The license from which the next one was asked for: it stays in front until that comes. */
    private var asked: String? = null

    /** The driver wants to see this license. */
    fun begin(license: String) {
        this.license = license
        wentBack = false
        passed.clear()
        asked = null
    }

    /** The driver has left, or wants something else. */
    fun end() {
        license = null
    }

    /** Goes a step on from this screen, if there is one to go. */
    fun follow(screen: Screen) {
        val wanted = license ?: return
        when (screen) {
            is Screen.Opening -> return
            is Screen.License -> turn(screen, wanted)
            is Screen.History, is Screen.Settings -> back()
            is Screen.Show -> if (screen.v1.phase is ShowPhase.Over) back() else end()
            else -> end()
        }
    }

    private fun turn(
        screen: Screen.License,
        wanted: String,
    ) {
        val pager = screen.v1.pager
        val card = screen.v1.card.id
        if (card == wanted || pager == null) {
            end()
        } else if (passed.add(card)) {
            // From the last one to the first.
            send(Action.Select(pager.next ?: 0u))
            asked = card
        } else if (card != asked) {
            // All were in front, and it is not among them: it was removed.
            end()
        }
    }

    private fun back() {
        if (!wentBack) send(Action.Back)
        wentBack = true
    }
}
