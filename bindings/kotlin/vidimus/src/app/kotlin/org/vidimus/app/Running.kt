package org.vidimus.app

import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.withContext
import org.vidimus.CoreCancelToken
import org.vidimus.Disposable
import org.vidimus.Lifetime
import org.vidimus.WalletException

/**
 * What both apps are made of: an object of the library whose task owns the state, and its end.
 * Nothing here throws: once the app is over there is no news, and what is sent does nothing.
 */
internal class Running<C : Disposable>(
    core: C,
) : AutoCloseable {
    private val lifetime = Lifetime(core)

    /** What [next] gives, one update after another, until the app has ended. */
    fun <U : Any> updates(
        number: (U) -> ULong,
        next: suspend (after: ULong) -> U?,
    ): Flow<U> =
        flow {
            var newest = next(0u)
            while (newest != null) {
                emit(newest)
                newest = next(number(newest))
            }
        }

    /** What a call that waits gives; `null` once the app is over. */
    suspend inline fun <R> waiting(call: (C, CoreCancelToken) -> R): R? = unlessOver { lifetime.cancellable(call) }

    /** What a call that returns at once gives; `null` once the app is over. */
    inline fun <R> calling(call: (C) -> R): R? = unlessOver { lifetime.call(call) }

    /** Ends the app by a [call] that waits for its end. */
    suspend fun end(call: suspend (C) -> Unit) {
        // Not cancelled: a showing would go on in the library without an end.
        withContext(NonCancellable) { calling { call(it) } }
        close()
    }

    override fun close(): Unit = lifetime.close()

    /** A fault of the library ends the app, so that no one waits for news of it. */
    private inline fun <R> unlessOver(call: () -> R): R? =
        try {
            call()
        } catch (_: WalletException.Closed) {
            null
        } catch (_: WalletException.Internal) {
            null.also { close() }
        }
}
