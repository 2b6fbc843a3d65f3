package org.vidimus.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.vidimus.ChallengeProblem
import org.vidimus.Frame
import org.vidimus.Presentation
import org.vidimus.WalletException
import kotlin.time.ComparableTimeMark
import kotlin.time.Duration
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** A presentation that has begun, as the model of its screen needs it. */
internal interface Showing : AutoCloseable {
    val frames: Flow<Frame>

    suspend fun remaining(): Duration

    suspend fun end()
}

internal fun Presentation.asShowing(): Showing =
    object : Showing {
        override val frames get() = this@asShowing.frames()

        override suspend fun remaining() = this@asShowing.remaining()

        override suspend fun end() = this@asShowing.end()

        override fun close() = this@asShowing.close()
    }

/**
 * Shows a license: the phone's lock, the codes one after another, the end.
 *
 * @param holder the holder's name, as it stands beside the code
 * @param audience for whom; `null`: whoever scans it
 * @param start begins the presentation, once the lock is open
 */
internal class ShowModel(
    private val scope: CoroutineScope,
    private val phone: Phone,
    private val holder: String,
    private val audience: Asker?,
    private val start: suspend () -> Showing,
) {
    private val states = MutableStateFlow<ShowState>(ShowState.Unlocking)
    private val elapsed: TimeSource.WithComparableMarks get() = phone.elapsed
    private var work: Job? = null

    val state: StateFlow<ShowState> = states.asStateFlow()

    /** Whether the lock is asked or a code is there, or about to be. */
    val isUnderWay: Boolean get() = !states.value.isOver

    /** Waits until it is not under way. */
    suspend fun awaitEnd() {
        states.first { it.isOver }
    }

    /** Asks the lock and shows the license. Does nothing while it is shown. */
    fun begin() {
        if (work?.isActive == true && !states.value.isOver) return
        val before = work
        states.value = ShowState.Unlocking
        work =
            scope.launch {
                // The one before writes its log entry first.
                before?.join()
                val outcome = phone.unlock()
                ensureActive()
                if (outcome == LockOutcome.OPENED) show() else states.value = ShowState.Locked(outcome)
            }
    }

    /** Takes the code off the screen at once. The job is done when it stands in the wallet's log. */
    fun end(): Job? {
        when (states.value) {
            is ShowState.Unlocking -> states.value = ShowState.Locked(LockOutcome.CANCELLED)
            is ShowState.Starting, is ShowState.Live -> states.value = ShowState.Over(byItself = false)
            is ShowState.Locked, is ShowState.Over, is ShowState.TooLate, is ShowState.Failed -> Unit
        }
        work?.cancel()
        return work
    }

    private suspend fun CoroutineScope.show() {
        states.value = ShowState.Starting
        try {
            start().use { showing ->
                try {
                    ensureActive()
                    showFrames(showing)
                    // The time of an answer is over long before that of a showing to anyone.
                    states.value = if (audience == null) ShowState.Over(byItself = true) else ShowState.TooLate
                } finally {
                    withContext(NonCancellable) { showing.log() }
                }
            }
        } catch (failure: WalletException) {
            ensureActive()
            // The wallet was closed under it: whoever did that knows.
            if (failure is WalletException.Closed) return
            states.value =
                if (failure.isTooLate) ShowState.TooLate else ShowState.Failed(troubleOf(failure, phone.hasLock))
        }
    }

    private suspend fun showFrames(showing: Showing): Unit =
        coroutineScope {
            val end = elapsed.markNow() + showing.remaining()
            var countdown: Job? = null
            showing.frames.collect { frame ->
                countdown?.cancel()
                val next = elapsed.markNow() + (frame.rotatesAt - frame.issuedAt)
                val code = frame.shown()
                countdown = launch { count(code, next, end) }
            }
            countdown?.cancel()
        }

    /** Counts to the next code, a second at a time. It is cancelled when that comes. */
    private suspend fun count(
        code: ShownCode,
        next: ComparableTimeMark,
        end: ComparableTimeMark,
    ) {
        while (true) {
            val left = next.left()
            if (left == Duration.ZERO) return
            states.value = ShowState.Live(code, nextIn = left.ceil(), endsIn = end.left().ceil())
            delay(left - (left.ceil() - 1).seconds)
        }
    }

    private fun Frame.shown(): ShownCode =
        ShownCode(
            symbol = symbol,
            holder = holder,
            standing = Standing(standing, status.asOf, status.age?.wholeMinutes()),
            audience = audience,
            statusLeftOut = stapleLeftOut,
        )

    private suspend fun Showing.log() {
        try {
            end()
        } catch (_: WalletException) {
            // It was shown all the same; what the disk does wrong the next screen tells.
        }
    }

    private val ShowState.isOver: Boolean
        get() =
            this is ShowState.Locked || this is ShowState.Over || this is ShowState.TooLate ||
                this is ShowState.Failed

    private val WalletException.isTooLate: Boolean
        get() = this is WalletException.Challenge && reason == ChallengeProblem.OVER

    private fun ComparableTimeMark.left(): Duration = maxOf(Duration.ZERO, -elapsedNow())

    private fun Duration.ceil(): Int = (this + 1.seconds - 1.nanoseconds).inWholeSeconds.toInt()
}
