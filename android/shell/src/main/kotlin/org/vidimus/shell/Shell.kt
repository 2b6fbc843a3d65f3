package org.vidimus.shell

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import org.vidimus.QrSymbol
import org.vidimus.app.Action
import org.vidimus.app.Answer
import org.vidimus.app.Ask
import org.vidimus.app.Screen
import org.vidimus.app.ShellEffect
import org.vidimus.app.Update
import java.util.concurrent.atomic.AtomicLong
import kotlin.time.Duration.Companion.seconds

/**
 * The driver's app on a phone: it hands on what is on the screen, and does on the [phone] what the app asks for. It decides
 * nothing.
 *
 * One shell lives as long as its app, and longer than the windows that show it: what it has begun it does not begin again
 * for another window.
 *
 * @param saved what the system gives back of an app that it ended
 * @param scope where the phone is asked; its thread is the screen's, and [follow] belongs there as well
 * @param start begins the app with what was kept of it. It is called at once, and again where a fault has ended the app
 */
public class Shell(
    private val phone: Phone,
    private val scope: CoroutineScope,
    saved: ByteArray? = null,
    private val start: (saved: ByteArray?) -> Core,
) : Driver {
    @Volatile
    private var core = start(saved)

    @Volatile
    private var isEnded = false

    @Volatile
    private var isSeen = false

    private val newest = MutableStateFlow(NOTHING_YET)
    private val edit = AtomicLong()

    /** What was begun on the phone, by the id of its effect, until the effect is gone. */
    private val begun = HashMap<ULong, Job>()

    /** What is on the screen, and what is asked for. */
    public val updates: StateFlow<Update> = newest.asStateFlow()

    /**
     * Hands on what is on the screen, and does what is asked for, until [end] or [close]. Where a fault has ended the app
     * it begins another one with what was kept: a code that nobody renews must not stay on the screen.
     */
    public suspend fun follow() {
        while (true) {
            core.updates.collect { update ->
                newest.value = update
                follow(update.effects)
            }
            follow(emptyList())
            if (isEnded) return
            newest.value = NOTHING_YET
            delay(BEFORE_ANOTHER)
            if (isEnded) return
            startAnew()
        }
    }

    /** The app is on the screen, also once more. */
    public fun appSeen() {
        isSeen = true
        send(Action.Seen(phone.hasLock))
    }

    /** The app is out of sight. */
    public fun appLeft() {
        isSeen = false
        send(Action.Left)
    }

    /** A link came, or other text from outside. */
    public fun link(text: String): Unit = send(Action.Link(text))

    /** Ends the app, and waits until what was shown stands in the log. */
    public suspend fun end() {
        isEnded = true
        core.end()
    }

    /** Ends the app without waiting; what was shown still comes into the log. */
    public fun close() {
        isEnded = true
        core.close()
    }

    override fun send(action: Action): Unit = core.send(action)

    override fun nextEdit(shown: ULong): ULong = edit.updateAndGet { maxOf(it, shown.toLong()) + 1 }.toULong()

    override fun seen(text: String): Unit = ofCamera(Answer.Seen(text))

    override fun cameraRefused(): Unit = ofCamera(Answer.CameraRefused)

    override fun picture(id: String): ByteArray? = core.picture(id)

    override fun frame(
        showing: ULong,
        number: ULong,
    ): QrSymbol? = core.frame(showing, number)

    /** The screen with the camera answers by itself, and may be a moment behind. */
    private fun ofCamera(answer: Answer) {
        val asked = newest.value.effects.firstOrNull { it.ask is Ask.Camera }
        asked?.let { send(Action.Done(it.id, answer)) }
    }

    private fun startAnew() {
        val saved = core.saved()
        core.close()
        core = start(saved)
        if (isSeen) appSeen()
    }

    /** Begins what is new, and ends what is gone. */
    private fun follow(effects: List<ShellEffect>) {
        val ids = effects.mapTo(HashSet()) { it.id }
        val gone = begun.filterKeys { it !in ids }
        for ((id, job) in gone) {
            begun.remove(id)
            job.cancel()
        }
        for (effect in effects) {
            if (effect.id !in begun) begun[effect.id] = scope.launch { begin(effect) }
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
                core.saved()?.let(phone::keep)
                done(effect, Answer.Saved)
            }

            is Ask.StayAwake -> {
                phone.stayAwake()
            }

            // The screen with the camera answers.
            is Ask.Camera -> {}
        }
    }

    private fun done(
        effect: ShellEffect,
        answer: Answer,
    ): Unit = send(Action.Done(effect.id, answer))

    private companion object {
        val NOTHING_YET = Update(0u, Screen.Opening, false, emptyList())

        /** A fault that comes again at once is not to keep the phone busy. */
        val BEFORE_ANOTHER = 1.seconds
    }
}
