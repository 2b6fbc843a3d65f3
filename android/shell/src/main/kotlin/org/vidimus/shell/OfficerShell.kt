package org.vidimus.shell

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.StateFlow
import org.vidimus.QrSymbol
import org.vidimus.WalletException
import org.vidimus.app.OfficerAction
import org.vidimus.app.OfficerAnswer
import org.vidimus.app.OfficerAsk
import org.vidimus.app.OfficerScreen
import org.vidimus.app.OfficerShellEffect
import org.vidimus.app.OfficerUpdate
import org.vidimus.app.Place
import kotlin.time.Duration.Companion.seconds

/** What only a phone can do for the app that checks licenses. */
public interface OfficerPhone {
    /** Leads the officer out of the app, and returns once that was begun. */
    public fun leave(to: Place)

    /** Lets the officer hand over the [log] of the checks, a file of JSON lines. */
    public suspend fun share(log: ByteArray)
}

/**
 * The app that checks licenses on a phone: it hands on what is on the screen, and does on the
 * [phone] what the app asks for. It decides nothing.
 *
 * One shell lives as long as its app, and longer than the windows that show it.
 *
 * @param scope where the phone is asked; its thread is the screen's, and [follow] belongs there as
 * well
 * @param start begins the app. It is called at once, and again where it throws a
 * [WalletException], or where a fault has ended the app
 */
public class OfficerShell(
    private val phone: OfficerPhone,
    scope: CoroutineScope,
    private val start: () -> OfficerCore,
) : Officer {
    /** `null` where there is none for a while: a fault has ended it, or it could not be started. */
    @Volatile
    private var core: OfficerCore? = null

    @Volatile
    private var isEnded = false

    @Volatile
    private var isSeen = false

    private val followed = Followed(scope, NOTHING_YET, OfficerUpdate::effects, OfficerShellEffect::id, ::begin)

    init {
        startCore()
    }

    /** What is on the screen, and what is asked for. */
    public val updates: StateFlow<OfficerUpdate> = followed.updates

    /**
     * Hands on what is on the screen, and does what is asked for, until [end] or [close]. Where a
     * fault has ended the app it begins another one, at its first page: nothing of a check is kept.
     */
    public suspend fun follow() {
        while (!isEnded) {
            core?.let { running ->
                followed.follow(running.updates)
                // A license that was checked is not left behind.
                followed.clear()
                if (isEnded) return
                core = null
                running.close()
            }
            delay(PAUSE)
            if (!isEnded) startAnew()
        }
    }

    /** The app is on the screen, also once more. */
    public fun appSeen() {
        isSeen = true
        send(OfficerAction.Seen)
    }

    /** The app is out of sight. */
    public fun appLeft() {
        isSeen = false
        send(OfficerAction.Left)
    }

    /** Ends the app, and waits until it has ended. */
    public suspend fun end() {
        isEnded = true
        core?.end()
    }

    /** Ends the app without waiting. */
    public fun close() {
        isEnded = true
        core?.close()
    }

    override fun send(action: OfficerAction) {
        core?.send(action)
    }

    override fun nextEdit(shown: ULong): ULong = followed.nextEdit(shown)

    override fun seen(texts: List<String>): Unit = ofCamera(OfficerAnswer.Texts(texts))

    override fun cameraRefused(): Unit = ofCamera(OfficerAnswer.CameraRefused)

    override fun picture(id: String): ByteArray? = core?.picture(id)

    override fun question(id: ULong): QrSymbol? = core?.question(id)

    /** The screen with the camera sends the answer itself, perhaps a moment late. */
    private fun ofCamera(answer: OfficerAnswer) {
        val asked = updates.value.effects.firstOrNull { it.ask is OfficerAsk.Camera }
        asked?.let { send(OfficerAction.Done(it.id, answer)) }
    }

    private fun startCore() {
        try {
            core = start()
        } catch (_: WalletException) {
            return
        }
    }

    private fun startAnew() {
        startCore()
        if (isSeen) appSeen()
    }

    private suspend fun begin(effect: OfficerShellEffect) {
        when (val ask = effect.ask) {
            is OfficerAsk.Share -> {
                core?.exported()?.let { phone.share(it) }
                send(OfficerAction.Done(effect.id, OfficerAnswer.Shared))
            }

            is OfficerAsk.Leave -> {
                phone.leave(ask.to)
                send(OfficerAction.Done(effect.id, OfficerAnswer.Left))
            }

            // The screen with the camera answers, and puts its light on.
            is OfficerAsk.Camera, is OfficerAsk.Torch -> {}
        }
    }

    private companion object {
        val NOTHING_YET = OfficerUpdate(0u, OfficerScreen.Opening, false, emptyList())

        /** The pause before another try: a fault that repeats must not keep the phone busy. */
        val PAUSE = 1.seconds
    }
}
