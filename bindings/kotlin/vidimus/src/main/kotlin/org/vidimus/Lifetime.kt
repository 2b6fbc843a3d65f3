package org.vidimus

/**
 * An object of the native library from its making to its end: no call begins after [close], a call
 * that is under way then is given up, and the object itself goes when the last call has left it.
 */
internal class Lifetime<C : Disposable>(
    private val core: C,
) : AutoCloseable {
    private val lock = Any()
    private val cancels = HashSet<CoreCancelToken>()
    private var calls = 0
    private var closed = false

    /** A token that the last call left uncancelled: a frame is too short to make one for each. */
    private var spare: CoreCancelToken? = null

    /** Makes a call that is too short to be given up. */
    inline fun <R> call(block: (C) -> R): R {
        enter()
        try {
            return translated { block(core) }
        } finally {
            leave()
        }
    }

    /** Makes a call that ends when its coroutine is cancelled, and when this is closed. */
    inline fun <R> cancellable(block: (C, CoreCancelToken) -> R): R {
        enter()
        try {
            return withToken(block)
        } finally {
            leave()
        }
    }

    private inline fun <R> withToken(block: (C, CoreCancelToken) -> R): R {
        val token = takeToken()
        var reusable = false
        try {
            val result = translated { block(core, token) }
            // Some calls answer a cancellation with what they have: no one waits for that any more.
            if (isClosed()) throw WalletException.Closed()
            reusable = true
            return result
        } catch (cancelled: WalletException.Cancelled) {
            throw if (isClosed()) WalletException.Closed() else cancelled
        } finally {
            giveBack(token, reusable)
        }
    }

    override fun close() {
        val underWay: List<CoreCancelToken>
        val unused: CoreCancelToken?
        val last: Boolean
        synchronized(lock) {
            if (closed) return
            closed = true
            underWay = cancels.toList()
            // Taken here, for a call that has just entered would take it too.
            unused = spare
            spare = null
            last = calls == 0
        }
        // Outside the lock: a call that is given up may go on in this very thread.
        underWay.forEach { token -> synchronized(token) { if (!token.uniffiIsDestroyed) token.cancel() } }
        unused?.destroy()
        if (last) core.destroy()
    }

    fun isClosed(): Boolean = synchronized(lock) { closed }

    private fun enter(): Unit =
        synchronized(lock) {
            if (closed) throw WalletException.Closed()
            calls++
        }

    private fun leave() {
        val last = synchronized(lock) { --calls == 0 && closed }
        if (last) core.destroy()
    }

    private fun takeToken(): CoreCancelToken =
        synchronized(lock) {
            val token = spare ?: CoreCancelToken()
            spare = null
            // Closed since the call entered: it ends at once.
            if (closed) token.cancel() else cancels.add(token)
            token
        }

    private fun giveBack(
        token: CoreCancelToken,
        reusable: Boolean,
    ) {
        synchronized(lock) {
            cancels.remove(token)
            if (reusable && !closed && spare == null) {
                spare = token
                return
            }
        }
        synchronized(token) {
            token.cancel()
            token.destroy()
        }
    }
}

/**
 * Makes a call that has no object yet: when it ends early, the library's side of it is stopped too.
 */
internal inline fun <R> withCancelToken(block: (CoreCancelToken) -> R): R {
    val token = translated { CoreCancelToken() }
    try {
        return translated { block(token) }
    } finally {
        // After a call that has ended by itself this stops nothing.
        token.cancel()
        token.destroy()
    }
}

/**
 * Lets out only the closed list of errors: a fault of the native side has a text that no one should
 * read.
 */
internal inline fun <R> translated(call: () -> R): R =
    try {
        call()
    } catch (_: InternalException) {
        throw WalletException.Internal()
    }

/**
 * The text itself where it is proper Unicode. A lone surrogate cannot cross, so it is refused here,
 * before the call.
 */
internal fun String.proper(): String {
    var index = 0
    while (index < length) {
        val unit = this[index++]
        if (!unit.isSurrogate()) continue
        if (!unit.isHighSurrogate() || index == length || !this[index++].isLowSurrogate()) {
            throw WalletException.InvalidArgument()
        }
    }
    return this
}
