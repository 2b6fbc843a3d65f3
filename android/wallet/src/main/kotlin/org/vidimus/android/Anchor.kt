package org.vidimus.android

import java.io.File
import java.io.FileOutputStream
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.StandardCopyOption
import java.nio.file.StandardOpenOption
import java.util.zip.CRC32

/** The file of the anchor holds something else than a number. */
internal class AnchorDamagedException : IOException("the anchor is damaged")

/**
 * A number in a file that never sinks. When [raise] returns, the number is on the disk: a new file
 * is written, synced and put in the old one's place, so that a reader sees the one or the other and
 * a loss of power leaves one of them.
 */
internal class Anchor(
    private val file: File,
) {
    private val lock = ProcessLock(File(file.path + ".lock"))

    /**
     * The number; `null` where there is no file.
     *
     * @throws AnchorDamagedException for a file with anything else in it: it counts as damaged, not
     * as absent
     */
    fun read(): Long? {
        val bytes =
            try {
                Files.readAllBytes(file.toPath())
            } catch (_: NoSuchFileException) {
                return null
            }
        if (bytes.size != SIZE) throw AnchorDamagedException()
        val fields = ByteBuffer.wrap(bytes)
        val isOurs = fields.getLong() == MAGIC
        val epoch = fields.getLong()
        if (!isOurs || fields.getInt() != checksum(bytes) || epoch < 0) throw AnchorDamagedException()
        return epoch
    }

    /** Raises the number to [epoch], of 0 or more, where it is lower. */
    fun raise(epoch: Long) {
        lock.hold {
            val old = read()
            if (old == null || old < epoch) write(epoch)
        }
    }

    /** Moves a damaged file to another name; does nothing to one that can be read. */
    fun setAsideIfDamaged() {
        lock.hold {
            try {
                read()
            } catch (_: AnchorDamagedException) {
                val free =
                    generateSequence(
                        1,
                    ) { it + 1 }.map { File("${file.path}.damaged-$it") }.first { !it.exists() }
                Files.move(file.toPath(), free.toPath(), StandardCopyOption.ATOMIC_MOVE)
            }
        }
    }

    private fun write(epoch: Long) {
        val bytes = ByteArray(SIZE)
        val fields = ByteBuffer.wrap(bytes).putLong(MAGIC).putLong(epoch)
        fields.putInt(checksum(bytes))
        val fresh = File(file.path + ".new")
        FileOutputStream(fresh).use { output ->
            output.write(bytes)
            output.fd.sync()
        }
        Files.move(fresh.toPath(), file.toPath(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
        // The name of a file is in its folder, which is synced by itself.
        FileChannel.open(checkNotNull(file.absoluteFile.parentFile).toPath(), StandardOpenOption.READ).use { folder ->
            folder.force(true)
        }
    }

    private fun checksum(bytes: ByteArray): Int =
        CRC32()
            .apply { update(bytes, 0, SIZE - Int.SIZE_BYTES) }
            .value
            .toInt()

    private companion object {
        /** `vidianc` and the version of the format. */
        const val MAGIC = 0x7669_6469_616e_6301L
        const val SIZE = 2 * Long.SIZE_BYTES + Int.SIZE_BYTES
    }
}
