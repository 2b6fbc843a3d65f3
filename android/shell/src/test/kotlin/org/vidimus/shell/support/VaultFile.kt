package org.vidimus.shell.support

import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Path
import java.nio.file.StandardOpenOption.WRITE
import kotlin.io.path.readBytes
import kotlin.io.path.walk

/** The one file that a closed wallet consists of. */
val DriversPhone.vault: Path get() = directory.walk().single { it.readBytes().decodeToString().startsWith("SQLite") }

/**
 * Changes a byte in the middle of a page that belongs to one long row alone: SQLite begins such a
 * page with the number of the next one, where all others have their kind. A page that is free holds
 * zeros.
 */
fun Path.damageOverflow() {
    val bytes = ByteBuffer.wrap(readBytes())
    val size = bytes.getShort(PAGE_SIZE).toInt()
    val pages = bytes.limit() / size
    val middle =
        (1..<pages)
            .filter { bytes.getInt(it * size) in 0..pages }
            .map { it * size + size / 2 }
            .first { bytes.getInt(it) != 0 }
    val changed = byteArrayOf((bytes[middle].toInt() xor 1).toByte())
    FileChannel.open(this, WRITE).use { it.write(ByteBuffer.wrap(changed), middle.toLong()) }
}

private const val PAGE_SIZE = 16
