package org.vidimus.screens.support

import org.vidimus.LicenseStatus
import org.vidimus.StandingKind
import org.vidimus.models.Asker
import org.vidimus.models.HistoryEvent
import org.vidimus.models.HistoryRow
import org.vidimus.models.HistoryState
import org.vidimus.models.Notice
import org.vidimus.models.Screen
import org.vidimus.models.SettingsState
import org.vidimus.models.Word
import org.vidimus.screens.design.word
import org.vidimus.screens.support.Fixtures.card
import org.vidimus.screens.support.Fixtures.now
import org.vidimus.standing
import kotlin.time.Duration.Companion.hours

/** The history and the settings in their states. */
internal object Records {
    val all: List<Sample> by lazy { history() + settings() }

    private val events =
        listOf(
            HistoryEvent.Shown(null, portrait = true, StandingKind.VALID.standing),
            HistoryEvent.Shown(Asker("Highway Patrol, Post 12", true), portrait = false, StandingKind.SUSPENDED.standing),
            HistoryEvent.Shown(Asker("Patrol 7", false), portrait = true, StandingKind.UNRESOLVED.standing),
            HistoryEvent.Shown(Asker(null, false), portrait = false, StandingKind.UNKNOWN.standing),
            HistoryEvent.StatusChanged(LicenseStatus.VALID, LicenseStatus.SUSPENDED),
            HistoryEvent.Renewed,
            HistoryEvent.Removed,
            HistoryEvent.Enrolled,
        )

    private val rows = events.mapIndexed { index, event -> HistoryRow(now - (index * 7).hours, event) }

    private fun history() =
        listOf(
            Sample("history", Screen.History(HistoryState(rows, intact = true))) {
                all(Word.HISTORY_TITLE, Word.HISTORY_SHOWN, Word.HISTORY_SHOWN_DIGITS, Word.HISTORY_ENROLLED, Word.HISTORY_RENEWED) +
                    all(Word.HISTORY_REMOVED, Word.COMMON_BACK) +
                    get(Word.HISTORY_SHOWN_TO, "Highway Patrol, Post 12") +
                    get(Word.HISTORY_SHOWN_TO, "Patrol 7") +
                    get(Word.HISTORY_STATUS, get(LicenseStatus.UNRESOLVED.word)) +
                    get(Word.HISTORY_STATUS_CHANGED, get(LicenseStatus.VALID.word), get(LicenseStatus.SUSPENDED.word)) +
                    list(listOf(get(Word.HISTORY_NAME_UNPROVEN), get(Word.HISTORY_WITH_PORTRAIT))) +
                    rows.map { dateTime(it.at, Stage.ZONE) }
            },
            Sample("history-empty", Screen.History(HistoryState(emptyList(), intact = true))) { all(Word.HISTORY_EMPTY) },
            Sample("history-broken", Screen.History(HistoryState(rows.take(2), intact = false))) { all(Word.HISTORY_BROKEN) },
            Sample("history-hundred", Screen.History(HistoryState(List(100) { rows[it % rows.size] }, intact = true))) {
                all(Word.HISTORY_SHOWN)
            },
        )

    private val settings =
        SettingsState(
            licenses = listOf(card(), card(Fixtures.longest, id = "license-2"), card(null, damaged = true, portrait = null, id = "license-3")),
            authority = "https://authority.example",
            version = "0.1.0",
            notices = listOf(Notice("ring 0.17", "Apache-2.0 AND ISC"), Notice("SQLite 3.50", "Public domain")),
        )

    private fun settings() =
        listOf(
            Sample("settings", Screen.Settings(settings)) {
                all(Word.SETTINGS_TITLE, Word.SETTINGS_LICENSES, Word.SETTINGS_REMOVE, Word.SETTINGS_STORED, Word.SETTINGS_AUTHORITY) +
                    all(Word.SETTINGS_STORED_LICENSE, Word.SETTINGS_STORED_STATUS, Word.SETTINGS_STORED_HISTORY) +
                    all(Word.SETTINGS_STORED_KEYS, Word.SETTINGS_STORED_WHERE, Word.SETTINGS_NOTICES) +
                    listOf("https://authority.example", get(Word.SETTINGS_VERSION, "0.1.0"), "ring 0.17", "Apache-2.0 AND ISC")
            },
            Sample("settings-removing", Screen.Settings(settings.copy(removing = "license-1"))) {
                all(Word.SETTINGS_REMOVE_TITLE, Word.SETTINGS_REMOVE_BODY, Word.SETTINGS_REMOVE_YES, Word.COMMON_CANCEL) +
                    listOf("Adaeze Okonkwo", "ZZ-2091-7734")
            },
            Sample("settings-removing-damaged", Screen.Settings(settings.copy(removing = "license-3"))) {
                all(Word.SETTINGS_REMOVE_YES, Word.COMMON_UNKNOWN)
            },
            Sample("settings-empty", Screen.Settings(settings.copy(licenses = emptyList(), notices = emptyList()))) {
                all(Word.SETTINGS_STORED)
            },
        )
}
