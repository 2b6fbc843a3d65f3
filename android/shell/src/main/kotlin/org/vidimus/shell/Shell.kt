package org.vidimus.shell

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.StateFlow
import org.vidimus.QrSymbol
import org.vidimus.WalletException
import org.vidimus.app.Action
import org.vidimus.app.Answer
import org.vidimus.app.Ask
import org.vidimus.app.Screen
import org.vidimus.app.ShellEffect
import org.vidimus.app.Update
import java.util.concurrent.atomic.AtomicReference
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/**
 * The driver's app on a phone: it hands on what is on the screen, and does on the [phone] what the
 * app asks for. It decides nothing.
 *
 * One shell lives as long as its app, and longer than the windows that show it: what it has begun
 * it does not begin again for another window.
 */
public class Shell internal constructor(
    private val phone: Phone,
    scope: CoroutineScope,
    /** What the next app begins with; one app each. */
    private var saved: ByteArray?,
    private val time: TimeSource,
    private val start: (saved: ByteArray?) -> Core,
) : Driver {
    /** `null` where there is none for a while: a fault has ended it, or it could not be started. */
    @Volatile
    private var core: Core? = null

    private var startedAt = time.markNow()

    /** What this app has asked to keep last. After a fault it cannot be asked any more. */
    private var newest: ByteArray? = null

    @Volatile
    private var isEnded = false

    @Volatile
    private var isSeen = false

    /** A link that came while there was no app. */
    private val waiting = AtomicReference<String>()

    private val followed = Followed(scope, NOTHING_YET, Update::effects, ShellEffect::id, ::begin)

    /**
     * @param scope where the phone is asked; its thread is the screen's, and [follow] belongs there
     * as well
     * @param saved what was kept of an app that the system ended
     * @param start begins the app with what was kept of it; `null` for nothing. It is called at
     *   once, and again where it throws a [WalletException], or where a fault has ended the app
     */
    public constructor(
        phone: Phone,
        scope: CoroutineScope,
        saved: ByteArray? = null,
        start: (saved: ByteArray?) -> Core,
    ) : this(phone, scope, saved, TimeSource.Monotonic, start)

    init {
        startCore()
    }

    /** What is on the screen, and what is asked for. */
    public val updates: StateFlow<Update> = followed.updates

    /**
     * Hands on what is on the screen, and does what is asked for, until [end] or [close]. Where a
     * fault has ended the app it begins another one with what was kept: a code that no one renews
     * must not stay on the screen. An app that cannot be started is tried again.
     */
    public suspend fun follow() {
        while (!isEnded) {
            core?.let { running ->
                followed.follow(running.updates)
                if (isEnded) return
                followed.clear()
                forget(running)
            }
            delay(PAUSE)
            if (!isEnded) startAnew()
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

    /**
     * A link came, or other text from outside. Where there is no app now, the next one gets the
     * last of them.
     */
    public fun link(text: String) {
        waiting.set(text)
        handOverLink()
    }

    /** Ends the app, and waits until what was shown is in the log. */
    public suspend fun end() {
        isEnded = true
        core?.end()
    }

    /** Ends the app without waiting; what was shown still comes into the log. */
    public fun close() {
        isEnded = true
        core?.close()
    }

    override fun send(action: Action) {
        core?.send(action)
    }

    override fun nextEdit(shown: ULong): ULong = followed.nextEdit(shown)

    override fun seen(text: String): Unit = ofCamera(Answer.Seen(text))

    override fun cameraRefused(): Unit = ofCamera(Answer.CameraRefused)

    override fun picture(id: String): ByteArray? = core?.picture(id)

    override fun frame(
        showing: ULong,
        number: ULong,
    ): QrSymbol? = core?.frame(showing, number)

    /** The screen with the camera sends the answer itself, perhaps a moment late. */
    private fun ofCamera(answer: Answer) {
        val asked = updates.value.effects.firstOrNull { it.ask is Ask.Camera }
        asked?.let { send(Action.Done(it.id, answer)) }
    }

    /**
     * Where that fails there is no app. What was kept was not used, so the next try gets it.
     */
    private fun startCore() {
        try {
            core = start(saved)
        } catch (_: WalletException) {
            return
        }
        startedAt = time.markNow()
        saved = null
    }

    private fun startAnew() {
        startCore()
        if (isSeen) appSeen()
        handOverLink()
    }

    private fun handOverLink() {
        val running = core ?: return
        waiting.getAndSet(null)?.let { running.send(Action.Link(it)) }
    }

    /**
     * Lets go of an app that a fault has ended. The next one begins where this one was, but not
     * with what this one was given, nor with anything where it ended soon: a state that ends the
     * app would end it again and again.
     */
    private suspend fun forget(ended: Core) {
        core = null
        ended.close()
        saved = newest.takeIf { startedAt.elapsedNow() >= TRIAL }
        newest = null
        if (saved == null) phone.keep(null)
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

            is Ask.OpenBrowser -> {
                val isOpen = core?.signInAddress?.let { phone.browse(it) } ?: true
                done(effect, if (isOpen) Answer.Left else Answer.NoBrowser)
            }

            is Ask.Save -> {
                core?.saved()?.let {
                    newest = it
                    phone.keep(it)
                }
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

        /** The pause before another try: a fault that repeats must not keep the phone busy. */
        val PAUSE = 1.seconds

        /**
         * How long an app must have lived to be started again where it was: what ends it sooner may
         * be just that.
         */
        val TRIAL = 5.seconds
    }
}
