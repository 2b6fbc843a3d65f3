package org.vidimus.shell.support

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation
import org.vidimus.app.LockOutcome
import org.vidimus.app.Place
import org.vidimus.app.UnlockReason
import org.vidimus.shell.Phone

/** A phone that remembers what it was asked for, and answers when a test says. */
class StandInPhone : Phone {
    override var hasLock: Boolean = true

    /** What it was asked for, the first first. */
    val asked = mutableListOf<String>()

    /** What is open now: dialogs of the lock, and wishes to stay awake. */
    val open = mutableListOf<String>()

    /** What the driver says to the dialog that is open; a new one for the next. */
    var finger = CompletableDeferred<LockOutcome>()

    override suspend fun unlock(reason: UnlockReason): LockOutcome = during("unlock $reason") { finger.await() }

    override fun leave(to: Place) {
        asked += "leave $to"
    }

    /** Whether it has a browser. */
    var hasBrowser = true

    override suspend fun browse(address: String): Boolean {
        asked += "browse $address"
        return hasBrowser
    }

    override suspend fun keep(saved: ByteArray?) {
        asked += "keep ${saved?.decodeToString() ?: "nothing"}"
    }

    override suspend fun stayAwake(): Unit = during("awake") { awaitCancellation() }

    private suspend fun <T> during(
        what: String,
        block: suspend () -> T,
    ): T {
        asked += what
        open += what
        try {
            return block()
        } finally {
            open -= what
        }
    }
}
