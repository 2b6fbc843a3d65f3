package org.vidimus.screens

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.expand
import androidx.compose.ui.semantics.isTraversalGroup
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import org.vidimus.app.Action
import org.vidimus.app.RemovableLicense
import org.vidimus.app.SettingsLink
import org.vidimus.app.SettingsScreen
import org.vidimus.screens.design.BAD
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Code
import org.vidimus.screens.design.Glyph
import org.vidimus.screens.design.Hairline
import org.vidimus.screens.design.Heading
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.MainButton
import org.vidimus.screens.design.Mark
import org.vidimus.screens.design.Page
import org.vidimus.screens.design.Panel
import org.vidimus.screens.design.Picture
import org.vidimus.screens.design.Shapes
import org.vidimus.screens.design.SideButton
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Title
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.WordButton
import org.vidimus.screens.design.pressing
import org.vidimus.screens.design.say
import org.vidimus.shell.Driver
import org.vidimus.shell.Notice
import org.vidimus.shell.Word

/** What is stored, and how to remove it; the ways to the system's settings; whose code is inside. */
@Composable
internal fun SettingsScreen(
    state: SettingsScreen,
    driver: Driver,
) {
    val title = say(Word.SETTINGS_TITLE)
    var notices by rememberSaveable { mutableStateOf(false) }
    if (notices) {
        NoticesScreen { notices = false }
        return
    }
    Page(title, { Bar({ driver.send(Action.Back) }) }) {
        Title(title)
        if (state.licenses.isNotEmpty()) {
            Panel {
                Heading(say(Word.SETTINGS_LICENSES))
                for ((index, license) in state.licenses.withIndex()) {
                    if (index > 0) Hairline()
                    if (license.asked) AskToRemove(license, driver) else Removable(license, driver)
                }
            }
        }
        if (state.links.isNotEmpty()) Links(state.links, driver)
        Stored()
        Privacy()
        Panel {
            Heading(say(Word.SETTINGS_AUTHORITY))
            Code(state.authority)
        }
        if (Look.host.notices.isNotEmpty()) {
            val opens =
                Modifier.semantics {
                    expand {
                        notices = true
                        true
                    }
                }
            SideButton(say(Word.SETTINGS_NOTICES), { notices = true }, opens)
        }
        Text(say(Word.SETTINGS_VERSION, Look.host.version), style = Type.label, color = Look.palette.soft)
    }
}

/** The licenses of the code that is inside: a page of its own, for there are many. */
@Composable
private fun NoticesScreen(back: () -> Unit) {
    val title = say(Word.SETTINGS_NOTICES)
    Page(title, { Bar(back) }) {
        Title(title)
        Notices(Look.host.notices)
    }
}

@Composable
private fun Links(
    links: List<SettingsLink>,
    driver: Driver,
) {
    Panel {
        for ((index, link) in links.withIndex()) {
            if (index > 0) Hairline()
            Row(
                Modifier
                    .fillMaxWidth()
                    .defaultMinSize(minHeight = Space.target)
                    .pressing(Shapes.control, Look.palette.accent) { driver.send(Action.Open(link.place)) }
                    .padding(vertical = Space.small),
                Arrangement.spacedBy(Space.medium),
                Alignment.CenterVertically,
            ) {
                Text(say(link.words), Modifier.weight(1f), Type.strong)
                Picture(Glyph.LEAVE, Look.palette.accent)
            }
        }
    }
}

@Composable
private fun Privacy() {
    Panel {
        Heading(say(Word.SETTINGS_PRIVACY))
        Text(say(Word.SETTINGS_PRIVACY_SENT))
        Text(say(Word.SETTINGS_PRIVACY_SHOWN))
    }
}

@Composable
private fun Removable(
    license: RemovableLicense,
    driver: Driver,
) {
    val name = say(license.name)
    val remove = say(Word.SETTINGS_REMOVE)
    val bad = Look.palette.tone(BAD.tone).ink

    @Composable
    fun button() {
        WordButton(
            remove,
            { driver.send(Action.AskToRemove(license.id)) },
            Modifier.semantics { contentDescription = "$remove: $name" },
            color = bad,
        )
    }
    if (Look.isStacked) {
        Column {
            Whose(license)
            button()
        }
    } else {
        val row = Modifier.fillMaxWidth().semantics { isTraversalGroup = true }
        Row(row, Arrangement.spacedBy(Space.small), Alignment.CenterVertically) {
            Whose(license, Modifier.weight(1f))
            button()
        }
    }
}

/** The question stands where the license stood: what is asked about is not lost from sight. */
@Composable
private fun AskToRemove(
    license: RemovableLicense,
    driver: Driver,
) {
    Column(
        Modifier
            .fillMaxWidth()
            .semantics { liveRegion = LiveRegionMode.Polite }
            .background(Look.palette.tone(BAD.tone).ground, Shapes.control)
            .padding(Space.large),
        Arrangement.spacedBy(Space.medium),
    ) {
        Row(Modifier, Arrangement.spacedBy(Space.medium)) {
            Mark(BAD)
            Heading(say(Word.SETTINGS_REMOVE_TITLE), Modifier.weight(1f))
        }
        Whose(license)
        Text(say(Word.SETTINGS_REMOVE_BODY))
        val isOpen = !license.removing
        MainButton(say(Word.COMMON_CANCEL), { driver.send(Action.Keep) }, enabled = isOpen)
        val bad = Look.palette.tone(BAD.tone).ink
        SideButton(say(Word.SETTINGS_REMOVE_YES), { driver.send(Action.Remove) }, enabled = isOpen, color = bad)
    }
}

/** A name with its number: heard at once, or the button beside them would be heard between them. */
@Composable
private fun Whose(
    license: RemovableLicense,
    modifier: Modifier = Modifier,
) {
    Column(modifier.semantics(mergeDescendants = true) {}) {
        Text(say(license.name), style = Type.strong)
        license.number?.let { Code(it, style = Type.label, color = Look.palette.ink) }
    }
}

@Composable
private fun Stored() {
    Panel {
        Heading(say(Word.SETTINGS_STORED))
        Item(Glyph.CARD, say(Word.SETTINGS_STORED_LICENSE))
        Item(Glyph.SHIELD, say(Word.SETTINGS_STORED_STATUS))
        Item(Glyph.HISTORY, say(Word.SETTINGS_STORED_HISTORY))
        Item(Glyph.LOCK, say(Word.SETTINGS_STORED_KEYS))
        Hairline()
        Text(say(Word.SETTINGS_STORED_WHERE), style = Type.strong)
    }
}

@Composable
private fun Item(
    glyph: Glyph,
    text: String,
) {
    Row(Modifier, Arrangement.spacedBy(Space.medium)) {
        Picture(glyph, Look.palette.accent)
        Text(text, Modifier.weight(1f))
    }
}

@Composable
private fun Notices(notices: List<Notice>) {
    Panel {
        for (notice in notices) {
            Column(Modifier.semantics(mergeDescendants = true) {}) {
                Code(notice.name)
                Code(notice.licence, style = Type.label, color = Look.palette.soft)
            }
        }
    }
}
