package org.vidimus.shell.support

import org.vidimus.StandingKind
import org.vidimus.shell.AnswerState
import org.vidimus.shell.BlockedState
import org.vidimus.shell.HistoryState
import org.vidimus.shell.LicenseCard
import org.vidimus.shell.LicenseState
import org.vidimus.shell.OfferState
import org.vidimus.shell.ScanPurpose
import org.vidimus.shell.ScanState
import org.vidimus.shell.Screen
import org.vidimus.shell.SettingsState
import org.vidimus.shell.ShowState
import org.vidimus.shell.Standing
import org.vidimus.shell.Trouble
import org.vidimus.shell.WelcomeState
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
