package org.vidimus

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.vidimus.support.FileKeys
import org.vidimus.support.JcaKeyStore
import kotlin.test.assertFailsWith

/** The suite that every key store passes in Rust, here on key stores as Kotlin has them. */
class KeyStoreContractTest {
    @Test
    fun `a key store of AES-GCM and P-256 in Kotlin keeps every promise`() = check(JcaKeyStore(), JcaKeyStore())

    @Test
    fun `the key store in files keeps every promise`() = FileKeys().use { device -> FileKeys().use { stranger -> check(device.keys, stranger.keys) } }

    @Test
    fun `a key store whose number sinks breaks one`() = assertBroken { Sinking(it) }

    @Test
    fun `a key store that wraps twice alike breaks one`() = assertBroken { Repeating(it) }

    @Test
    fun `a key store that signs in DER breaks one`() = assertBroken { Shortened(it) }

    @Test
    fun `a key store that is its own under every name breaks one`() = assertBroken { Nameless(it) }

    private fun check(
        device: DeviceKeys,
        stranger: DeviceKeys,
    ): Unit = runBlocking { device.lend { one -> stranger.lend { other -> checkKeyStoreContract(one, other) } } }

    private fun assertBroken(broken: (KeyStore) -> KeyStore) {
        assertFailsWith<WalletException.Internal> { check(broken(JcaKeyStore()), JcaKeyStore()) }
    }

    private class Sinking(
        keys: KeyStore,
    ) : KeyStore by keys {
        private var anchor: Long? = null

        override suspend fun readAnchor() = anchor

        override suspend fun raiseAnchor(epoch: Long) {
            anchor = epoch
        }
    }

    private class Repeating(
        private val keys: KeyStore,
    ) : KeyStore by keys {
        private var first: ByteArray? = null

        override suspend fun wrap(dataKey: ByteArray): ByteArray = first ?: keys.wrap(dataKey).also { first = it }
    }

    private class Nameless(
        keys: KeyStore,
    ) : KeyStore by keys {
        override fun named(name: String): KeyStore = this
    }

    private class Shortened(
        private val keys: KeyStore,
    ) : KeyStore by keys {
        override suspend fun sign(
            name: String,
            message: ByteArray,
        ): ByteArray = byteArrayOf(0x30) + keys.sign(name, message)
    }
}
