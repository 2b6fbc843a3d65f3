package org.vidimus.shell

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import java.util.concurrent.atomic.AtomicLong

/**
 * What both shells are made of: the screen of the app that is followed, and what was begun on the
 * phone for it.
 *
 * @param scope where the phone is asked
 * @param nothingYet what is on the screen where there is no app
 * @param begin does on the phone what an effect asks for
 */
internal class Followed<U, E>(
    private val scope: CoroutineScope,
    private val nothingYet: U,
    private val effects: (U) -> List<E>,
    private val id: (E) -> ULong,
    private val begin: suspend (E) -> Unit,
) {
    private val now = MutableStateFlow(nothingYet)
    private val edit = AtomicLong()

    /** What was begun, by the id of its effect, until the effect is gone. */
    private val begun = HashMap<ULong, Job>()

    /** What is on the screen, and what is asked for. */
    val updates: StateFlow<U> = now.asStateFlow()

    /** Hands on what is on the screen, and does what is asked for, until the app has ended. */
    suspend fun follow(app: Flow<U>) {
        app.collect { update ->
            now.value = update
            follow(effects(update))
        }
        follow(emptyList<E>())
    }

    /** Takes what is on the screen off it. */
    fun clear() {
        now.value = nothingYet
    }

    /** The number for what is typed next: higher than all before it, and than the one [shown]. */
    fun nextEdit(shown: ULong): ULong = edit.updateAndGet { maxOf(it, shown.toLong()) + 1 }.toULong()

    /** Begins what is new, and ends what is gone. */
    private fun follow(effects: List<E>) {
        val ids = effects.mapTo(HashSet(), id)
        for ((gone, job) in begun.filterKeys { it !in ids }) {
            begun.remove(gone)
            job.cancel()
        }
        for (effect in effects) {
            if (id(effect) !in begun) begun[id(effect)] = scope.launch { begin(effect) }
        }
    }
}
