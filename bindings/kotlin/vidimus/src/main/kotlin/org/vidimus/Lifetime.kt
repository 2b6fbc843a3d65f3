package org.vidimus

import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/**
 * Owns an object of the native library. After [close] no call begins, and calls that are under way
 * are cancelled. The object is destroyed when the last call has returned.
 */
internal class Lifetime<C : Disposable>(
    private val core: C,
) : AutoCloseable {
    private val lock = Any()
    private val cancels = HashSet<CoreCancelToken>()
    private var calls = 0
    private var closed = false

    /** A token to use again. A frame takes so little time that a new token for each would cost much. */
    private var spare: CoreCancelToken? = null

    /** Makes a call that cannot be cancelled, since it is short. */
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
            // Some calls answer a cancellation with a partial result. After a close it is dropped.
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
            // Taken inside the lock: a call that has just entered would take it too.
            unused = spare
            spare = null
            last = calls == 0
        }
        // Outside the lock: a cancelled call may continue on this same thread.
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
 * [Makes][make] an object by a call that reads the disk, and [wraps][wrap] it. Where the caller
 * will not get it, it is destroyed here.
 */
internal suspend fun <C : Disposable, R> opened(
    make: suspend (CoreCancelToken) -> C,
    wrap: suspend (C) -> R,
): R {
    var core: C? = null
    try {
        return withCancelToken { cancel ->
            coroutineScope {
                val watch = launch(start = CoroutineStart.UNDISPATCHED) { cancel.whenCancelled() }
                // `watch` asks the call to end. Cutting it off would leak the new object, and with
                // it the vault's key.
                withContext(NonCancellable + Dispatchers.IO) {
                    wrap(make(cancel).also { core = it })
                }.also { watch.cancel() }
            }
        }
    } catch (failure: Throwable) {
        core?.destroy()
        currentCoroutineContext().ensureActive()
        throw failure
    }
}

private suspend fun CoreCancelToken.whenCancelled() {
    try {
        awaitCancellation()
    } finally {
        cancel()
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

/**
 * The same with text that can cross: half of a character, as a keyboard may leave one, becomes the
 * sign for an unknown one.
 */
internal fun String.whole(): String = encodeToByteArray().decodeToString()
