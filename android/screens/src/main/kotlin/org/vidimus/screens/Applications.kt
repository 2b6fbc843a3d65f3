package org.vidimus.screens

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import org.vidimus.app.Action
import org.vidimus.app.ApplicationCard
import org.vidimus.app.ApplicationOffer
import org.vidimus.screens.design.Busy
import org.vidimus.screens.design.Labelled
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Panel
import org.vidimus.screens.design.SideButton
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.say
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/** What was applied for and has not come: how far it is, and what may be done. */
@Composable
internal fun Applications(
    cards: List<ApplicationCard>,
    driver: Driver,
) {
    for (card in cards) {
        Panel {
            Notice(card.stage)
            Column(Modifier.semantics(mergeDescendants = true) {}, Arrangement.spacedBy(Space.small)) {
                card.told.forEach { Text(say(it)) }
            }
            // The clerk's own words, not translated.
            card.authoritySays?.let { Labelled(say(Word.APPLICATION_SAYS)) { Text(it) } }
            if (card.asking) Busy(say(Word.APPLICATION_ASKING))
            card.button?.let { SideButton(say(it.words), { driver.send(card.action(it.does)) }) }
        }
    }
}

private fun ApplicationCard.action(offer: ApplicationOffer): Action =
    when (offer) {
        ApplicationOffer.SIGN_IN -> Action.SignIn
        ApplicationOffer.REFRESH -> Action.Refresh
        ApplicationOffer.DISMISS -> Action.Dismiss(id)
    }
