package org.vidimus.shell.support

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.mapNotNull
import kotlinx.coroutines.flow.takeWhile
import org.vidimus.QrSymbol
import org.vidimus.app.OfficerAction
import org.vidimus.app.OfficerAsk
import org.vidimus.app.OfficerScreen
import org.vidimus.app.OfficerShellEffect
import org.vidimus.app.OfficerUpdate
import org.vidimus.shell.OfficerCore

/** An app that checks licenses, shows and asks what a test says, and remembers what it hears. */
class StandInOfficerCore : OfficerCore {
    private val news = MutableStateFlow<OfficerUpdate?>(null)
    private val ended = MutableStateFlow(false)
    private var number = 0uL

    /** What it heard, the first first. */
    val heard = mutableListOf<OfficerAction>()

    /** The log that it hands over. */
    var log: ByteArray? = null

    var isClosed = false
        private set

    /** Comes with this screen, and with all that is asked for now. */
    fun comes(
        screen: OfficerScreen,
        vararg effects: Pair<Int, OfficerAsk>,
        isPersonal: Boolean = false,
    ) {
        number++
        news.value = OfficerUpdate(number, screen, isPersonal, effects.map { (id, ask) -> OfficerShellEffect(id.toULong(), ask) })
    }

    /** Ends as a fault of the library ends it. */
    fun breaks() {
        ended.value = true
    }

    override val updates: Flow<OfficerUpdate> =
        combine(ended, news) { ended, update -> ended to update }
            .takeWhile { (ended, _) -> !ended }
            .mapNotNull { (_, update) -> update }

    override fun send(action: OfficerAction) {
        heard += action
    }

    override fun picture(id: String): ByteArray? = null

    override fun question(id: ULong): QrSymbol? = null

    override fun exported(): ByteArray? = log

    override suspend fun end() = close()

    override fun close() {
        isClosed = true
        ended.value = true
    }
}
