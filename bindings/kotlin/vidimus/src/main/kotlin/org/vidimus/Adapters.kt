package org.vidimus

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import java.nio.ByteBuffer
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * Gives the native side a view of these keys for one call, and destroys the view after it. A wallet
 * that was made meanwhile keeps its own.
 */
internal inline fun <R> DeviceKeys.lend(block: (CoreKeyStore) -> R): R {
    val lent =
        when (this) {
            is FileKeyStore -> toCore()
            is KeyStore -> KeyStoreAdapter(this)
        }
    try {
        return block(lent)
    } finally {
        (lent as? Disposable)?.destroy()
    }
}

/** Who may vouch for servers, where the library's own client asks them. */
internal fun NetworkAccess.certificates(): List<ByteArray> =
    (this as? NetworkAccess.BuiltIn)?.pinnedCertificates.orEmpty()

/** The app's own client, as the native side sees it. */
internal fun NetworkAccess.transport(): CoreHttpTransport? = (this as? HttpTransport)?.let(::HttpTransportAdapter)

/** An app's key store as the native side calls it: with time limits, on `Dispatchers.IO`. */
internal class KeyStoreAdapter(
    private val keys: KeyStore,
) : CoreKeyStore {
    override suspend fun holderAlgorithm(): HolderAlgorithm? = answered { keys.holderAlgorithm }

    override suspend fun wrap(dataKey: CoreDataKeySlot): ByteArray {
        val key = ByteArray(KEY_SIZE)
        try {
            return answered {
                dataKey.readTo(key)
                keys.wrap(key)
            }
        } finally {
            key.fill(0)
            dataKey.destroy()
        }
    }

    override suspend fun unwrap(
        wrapped: ByteArray,
        into: CoreDataKeySlot,
    ): Unit =
        try {
            answered { into.fill(keys.unwrap(wrapped)) }
        } finally {
            into.destroy()
        }

    override suspend fun createHolderKey(name: String): ByteArray = answered { keys.createHolderKey(name) }

    override suspend fun sign(
        name: String,
        message: ByteArray,
    ): ByteArray = answered { keys.sign(name, message) }

    override suspend fun deleteHolderKey(name: String): Unit = answered { keys.deleteHolderKey(name) }

    override suspend fun readAnchor(): Long? = answered { keys.readAnchor() }

    override suspend fun raiseAnchor(epoch: Long): Unit = answered { keys.raiseAnchor(epoch) }

    override suspend fun setDamagedAnchorAside(): Unit = answered { keys.setDamagedAnchorAside() }

    override fun named(name: String): CoreKeyStore = known { KeyStoreAdapter(keys.named(name)) }

    /** Reads the key as numbers, so that no buffer has a copy of it. */
    private fun CoreDataKeySlot.readTo(key: ByteArray) {
        val bytes = ByteBuffer.wrap(key)
        for (index in 0..<KEY_SIZE / Long.SIZE_BYTES) bytes.putLong(word(index))
    }

    /**
     * Hands the key over outside the heap, where nothing moves or copies it, and wipes both places.
     */
    private fun CoreDataKeySlot.fill(key: ByteArray) {
        val buffer = ByteBuffer.allocateDirect(key.size)
        try {
            // By index: `flip` of a ByteBuffer is another method before Java 9 and Android 13.
            for (index in key.indices) buffer.put(index, key[index])
            put(buffer)
        } finally {
            key.fill(0)
            for (index in key.indices) buffer.put(index, 0)
        }
    }

    private companion object {
        /** Bytes of a data key. */
        const val KEY_SIZE = 32
    }
}

/** An app's transport as the native side calls it: with a time limit, on `Dispatchers.IO`. */
internal class HttpTransportAdapter(
    private val transport: HttpTransport,
) : CoreHttpTransport {
    override suspend fun send(request: HttpRequest): HttpResponse =
        answered(request.timeout + GRACE) {
            val answer = transport.send(request)
            // Text that cannot cross is refused here, since a later fault could not be reported.
            for (header in answer.headers) {
                header.name.proper()
                header.value.proper()
            }
            answer
        }

    private companion object {
        /** How much longer than its own limit a request may take. */
        val GRACE = 5.seconds
    }
}

/** How long a key store may take, on the native side too. */
private val KEY_STORE_LIMIT = 10.seconds

/**
 * Calls the app's code with a time [limit], and throws only the closed list of errors. It must
 * catch everything: with an uncaught [Error] the native side would get no answer at all.
 */
private suspend fun <T> answered(
    limit: Duration = KEY_STORE_LIMIT,
    call: suspend () -> T,
): T = known { withTimeout(limit) { withContext(Dispatchers.IO) { call() } } }

@Suppress("TooGenericExceptionCaught")
private inline fun <T> known(call: () -> T): T =
    try {
        call()
    } catch (known: DeviceException) {
        throw known
    } catch (_: TimeoutCancellationException) {
        throw DeviceException.Timeout()
    } catch (_: Throwable) {
        throw DeviceException.Failed()
    }
