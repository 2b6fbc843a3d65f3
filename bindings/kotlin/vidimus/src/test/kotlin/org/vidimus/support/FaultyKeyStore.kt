package org.vidimus.support

import org.vidimus.HolderAlgorithm
import org.vidimus.KeyStore

/**
 * A good key store in which one function can be made to fail, wait or block instead: [fault] runs
 * before each.
 */
class FaultyKeyStore(
    private val good: KeyStore = JcaKeyStore(),
) : KeyStore {
    @Volatile
    var fault: suspend (function: String) -> Unit = {}

    /** Makes [function] alone do this. */
    fun breakIn(
        function: String,
        action: suspend () -> Unit,
    ) {
        fault = { if (it == function) action() }
    }

    override val holderAlgorithm: HolderAlgorithm? get() = good.holderAlgorithm

    override suspend fun wrap(dataKey: ByteArray): ByteArray {
        fault("wrap")
        return good.wrap(dataKey)
    }

    override suspend fun unwrap(wrapped: ByteArray): ByteArray {
        fault("unwrap")
        return good.unwrap(wrapped)
    }

    override suspend fun createHolderKey(name: String): ByteArray {
        fault("createHolderKey")
        return good.createHolderKey(name)
    }

    override suspend fun sign(
        name: String,
        message: ByteArray,
    ): ByteArray {
        fault("sign")
        return good.sign(name, message)
    }

    override suspend fun deleteHolderKey(name: String) {
        fault("deleteHolderKey")
        good.deleteHolderKey(name)
    }

    override suspend fun readAnchor(): Long? {
        fault("readAnchor")
        return good.readAnchor()
    }

    override suspend fun raiseAnchor(epoch: Long) {
        fault("raiseAnchor")
        good.raiseAnchor(epoch)
    }

    override fun named(name: String): KeyStore = good.named(name)
}
