package org.vidimus.desktop

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch
import org.vidimus.Challenge
import org.vidimus.LicenseStatus
import org.vidimus.models.Actions
import org.vidimus.models.DriverModel
import org.vidimus.models.Language
import org.vidimus.models.Screen
import org.vidimus.models.ShowState

/** Everything that stands on the desk: the phone, the authority's clerk, an officer, and how the phone is looked at. */
internal class Desk(
    private val setting: Setting,
    private val scope: CoroutineScope,
) : AutoCloseable {
    private val phone = DesktopPhone(setting.phone, setting.rootKey, setting.issuer)
    private val model = DriverModel(phone, scope)
    private val office = Office(setting)
    private val officer = Officer(setting.rootKey) { phone.opened?.trustList() }

    val screen: StateFlow<Screen> get() = model.screen
    val actions: Actions get() = model
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

    /** Opens the wallet, and keeps it fresh for as long as the window is there. */
    fun start() {
        model.start()
        scope.launch { model.foreground() }
        scope.launch { model.leave.collect { note = "On a phone this would open a page of the system: $it" } }
    }

    /** What a link in a message does on a phone. */
    fun openOffer() = model.scanned(setting.offer)

    fun askByQr() = ask(officer.askByQr())

    fun askByDigits() = ask(officer.askByDigits())

    fun askNothing() {
        officer.askNothing()
        question = null
        judgement = null
    }

    /** What the phone's camera would see of the officer's screen. */
    fun scanQuestion() {
        question?.let { model.answer() }
        question?.let { model.scanned(it.text) }
    }

    /** Lets the officer look at the phone. */
    fun check() {
        val live = (screen.value as? Screen.Show)?.state as? ShowState.Live
        if (live == null) {
            judgement = null
            note = "No code is on the phone: show the license first."
            return
        }
        scope.launch { judgement = officer.judge(live.code.symbol) }
    }

    fun set(status: LicenseStatus) {
        scope.launch {
            val done = office.set(status)
            val word = status.name.lowercase()
            note = if (done) "The authority says: $word. Refresh on the phone, or let it." else "That was not done."
        }
    }

    override fun close() {
        model.close()
        officer.close()
    }

    private fun ask(challenge: Challenge) {
        question = challenge
        judgement = null
    }
}
