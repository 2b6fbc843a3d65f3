package org.vidimus

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlin.time.Duration
import kotlin.time.TimeSource

/**
 * One showing of one license, to anyone or in answer to a reader. It ends by itself after five
 * minutes; an answer to a reader ends 110 seconds after the challenge was read. It also ends when
 * its [Wallet] is closed.
 *
 * It may be used from any thread. After [close] its functions throw [WalletException.Closed].
 */
public class Presentation internal constructor(
    core: CorePresentation,
    private val clock: TimeSource.WithComparableMarks = TimeSource.Monotonic,
    private val dispatcher: CoroutineDispatcher = Dispatchers.Default,
) : AutoCloseable {
    private val lifetime = Lifetime(core)
    private val over = CompletableDeferred<Unit>()

    /**
     * The frames to show, one after another: each for as long as it says between [Frame.issuedAt]
     * and [Frame.rotatesAt], about ten seconds, by the device's monotonic clock, which no one sets.
     *
     * The flow is cold, and completes when the presentation is over: after its time, after [end],
     * after [close]. Where it answered a reader and its time is over, the reader must ask again.
     * Each collector gets its own frames; for several views of one screen share it with `stateIn`.
     * On Android this clock stands still while the device sleeps: collect only while the screen
     * shows them, as `repeatOnLifecycle` does, and begin anew when it shows them again.
     *
     * The flow fails with the exceptions of [frame], except those that say that it is over.
     */
    public fun frames(): Flow<Frame> =
        flow {
            val left = unlessOver { remaining() } ?: return@flow
            val end = clock.markNow() + left
            while (!over.isCompleted && end.hasNotPassedNow()) {
                val begun = clock.markNow()
                val frame = unlessOver { frame() } ?: break
                if (over.isCompleted) break
                emit(frame)
                val next = minOf(begun + (frame.rotatesAt - frame.issuedAt), end)
                withTimeoutOrNull(-next.elapsedNow()) { over.await() }
            }
        }

    /**
     * Signs a new frame and draws it. For a screen use [frames].
     *
     * @throws WalletException.PresentationEnded after five minutes, and after [end]
     * @throws WalletException.Challenge [ChallengeProblem.OVER], 110 seconds after the challenge
     * was read
     * @throws WalletException.KeyStore where the device does not sign, and [WalletException.Vault]
     * where it has destroyed the key
     */
    public suspend fun frame(): Frame =
        // It is made on the thread of the call, which takes too long for a thread that draws.
        withContext(dispatcher) {
            lifetime.cancellable { core, cancel -> core.frame(cancel) }
        }

    /**
     * Whether the next frames carry the driver's face, in [Frame.face]. It is off until the driver
     * wants it, also where the reader asks for it.
     *
     * @throws WalletException.PresentationEnded after [end]
     */
    public suspend fun showFace(on: Boolean): Unit = lifetime.call { it.showFace(on) }

    /** How much longer it lasts; zero once it has ended. */
    public suspend fun remaining(): Duration = lifetime.call { it.remaining() }

    /**
     * Ends it and waits until it is in the activity log. After [close] alone the entry is written
     * too, a moment later.
     *
     * @throws WalletException.Storage where the entry could not be written
     */
    public suspend fun end() {
        over.complete(Unit)
        // Not cancelled halfway: the library would continue after this object has ended.
        withContext(NonCancellable) { lifetime.call { it.end() } }
    }

    /**
     * Releases the license and its key. A frame that is being made ends with
     * [WalletException.Closed].
     */
    override fun close() {
        over.complete(Unit)
        lifetime.close()
    }

    /** The result of the call; `null` once the presentation is over. */
    private inline fun <T> unlessOver(call: () -> T): T? =
        try {
            call()
        } catch (_: WalletException.PresentationEnded) {
            null
        } catch (failure: WalletException.Challenge) {
            if (failure.reason == ChallengeProblem.OVER) null else throw failure
        } catch (_: WalletException.Closed) {
            null
        }
}
