package org.vidimus.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import org.vidimus.WalletException

/** What is stored, and how to remove it: it asks first, and so does the phone's lock. */
internal class SettingsModel(
    private val scope: CoroutineScope,
    first: SettingsState,
    private val unlock: suspend () -> LockOutcome,
    private val failed: (WalletException) -> Unit,
    private val remover: suspend (license: String) -> Unit,
) {
    private val states = MutableStateFlow(first)
    private var removing: Job? = null

    val state: StateFlow<SettingsState> = states.asStateFlow()

    /** Takes over what the wallet holds now. */
    fun follow(licenses: List<LicenseCard>): Unit =
        states.update { state ->
            val still = state.removing?.takeIf { id -> licenses.any { it.id == id } }
            state.copy(licenses = licenses, removing = still)
        }

    fun ask(license: String): Unit =
        states.update { state ->
            val known = state.licenses.any { it.id == license }
            if (known && removing?.isActive != true) state.copy(removing = license) else state
        }

    fun keep() {
        if (removing?.isActive != true) states.update { it.copy(removing = null) }
    }

    /**
     * Removes the license that was asked about, once the phone's lock is open; [done] is called when it is gone. Where
     * the lock stays shut, so does the license stay, and the question.
     */
    fun remove(done: suspend () -> Unit) {
        val license = states.value.removing ?: return
        if (removing?.isActive == true) return
        removing =
            scope.launch {
                val outcome = unlock()
                ensureActive()
                // A phone without a lock has nobody to ask.
                if (outcome != LockOutcome.OPENED && outcome != LockOutcome.NO_LOCK) return@launch
                try {
                    remover(license)
                } catch (_: WalletException.NoSuchLicense) {
                    // Somebody was faster: it is gone, as was wished.
                } catch (failure: WalletException) {
                    states.update { it.copy(removing = null) }
                    failed(failure)
                    return@launch
                }
                states.update { it.copy(removing = null) }
                done()
            }
    }
}
