package org.vidimus.shell

import org.vidimus.app.LockOutcome
import org.vidimus.app.Place
import org.vidimus.app.UnlockReason

/** What only a phone can do. Each system brings its own; a desktop has one too. */
public interface Phone {
    /** Whether the phone has a screen lock now. */
    public val hasLock: Boolean

    /** Asks the phone's lock for its owner. Cancelled, it closes what it has open. */
    public suspend fun unlock(reason: UnlockReason): LockOutcome

    /** Leads the driver out of the app, and returns once that was begun. */
    public fun leave(to: Place)

    /**
     * Opens this [address] in the system's browser, never in a view of the app itself. `false` where
     * there is none. It returns once that was begun; the browser comes back by a link.
     */
    public suspend fun browse(address: String): Boolean

    /**
     * Keeps this in place of what was there, for when the system has ended the app; `null` for
     * nothing. It returns once that is done. Cancelled before it was begun, it keeps nothing:
     * something newer comes. Only the activity learns whether the system or the driver has ended
     * the app, so it reads what was kept: an iPhone's `kept` has no counterpart here.
     */
    public suspend fun keep(saved: ByteArray?)

    /**
     * Asks the system not to suspend the app until this is cancelled. A system that does not
     * suspend just waits.
     */
    public suspend fun stayAwake()
}
