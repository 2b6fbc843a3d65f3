package org.vidimus.shell

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import org.vidimus.QrSymbol
import org.vidimus.app.Action
import org.vidimus.app.Answer
import org.vidimus.app.Ask
import org.vidimus.app.DriverApp
import org.vidimus.app.Screen
import org.vidimus.app.ShellEffect
import org.vidimus.app.Update
import java.util.concurrent.atomic.AtomicLong

/**
 * The driver's app on a phone: it hands on what is on the screen, and does on the [phone] what the app asks for. It decides
 * nothing.
 *
 * @param app the app, which this ends with [scope] no more than it began it
 * @param scope where the phone is asked; its thread is the screen's
 */
public class Shell(
    private val app: DriverApp,
    private val phone: Phone,
    private val scope: CoroutineScope,
) : Driver {
    private val newest = MutableStateFlow(Update(0u, Screen.Opening, false, emptyList()))
    private val edit = AtomicLong()

    /** What is under way on the phone, by the id of its effect. Touched by [follow]'s coroutine alone. */
    private val underWay = HashMap<ULong, Job>()

    /** What is on the screen, and what is asked for. */
    public val updates: StateFlow<Update> = newest.asStateFlow()

    /** Hands on what is on the screen, and does what is asked for, until the app has ended. */
    public suspend fun follow() {
        app.updates.collect { update ->
            newest.value = update
            follow(update.effects)
        }
    }

    /** The app is seen, also once more. */
    public fun seen(): Unit = send(Action.Seen(phone.hasLock))

    override fun send(action: Action): Unit = app.send(action)

    override fun nextEdit(shown: ULong): ULong = edit.updateAndGet { maxOf(it, shown.toLong()) + 1 }.toULong()

    override fun seen(text: String): Unit = ofCamera(Answer.Seen(text))

    override fun cameraRefused(): Unit = ofCamera(Answer.CameraRefused)

    override fun picture(id: String): ByteArray? = app.picture(id)

    override fun frame(
        showing: ULong,
        number: ULong,
    ): QrSymbol? = app.frame(showing, number)

    private fun ofCamera(answer: Answer) {
        val asked = newest.value.effects.firstOrNull { it.ask is Ask.Camera }
        asked?.let { send(Action.Done(it.id, answer)) }
    }

    /** Begins what is new, and ends what is gone. */
    private fun follow(effects: List<ShellEffect>) {
        val ids = effects.mapTo(HashSet()) { it.id }
        underWay.filterKeys { it !in ids }.forEach { (id, job) ->
            underWay.remove(id)
            job.cancel()
        }
        for (effect in effects) {
            if (effect.id !in underWay) underWay[effect.id] = scope.launch { begin(effect) }
        }
    }

    private suspend fun begin(effect: ShellEffect) {
        when (val ask = effect.ask) {
            is Ask.Unlock -> {
                done(effect, Answer.Lock(phone.unlock(ask.reason)))
            }

            is Ask.Leave -> {
                phone.leave(ask.to)
                done(effect, Answer.Left)
            }

            is Ask.Save -> {
                app.saved()?.let(phone::keep)
                done(effect, Answer.Saved)
            }

            is Ask.StayAwake -> {
                phone.stayAwake()
            }

            // The screen shows what it sees, and answers.
            is Ask.Camera -> {}
        }
    }

    private fun done(
        effect: ShellEffect,
        answer: Answer,
    ): Unit = send(Action.Done(effect.id, answer))
}
