package org.vidimus.driver

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.launch
import org.vidimus.shell.Shell

/**
 * The driver's app and the phone under it. It keeps both while the activity is made anew: turned round, put in the dark, or
 * given another language.
 */
internal class DriverHolder : ViewModel() {
    private var held: Held? = null

    /** The one that is there, or one that begins with what was [saved]. */
    fun held(
        app: App,
        saved: ByteArray?,
    ): Held = held ?: begun(app, saved).also { held = it }

    private fun begun(
        app: App,
        saved: ByteArray?,
    ): Held {
        val phone = AndroidPhone(app, saved)
        val shell = Shell(phone, viewModelScope, saved) { app.start(phone.hasLock, it) }
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
