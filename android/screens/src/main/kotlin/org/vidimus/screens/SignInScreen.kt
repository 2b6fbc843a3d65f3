package org.vidimus.screens

import androidx.compose.runtime.Composable
import org.vidimus.app.Action
import org.vidimus.app.SignInScreen
import org.vidimus.app.TroubleAction
import org.vidimus.screens.design.Bar
import org.vidimus.screens.design.Busy
import org.vidimus.screens.design.Code
import org.vidimus.screens.design.Labelled
import org.vidimus.screens.design.Look
import org.vidimus.screens.design.MainButton
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Page
import org.vidimus.screens.design.Panel
import org.vidimus.screens.design.SideButton
import org.vidimus.screens.design.Text
import org.vidimus.screens.design.Title
import org.vidimus.screens.design.Type
import org.vidimus.screens.design.say
import org.vidimus.shell.Driver
import org.vidimus.shell.Word

/** Whose page the browser has, what is waited for, and why. */
@Composable
internal fun SignInScreen(
    state: SignInScreen,
    driver: Driver,
) {
    val title = say(Word.SIGN_IN_TITLE)
    Page(title, { Bar({ driver.send(Action.Back) }) }) {
        Title(title)
        Panel {
            Labelled(say(Word.SIGN_IN_WITH)) { Code(state.authority, style = Type.strong, color = Look.palette.ink) }
        }
        state.refusal?.let { Notice(it) }
        if (state.wantsLock) {
            SideButton(say(Word.ACTION_LOCK), { driver.send(Action.Act(TroubleAction.SET_LOCK)) })
        }
        state.told.forEachIndexed { index, words ->
            if (index == 0 && state.working) Busy(say(words)) else Text(say(words))
        }
        state.until?.let { Text(say(it), color = Look.palette.soft) }
        state.button?.let { MainButton(say(it), { driver.send(Action.SignIn) }) }
        if (state.mayCancel) SideButton(say(Word.SIGN_IN_CANCEL), { driver.send(Action.CancelSignIn) })
    }
}
