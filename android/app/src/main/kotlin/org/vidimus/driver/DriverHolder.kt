package org.vidimus.driver

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.launch
import org.vidimus.shell.Shell

/**
 * The driver's app and the phone under it. It keeps both while the activity is made anew: turned
 * round, put in the dark, or given another language.
 */
internal class DriverHolder : ViewModel() {
    private var held: Held? = null

    /**
     * The one that is there, or one that begins.
     *
     * @param wasEnded the system has ended the app and opens it again: it begins where it was.
     *   Otherwise the driver had closed it, and it begins at its first page
     */
    fun held(
        app: App,
        wasEnded: Boolean,
    ): Held = held ?: begun(app, wasEnded).also { held = it }

    private fun begun(
        app: App,
        wasEnded: Boolean,
    ): Held {
        val state = SavedState(app)
        if (!wasEnded) state.clear()
        val phone = AndroidPhone(app, state)
        val shell = Shell(phone, viewModelScope, state.read()) { app.start(phone.hasLock, it) }
        viewModelScope.launch { shell.follow() }
        return Held(phone, shell)
    }

    /** The activity is finished, and so is what was shown. What must come to its end does. */
    override fun onCleared() {
        held?.shell?.close()
    }

    class Held(
        val phone: AndroidPhone,
        val shell: Shell,
    )
}
