package org.vidimus.desktop

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.vidimus.Challenge
import org.vidimus.app.Screen
import org.vidimus.app.ShowPhase
import org.vidimus.app.Update
import org.vidimus.shell.Driver
import org.vidimus.shell.Language
import org.vidimus.shell.Shell
import org.vidimus.shell.asCore

/**
 * Everything that stands on the desk: the phone, the authority's clerk, an officer, and how the
 * phone is looked at.
 */
internal class Desk(
    private val setting: Setting,
    private val scope: CoroutineScope,
) : AutoCloseable {
    private val phone = DesktopPhone(setting.phone) { note = "On a phone this would open a page of the system: $it" }
    private val shell = Shell(phone, scope) { phone.start(setting.rootKey, setting.issuer, it).asCore() }
    private val office = Office(setting)
    private val officer = Officer(setting.rootKey, office::trustList)

    val updates: StateFlow<Update> get() = shell.updates
    val driver: Driver get() = shell
    val offer: String get() = setting.offer
    val code: String get() = setting.code

    var language by mutableStateOf(Language.ENGLISH)
    var dark by mutableStateOf(false)
    var textSize by mutableStateOf(1f)

    /** What came of the last button. */
    var note by mutableStateOf<String?>(null)
        private set
    var judgement by mutableStateOf<Judgement?>(null)
        private set
    var question by mutableStateOf<Challenge?>(null)
        private set

    /**
     * Shows what the app says, and has it keep the wallet fresh for as long as the window is there.
     */
    fun start() {
        scope.launch { shell.follow() }
        shell.appSeen()
    }

    /** What a link in a message does on a phone. */
    fun openOffer() = shell.link(setting.offer)

    fun askByQr() = ask(officer.askByQr())

    fun askByDigits() = ask(officer.askByDigits())

    fun askNothing() {
        officer.askNothing()
        question = null
        judgement = null
    }

    /** What the phone's camera would see of the officer's screen. */
    fun scanQuestion() {
        question?.let { shell.link(it.text) }
    }

    /** Lets the officer look at the phone. */
    fun check() {
        val live = (updates.value.screen as? Screen.Show)?.v1?.phase as? ShowPhase.Live
        val symbol = live?.code?.let { shell.frame(it.showing, it.frame) }
        if (symbol == null) {
            judgement = null
            note = "No code is on the phone: show the license first."
            return
        }
        scope.launch { judgement = officer.judge(symbol) }
    }

    fun rule(ruling: Ruling) {
        scope.launch {
            val done = office.rule(ruling)
            val told = "The authority says: ${ruling.word}. Refresh on the phone, or let it."
            note = if (done) told else "That was not done."
        }
    }

    /**
     * Waits until what was shown is in the log, and a license that is just being added has come or
     * gone: the process may end right after it. Where the authority does not answer that takes as
     * long as a call may take, so close the window first.
     */
    override fun close() {
        runBlocking { shell.end() }
        officer.close()
    }

    private fun ask(challenge: Challenge) {
        question = challenge
        judgement = null
    }
}
