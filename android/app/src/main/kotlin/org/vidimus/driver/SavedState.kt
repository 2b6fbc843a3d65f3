package org.vidimus.driver

import android.content.Context
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.File
import java.io.IOException

/**
 * What is kept of the app for when the system has ended it, and it is started again: a file of at
 * most 8 KiB, sealed by the core, out of every backup.
 *
 * Not the state of the activity (`onSaveInstanceState`): Android takes that in the same breath in
 * which it stops the activity, or before, while the core seals what is to be kept a moment after it
 * has heard that the app was left. And what was begun goes on out of sight: a license comes, and
 * its offer is not to be read again.
 *
 * There is one object for each app that is begun, all on the same file.
 */
internal class SavedState(
    context: Context,
) {
    private val folder = context.noBackupFilesDir
    private val file = File(folder, "vidimus-kept")
    private var isOver = false

    /** What was kept last; `null` where there is nothing. */
    fun read(): ByteArray? =
        try {
            file.readBytes()
        } catch (_: IOException) {
            null
        }

    /**
     * Keeps this in place of what was there; `null` for nothing. Where that fails what was there
     * stays: it counts for nothing once it is old. It keeps nothing after [end].
     */
    suspend fun keep(saved: ByteArray?): Unit =
        withContext(WRITER) {
            synchronized(LOCK) { if (!isOver) put(saved) }
        }

    /** Removes what another app has kept. */
    fun clear() {
        synchronized(LOCK) { file.delete() }
    }

    /**
     * Removes what was kept, and keeps nothing more. Called again it leaves alone what is there
     * since.
     */
    fun end() {
        synchronized(LOCK) {
            if (!isOver) file.delete()
            isOver = true
        }
    }

    /**
     * A reader sees the old or the new. Nothing waits for the disk: after a new start of the phone
     * it does not count.
     */
    private fun put(saved: ByteArray?) {
        if (saved == null) {
            file.delete()
            return
        }
        val next = File(folder, "vidimus-kept.new")
        try {
            next.writeBytes(saved)
            next.renameTo(file)
        } catch (_: IOException) {
            next.delete()
        }
    }

    private companion object {
        /** One after another, or what is old would come after what is new. */
        val WRITER = Dispatchers.IO.limitedParallelism(1)

        val LOCK = Any()
    }
}
