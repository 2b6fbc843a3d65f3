package org.vidimus.reader

import android.content.Context
import android.net.Uri
import android.provider.DocumentsContract
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch
import org.vidimus.app.Place
import org.vidimus.shell.OfficerPhone
import java.lang.ref.WeakReference

/**
 * This phone, as the app that checks licenses uses it. It outlives activities, of which one
 * [is in front][inFront].
 */
internal class OfficersPhone(
    private val context: Context,
    private val authorityPage: String,
) : OfficerPhone {
    private var activity = WeakReference<ReaderActivity>(null)

    /** The log, while the officer looks for a place for it. */
    private var log: ByteArray? = null

    /** From which window pages of the system are opened. */
    fun inFront(activity: ReaderActivity) {
        this.activity = WeakReference(activity)
    }

    override fun leave(to: Place) {
        (activity.get() ?: context).leaveFor(to, authorityPage)
    }

    /**
     * Lets the officer choose a place for the file, on this phone or in an app that keeps files.
     * That page of the system's covers the app, which takes the log off the screen: so the file is
     * held here until the place is known.
     */
    override suspend fun share(log: ByteArray) {
        val front = activity.get() ?: return
        this.log = log
        if (!front.chooseWhere(NAME)) this.log = null
    }

    /**
     * Writes the log to the place that was chosen; `null` where none was. It goes on where the
     * window is closed meanwhile.
     */
    fun write(place: Uri?) {
        val file = log
        log = null
        if (place == null) return
        WRITER.launch {
            // A file without the log, or with a part of it, would be taken for the log.
            if (file == null || !isWritten(file, place)) delete(place)
        }
    }

    private fun isWritten(
        file: ByteArray,
        place: Uri,
    ): Boolean =
        try {
            context.contentResolver.openOutputStream(place, "wt")?.use { it.write(file) } != null
        } catch (_: Exception) {
            // The disk, or the app that offered the place: another app's provider may fail in any
            // way, or have taken the place back.
            false
        }

    private fun delete(place: Uri) {
        try {
            DocumentsContract.deleteDocument(context.contentResolver, place)
        } catch (_: Exception) {
            // Another app's provider may fail in any way, and there is nothing more to be done.
        }
    }

    private companion object {
        const val NAME = "checks.jsonl"

        val WRITER = CoroutineScope(SupervisorJob() + Dispatchers.IO)
    }
}
