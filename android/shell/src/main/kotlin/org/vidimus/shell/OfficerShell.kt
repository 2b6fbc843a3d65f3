package org.vidimus.shell

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import org.vidimus.QrSymbol
import org.vidimus.app.OfficerAction
import org.vidimus.app.OfficerAnswer
import org.vidimus.app.OfficerApp
import org.vidimus.app.OfficerAsk
import org.vidimus.app.OfficerScreen
import org.vidimus.app.OfficerShellEffect
import org.vidimus.app.OfficerUpdate
import org.vidimus.app.Place
import java.util.concurrent.atomic.AtomicLong

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
 * @param scope where the phone is asked; its thread is the screen's
 */
public class OfficerShell(
    private val phone: OfficerPhone,
    private val scope: CoroutineScope,
    private val app: OfficerApp,
) : Officer {
    private val now = MutableStateFlow(OfficerUpdate(0u, OfficerScreen.Opening, false, emptyList()))
    private val edit = AtomicLong()

    /** What was begun on the phone, by the id of its effect, until the effect is gone. */
    private val begun = HashMap<ULong, Job>()

    /** What is on the screen, and what is asked for. */
    public val updates: StateFlow<OfficerUpdate> = now.asStateFlow()

    /** Hands on what is on the screen, and does what is asked for, until the app has ended. */
    public suspend fun follow() {
        app.updates.collect { update ->
            now.value = update
            follow(update.effects)
        }
        follow(emptyList())
    }

    /** The app is on the screen, also once more. */
    public fun appSeen(): Unit = send(OfficerAction.Seen)

    /** The app is out of sight. */
    public fun appLeft(): Unit = send(OfficerAction.Left)

    /** Ends the app, and waits until it has ended. */
    public suspend fun end(): Unit = app.end()

    override fun send(action: OfficerAction): Unit = app.send(action)

    override fun nextEdit(shown: ULong): ULong = edit.updateAndGet { maxOf(it, shown.toLong()) + 1 }.toULong()

    override fun seen(texts: List<String>): Unit = ofCamera(OfficerAnswer.Texts(texts))

    override fun cameraRefused(): Unit = ofCamera(OfficerAnswer.CameraRefused)

    override fun picture(id: String): ByteArray? = app.picture(id)

    override fun question(id: ULong): QrSymbol? = app.question(id)

    /** The screen with the camera sends the answer itself, perhaps a moment late. */
    private fun ofCamera(answer: OfficerAnswer) {
        val asked = now.value.effects.firstOrNull { it.ask is OfficerAsk.Camera }
        asked?.let { send(OfficerAction.Done(it.id, answer)) }
    }

    /** Begins what is new, and ends what is gone. */
    private fun follow(effects: List<OfficerShellEffect>) {
        val ids = effects.mapTo(HashSet()) { it.id }
        for ((id, job) in begun.filterKeys { it !in ids }) {
            begun.remove(id)
            job.cancel()
        }
        for (effect in effects) {
            if (effect.id !in begun) begun[effect.id] = scope.launch { begin(effect) }
        }
    }

    private suspend fun begin(effect: OfficerShellEffect) {
        when (val ask = effect.ask) {
            is OfficerAsk.Share -> {
                app.exported()?.let { phone.share(it) }
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
}
