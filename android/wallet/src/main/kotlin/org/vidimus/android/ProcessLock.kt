package org.vidimus.android

import java.io.File
import java.io.RandomAccessFile
import java.util.concurrent.ConcurrentHashMap

/**
 * Lets one thread of one process in at a time: an app and its worker may be two processes. The
 * system opens it when a process dies.
 */
internal class ProcessLock(
    private val file: File,
) {
    fun <T> hold(block: () -> T): T {
        // The system's lock is the process's: threads of one must take turns before it.
        val turn = TURNS.computeIfAbsent(file.absolutePath) { Any() }
        return synchronized(turn) {
            file.parentFile?.mkdirs()
            RandomAccessFile(file, "rw").use { open ->
                open.channel.lock().use { block() }
            }
        }
    }

    private companion object {
        val TURNS = ConcurrentHashMap<String, Any>()
    }
}
