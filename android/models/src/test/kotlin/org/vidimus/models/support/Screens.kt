package org.vidimus.models.support

import org.vidimus.StandingKind
import org.vidimus.models.AnswerState
import org.vidimus.models.BlockedState
import org.vidimus.models.HistoryState
import org.vidimus.models.LicenseCard
import org.vidimus.models.LicenseState
import org.vidimus.models.OfferState
import org.vidimus.models.ScanPurpose
import org.vidimus.models.ScanState
import org.vidimus.models.Screen
import org.vidimus.models.SettingsState
import org.vidimus.models.ShowState
import org.vidimus.models.Standing
import org.vidimus.models.Trouble
import org.vidimus.models.WelcomeState
import org.vidimus.standing

/** A license with nothing in it. */
fun card(id: String): LicenseCard = LicenseCard(id, holder = null, Standing(StandingKind.VALID.standing, null, null), portrait = null, damaged = false)

/** An example of each screen, in the order of their table. */
val SCREENS: List<Screen> =
    listOf(
        Screen.Opening,
        Screen.Welcome(WelcomeState()),
        Screen.Scan(ScanState(ScanPurpose.OFFER)),
        Screen.Offer(OfferState("https://a.example", name = null, proven = false, code = null)),
        Screen.License(LicenseState(listOf(card("a")), selected = 0)),
        Screen.Show(ShowState.Unlocking),
        Screen.Answer(AnswerState()),
        Screen.History(HistoryState(emptyList(), intact = true)),
        Screen.Settings(SettingsState(emptyList(), authority = "https://a.example", version = "1", notices = emptyList())),
        Screen.Blocked(BlockedState(Trouble.INTERNAL)),
    )
