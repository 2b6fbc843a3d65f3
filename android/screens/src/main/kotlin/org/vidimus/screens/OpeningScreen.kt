package org.vidimus.screens

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import org.vidimus.screens.design.Busy
import org.vidimus.screens.design.Emblem
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.Space
import org.vidimus.screens.design.Title
import org.vidimus.screens.design.say
import org.vidimus.shell.Word

/** The wallet is being opened. */
@Composable
internal fun OpeningScreen() {
    Column(
        Modifier.fillMaxSize().background(Look.palette.background).padding(Space.huge),
        Arrangement.spacedBy(Space.huge, Alignment.CenterVertically),
        Alignment.CenterHorizontally,
    ) {
        Emblem()
        Title(say(Word.APP_NAME), centered = true)
        Busy(say(Word.COMMON_LOADING))
    }
}
