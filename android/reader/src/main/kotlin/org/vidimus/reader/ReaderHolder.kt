package org.vidimus.reader

import android.content.Context
import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.launch
import org.vidimus.shell.OfficerShell

/**
 * The app that checks licenses, and the phone under it. It keeps both while the activity is made
 * anew: turned round, put in the dark, or given another language. What was checked does not outlast
 * the process: the core keeps nothing of it.
 */
internal class ReaderHolder : ViewModel() {
    private var held: Held? = null

    /** The one that is there, or one that begins. */
    fun held(
        app: ReaderApplication,
        context: Context,
    ): Held = held ?: begun(app, context).also { held = it }

    private fun begun(
        app: ReaderApplication,
        context: Context,
    ): Held {
        val phone = OfficersPhone(context.applicationContext, app.authorityPage)
        val shell = OfficerShell(phone, viewModelScope, app::startReader)
        viewModelScope.launch { shell.follow() }
        return Held(phone, shell)
    }

    /** The activity is finished, and so is what was checked. A check that was made is in the log. */
    override fun onCleared() {
        held?.shell?.close()
    }

    class Held(
        val phone: OfficersPhone,
        val shell: OfficerShell,
    ) {
        /** The newest verdict that was told by sound and touch. */
        var told = 0uL
    }
}
