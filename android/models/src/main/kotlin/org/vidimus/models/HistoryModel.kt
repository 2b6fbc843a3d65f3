package org.vidimus.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import org.vidimus.Activity
import org.vidimus.ActivityEvent
import org.vidimus.Audience
import org.vidimus.WalletException

/** What happened to the licenses: the newest entries of the wallet's log. */
internal class HistoryModel(
    private val scope: CoroutineScope,
    private val failed: (WalletException) -> Unit,
    private val reader: suspend (limit: Int) -> Activity,
) {
    private val states = MutableStateFlow<HistoryState?>(null)

    /** `null` until it is read: an empty one would say that nothing happened. */
    val state: StateFlow<HistoryState?> = states.asStateFlow()

    /** Reads the log; [loaded] is called when there is something to see. */
    fun load(loaded: () -> Unit) {
        scope.launch {
            try {
                val activity = reader(LONGEST)
                val rows = activity.entries.map { HistoryRow(it.at, it.event.shown()) }
                states.value = HistoryState(rows, activity.intact)
            } catch (failure: WalletException) {
                failed(failure)
                return@launch
            }
            loaded()
        }
    }

    private fun ActivityEvent.shown(): HistoryEvent =
        when (this) {
            is ActivityEvent.Shown -> HistoryEvent.Shown(audience.asker(), portrait, status.standing)
            is ActivityEvent.Enrolled -> HistoryEvent.Enrolled
            is ActivityEvent.Renewed -> HistoryEvent.Renewed
            is ActivityEvent.StatusChanged -> HistoryEvent.StatusChanged(from, to)
            is ActivityEvent.Removed -> HistoryEvent.Removed
        }

    private fun Audience.asker(): Asker? =
        when (this) {
            is Audience.Anyone -> null
            is Audience.Reader -> askerNamed(name, proven)
        }

    private companion object {
        const val LONGEST = 100
    }
}
