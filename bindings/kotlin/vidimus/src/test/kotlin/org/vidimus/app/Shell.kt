package org.vidimus.app

import kotlinx.coroutines.withTimeout
import org.vidimus.DeviceKeys
import org.vidimus.NetworkAccess
import org.vidimus.support.Phone
import org.vidimus.support.Registered
import kotlin.time.Duration.Companion.seconds

/** The driver's app on this phone. */
fun Phone.start(
    saved: ByteArray? = null,
    keys: DeviceKeys = this.keys,
    network: NetworkAccess = NetworkAccess.BuiltIn(),
    bootId: ByteArray? = null,
): DriverApp = DriverApp.start(directory, authority.rootKey, authority.issuer, keys, hasLock = true, saved, network, bootId)

/** A shell without pictures: it answers what the app asks a phone for, and waits for screens. */
class Shell(
    val app: DriverApp,
) {
    /** What the phone's lock says when it is asked. */
    var lock = LockOutcome.OPENED

    /** The update that was seen last. */
    var seen: Update? = null
        private set
    private var edits = 0uL
    private val begun = HashSet<ULong>()

    fun send(action: Action) = app.send(action)

    /** The number of what is typed next. */
    fun edit(): ULong = ++edits

    /**
     * Waits until a screen is there of which [find] finds something; what is there already counts.
     */
    suspend fun <T : Any> sees(find: (Screen) -> T?): T =
        withTimeout(20.seconds) {
            var found = seen?.let { find(it.screen) }
            while (found == null) {
                val update = checkNotNull(app.next(seen?.number ?: 0uL)) { "the app has ended" }
                seen = update
                answer(update)
                found = find(update.screen)
            }
            found
        }

    /** Waits for the next code of a showing after number [after]. */
    suspend fun code(after: ULong = 0uL): LiveCode =
        sees { screen ->
            val live = ((screen as? Screen.Show)?.v1?.phase as? ShowPhase.Live)?.code
            live?.takeIf { it.frame > after }
        }

    /** From the first screen to a license, as a driver types it. */
    suspend fun enroll(registered: Registered) {
        sees { screen -> (screen as? Screen.Welcome)?.v1?.takeIf { !it.reading } }
        send(Action.TypeOffer(registered.offer, edit()))
        send(Action.ReadOffer)
        sees { screen -> (screen as? Screen.Offer)?.v1 }
        send(Action.TypeCode(registered.txCode, edit()))
        sees { screen -> (screen as? Screen.Offer)?.v1?.takeIf { it.mayTake } }
        send(Action.TakeOffer)
        sees { screen -> (screen as? Screen.License)?.v1 }
    }

    private fun answer(update: Update) {
        for (effect in update.effects) {
            if (!begun.add(effect.id)) continue
            val answer =
                when (effect.ask) {
                    is Ask.Unlock -> Answer.Lock(lock)
                    is Ask.Leave, Ask.OpenBrowser -> Answer.Left
                    Ask.Save -> Answer.Saved
                    Ask.Camera, Ask.StayAwake -> continue
                }
            send(Action.Done(effect.id, answer))
        }
    }
}
