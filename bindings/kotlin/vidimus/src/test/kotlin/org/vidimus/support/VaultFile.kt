package org.vidimus.support

import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Path
import java.nio.file.StandardOpenOption.WRITE
import kotlin.io.path.name
import kotlin.io.path.readBytes
import kotlin.io.path.walk

/**
 * Changes a byte in the middle of a page that belongs to one long row alone, in the one file that a
 * closed vault of this folder consists of: SQLite begins such a page with the number of the next
 * one, where all others have their kind. A page that is free holds zeros.
 */
fun Path.damageOverflow() {
    repeat(PATIENCE) {
        // A vault that was closed a moment ago still folds its files together.
        if (walk().any { it.name.endsWith("-wal") }) Thread.sleep(100)
    }
    val file = walk().single { it.name.endsWith(".sqlite") }
    val bytes = ByteBuffer.wrap(file.readBytes())
    val size = bytes.getShort(PAGE_SIZE).toInt()
    val pages = bytes.limit() / size
    val middle =
        (1..<pages)
            .filter { bytes.getInt(it * size) in 0..pages }
            .map { it * size + size / 2 }
            .first { bytes.getInt(it) != 0 }
    val changed = byteArrayOf((bytes[middle].toInt() xor 1).toByte())
    FileChannel.open(file, WRITE).use { it.write(ByteBuffer.wrap(changed), middle.toLong()) }
}

private const val PAGE_SIZE = 16

/** Tenths of a second. */
private const val PATIENCE = 100
