package org.vidimus.shell.support

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.mapNotNull
import kotlinx.coroutines.flow.takeWhile
import org.vidimus.QrSymbol
import org.vidimus.app.Action
import org.vidimus.app.Ask
import org.vidimus.app.Screen
import org.vidimus.app.ShellEffect
import org.vidimus.app.Update
import org.vidimus.shell.Core

/** An app that shows and asks what a test says, and remembers what it hears. */
class StandInCore(
    val startedWith: ByteArray? = null,
) : Core {
    private val news = MutableStateFlow<Update?>(null)
    private val ended = MutableStateFlow(false)
    private var number = 0uL

    /** What it heard, the first first. */
    val heard = mutableListOf<Action>()

    /** What it wants to be kept. */
    var toKeep: ByteArray? = null

    /** The picture of every code. */
    var symbol: QrSymbol? = null

    override var signInAddress: String? = null

    var isClosed = false
        private set

    /** Comes with this screen, and with all that is asked for now. */
    fun comes(
        vararg effects: Pair<Int, Ask>,
        screen: Screen = Screen.Opening,
        isPersonal: Boolean = false,
    ) {
        number++
        news.value = Update(number, screen, isPersonal, effects.map { (id, ask) -> ShellEffect(id.toULong(), ask) })
    }

    /** Ends as a fault of the library ends it. */
    fun breaks() {
        ended.value = true
    }

    override val updates: Flow<Update> =
        combine(ended, news) { ended, update -> ended to update }
            .takeWhile { (ended, _) -> !ended }
            .mapNotNull { (_, update) -> update }

    override fun send(action: Action) {
        heard += action
    }

    override fun picture(id: String): ByteArray? = null

    override fun frame(
        showing: ULong,
        number: ULong,
    ): QrSymbol? = symbol

    /** After a fault nothing answers any more. */
    override fun saved(): ByteArray? = toKeep.takeUnless { ended.value }

    override suspend fun end() = close()

    override fun close() {
        isClosed = true
        ended.value = true
    }
}
