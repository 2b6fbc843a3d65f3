package org.vidimus.support

import com.sun.jna.Native
import com.sun.jna.Pointer
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.StandardOpenOption.READ
import kotlin.io.path.Path
import kotlin.io.path.readLines
import kotlin.random.Random

/**
 * Looks through all memory of this process, by `/proc/self/maps` and `/proc/self/mem`, for what it
 * knows only masked: the search itself must not put into memory what it searches for.
 */
class ProcessMemory {
    /** Read into straight from the kernel, and left out of the search. */
    private val window = ByteBuffer.allocateDirect(WINDOW)
    private val own = Pointer.nativeValue(Native.getDirectBufferPointer(window)).let { it..<it + WINDOW }
    private val copy = ByteArray(WINDOW)

    /** What a search found, and through how much it looked. */
    class Found(
        val places: Int,
        val bytes: Long,
    )

    fun search(secret: Masked): Found {
        var places = 0
        var bytes = 0L
        FileChannel.open(Path("/proc/self/mem"), READ).use { memory ->
            for (range in readable()) {
                var at = range.first
                while (at <= range.last) {
                    val length = readAt(memory, at, range.last + 1 - at)
                    if (length <= 0) break
                    places += count(secret, at, length)
                    bytes += length
                    if (at + length > range.last) break
                    // A secret may stand across the edge.
                    at += length - secret.size + 1
                }
            }
        }
        copy.fill(0)
        window.clear().put(copy)
        return Found(places, bytes)
    }

    private fun count(
        secret: Masked,
        at: Long,
        length: Int,
    ): Int {
        window.get(0, copy, 0, length)
        var places = 0
        for (index in 0..length - secret.size) {
            if (secret.standsAt(copy, index) && at + index !in own) places++
        }
        // The copy is searched as well, by and by.
        if (places > 0) copy.fill(0)
        return places
    }

    private fun readAt(
        memory: FileChannel,
        at: Long,
        left: Long,
    ): Int {
        window.clear().limit(minOf(left, WINDOW.toLong()).toInt())
        // Some pages are mapped and still cannot be read.
        return runCatching { memory.read(window, at) }.getOrDefault(-1)
    }

    private fun readable(): List<LongRange> =
        Path("/proc/self/maps").readLines().map { it.split(' ') }.filter { it[1].startsWith("r") }.mapNotNull { fields ->
            val (start, end) = fields[0].split('-').map { it.toULong(16) }
            // The kernel's own pages at the upper end.
            if (end > Long.MAX_VALUE.toULong()) null else start.toLong()..<end.toLong()
        }

    private companion object {
        const val WINDOW = 1 shl 20
    }
}

/** Bytes that stand in memory only mixed with others. */
class Masked(
    plain: ByteArray,
) {
    private val mask = Random.nextBytes(plain.size)
    private val mixed = ByteArray(plain.size) { (plain[it].toInt() xor mask[it].toInt()).toByte() }

    val size: Int get() = mixed.size

    /** Byte by byte: nothing of it stands together but in registers. */
    fun standsAt(
        buffer: ByteArray,
        index: Int,
    ): Boolean {
        for (at in mixed.indices) {
            if (buffer[index + at].toInt() xor mask[at].toInt() != mixed[at].toInt()) return false
        }
        return true
    }

    /** The plain bytes, for anyone who must have them. */
    fun unmask(into: ByteArray) {
        for (at in mixed.indices) into[at] = (mixed[at].toInt() xor mask[at].toInt()).toByte()
    }
}
