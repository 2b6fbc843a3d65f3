package org.vidimus.screens.support

import org.vidimus.app.HistoryKind
import org.vidimus.app.HistoryRow
import org.vidimus.app.HistoryScreen
import org.vidimus.app.Place
import org.vidimus.app.RemovableLicense
import org.vidimus.app.Screen
import org.vidimus.app.SettingsLink
import org.vidimus.app.SettingsScreen
import org.vidimus.app.Tone
import org.vidimus.app.Value
import org.vidimus.app.Words
import org.vidimus.screens.support.Fixtures.held
import org.vidimus.screens.support.Fixtures.now
import org.vidimus.shell.Word
import kotlin.time.Duration.Companion.hours

/** The history and the settings in their states. */
internal object Records {
    val all: List<Sample> by lazy { history() + settings() }

    private val events: List<HistoryRow> =
        listOf(
            shown(HistoryKind.SHOWN, Told.words(Word.HISTORY_SHOWN), State.VALID, Word.HISTORY_WITH_PORTRAIT),
            shown(HistoryKind.ANSWERED, shownTo("Highway Patrol, Post 12"), State.SUSPENDED, Word.HISTORY_NAME_PROVEN),
            shown(HistoryKind.ANSWERED, shownTo("Patrol 7"), State.UNRESOLVED, Word.HISTORY_NAME_UNPROVEN, Word.HISTORY_WITH_PORTRAIT),
            shown(HistoryKind.ANSWERED, Told.words(Word.HISTORY_SHOWN_DIGITS), State.UNKNOWN),
            row(
                HistoryKind.STATUS_CHANGED,
                Told.words(Word.HISTORY_STATUS_CHANGED, Told.value(Word.STATE_VALID), Told.value(Word.STATE_SUSPENDED)),
            ),
            row(HistoryKind.RENEWED, Told.words(Word.HISTORY_RENEWED)),
            row(HistoryKind.REMOVED, Told.words(Word.HISTORY_REMOVED)),
            row(HistoryKind.ENROLLED, Told.words(Word.HISTORY_ENROLLED)),
        )

    private val moments = events.indices.map { now - (it * 7).hours }

    private val rows = events.zip(moments) { event, at -> event.copy(day = Value.DayOf(at.epochSeconds.toULong()), at = Value.Moment(at.epochSeconds.toULong())) }

    private fun row(
        kind: HistoryKind,
        headline: Words,
        status: Words? = null,
        details: List<Words> = emptyList(),
    ) = HistoryRow(kind, headline, status, details, Value.DayOf(0u), Value.Moment(0u))

    private fun shown(
        kind: HistoryKind,
        headline: Words,
        state: State,
        vararg details: Word,
    ) = row(kind, headline, Told.words(Word.HISTORY_STATUS, Told.value(state.word)), details.map { Told.words(it) })

    private fun shownTo(name: String) = Told.words(Word.HISTORY_SHOWN_TO, Value.Text(name))

    private fun history(
        rows: List<HistoryRow>,
        intact: Boolean = true,
    ) = Screen.History(HistoryScreen(if (intact) null else Told.note(Tone.BAD, Word.HISTORY_BROKEN), rows))

    private fun history() =
        listOf(
            Sample("history", history(rows)) {
                all(Word.HISTORY_TITLE, Word.HISTORY_SHOWN, Word.HISTORY_SHOWN_DIGITS, Word.HISTORY_ENROLLED, Word.HISTORY_RENEWED) +
                    all(Word.HISTORY_REMOVED, Word.COMMON_BACK) +
                    get(Word.HISTORY_SHOWN_TO, "Highway Patrol, Post 12") +
                    get(Word.HISTORY_SHOWN_TO, "Patrol 7") +
                    get(Word.HISTORY_STATUS, get(Word.STATE_UNRESOLVED)) +
                    get(Word.HISTORY_STATUS_CHANGED, get(Word.STATE_VALID), get(Word.STATE_SUSPENDED)) +
                    list(listOf(get(Word.HISTORY_NAME_UNPROVEN), get(Word.HISTORY_WITH_PORTRAIT))) +
                    moments.map { dateTime(it, Stage.ZONE) }
            },
            Sample("history-empty", history(emptyList())) { all(Word.HISTORY_EMPTY) },
            Sample("history-broken", history(rows.take(2), intact = false)) { all(Word.HISTORY_BROKEN) },
            Sample("history-hundred", history(List(100) { rows[it % rows.size] })) { all(Word.HISTORY_SHOWN) },
        )

    private val licenses =
        listOf(held(), held(Fixtures.longest, id = "license-2"), held(null, damaged = true, portrait = null, id = "license-3"))

    private fun settings(
        asked: String? = null,
        removing: Boolean = false,
        licenses: List<Held> = this.licenses,
    ): Screen {
        val rows =
            licenses.map {
                val isAsked = it.id == asked
                RemovableLicense(it.id, it.name, it.holder?.number, isAsked, isAsked && removing)
            }
        return Screen.Settings(SettingsScreen(rows, "https://authority.example", links))
    }

    private val links =
        listOf(
            SettingsLink(Place.LANGUAGE, Told.words(Word.SETTINGS_LANGUAGE)),
            SettingsLink(Place.NOTIFICATIONS, Told.words(Word.SETTINGS_NOTIFICATIONS)),
            SettingsLink(Place.AUTHORITY, Told.words(Word.SETTINGS_HELP)),
        )

    private fun settings(): List<Sample> {
        val question = listOf(Word.SETTINGS_REMOVE_TITLE, Word.SETTINGS_REMOVE_BODY, Word.SETTINGS_REMOVE_YES, Word.COMMON_CANCEL)
        return listOf(
            Sample("settings", settings(asked = null)) {
                all(Word.SETTINGS_TITLE, Word.SETTINGS_LICENSES, Word.SETTINGS_REMOVE, Word.SETTINGS_STORED, Word.SETTINGS_AUTHORITY) +
                    all(Word.SETTINGS_STORED_LICENSE, Word.SETTINGS_STORED_STATUS, Word.SETTINGS_STORED_HISTORY) +
                    all(Word.SETTINGS_STORED_KEYS, Word.SETTINGS_STORED_WHERE, Word.SETTINGS_NOTICES) +
                    all(Word.SETTINGS_LANGUAGE, Word.SETTINGS_NOTIFICATIONS, Word.SETTINGS_HELP, Word.SETTINGS_PRIVACY) +
                    listOf("https://authority.example", get(Word.SETTINGS_VERSION, "0.1.0"))
            },
            Sample("settings-notices", settings(asked = null), open = true) { listOf("ring 0.17", "Apache-2.0 AND ISC") },
            Sample("settings-removing", settings("license-1")) { question.map { get(it) } + listOf("Adaeze Okonkwo", "ZZ-2091-7734") },
            Sample("settings-removing-now", settings("license-1", removing = true)) { question.map { get(it) } },
            Sample("settings-removing-damaged", settings("license-3")) { all(Word.SETTINGS_REMOVE_YES, Word.COMMON_UNKNOWN) },
            Sample("settings-empty", settings(licenses = emptyList()), notices = emptyList()) { all(Word.SETTINGS_STORED) },
        )
    }
}
