package org.vidimus.support

import org.vidimus.DeviceException
import org.vidimus.HolderAlgorithm
import org.vidimus.KeyStore
import java.math.BigInteger
import java.security.GeneralSecurityException
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicReference
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * A key store as a Kotlin engineer writes it with the platform's own cryptography: AES-GCM wraps
 * the data key, holder keys are P-256. On a phone the provider would be the Android Keystore; here
 * it is the JDK's, in memory.
 */
class JcaKeyStore : KeyStore {
    private val wrappingKey = AtomicReference<SecretKey>()
    private val holderKeys = ConcurrentHashMap<String, KeyPair>()
    private val anchor = AtomicReference<Long>()
    private val named = ConcurrentHashMap<String, JcaKeyStore>()

    override val holderAlgorithm = HolderAlgorithm.P256

    override suspend fun wrap(dataKey: ByteArray): ByteArray {
        wrappingKey.compareAndSet(null, KeyGenerator.getInstance("AES").apply { init(256) }.generateKey())
        val cipher = Cipher.getInstance(WRAPPING).apply { init(Cipher.ENCRYPT_MODE, wrappingKey.get()) }
        return cipher.iv + cipher.doFinal(dataKey)
    }

    override suspend fun unwrap(wrapped: ByteArray): ByteArray {
        val key = wrappingKey.get() ?: throw DeviceException.NotFound()
        if (wrapped.size != NONCE + 32 + TAG) throw DeviceException.Refused()
        val cipher = Cipher.getInstance(WRAPPING)
        cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG * 8, wrapped, 0, NONCE))
        return try {
            cipher.doFinal(wrapped, NONCE, wrapped.size - NONCE)
        } catch (_: GeneralSecurityException) {
            throw DeviceException.Refused()
        }
    }

    override suspend fun createHolderKey(name: String): ByteArray {
        if (!NAME.matches(name)) throw DeviceException.Refused()
        val generator = KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }
        val pair = generator.generateKeyPair()
        if (holderKeys.putIfAbsent(name, pair) != null) throw DeviceException.Refused()
        val point = (pair.public as ECPublicKey).w
        return byteArrayOf(4) + point.affineX.to32Bytes() + point.affineY.to32Bytes()
    }

    override suspend fun sign(
        name: String,
        message: ByteArray,
    ): ByteArray {
        val pair = holderKeys[name] ?: throw DeviceException.NotFound()
        return Signature.getInstance("SHA256withECDSAinP1363Format").run {
            initSign(pair.private)
            update(message)
            sign()
        }
    }

    override suspend fun deleteHolderKey(name: String) {
        holderKeys.remove(name)
    }

    override suspend fun readAnchor(): Long? = anchor.get()

    override suspend fun raiseAnchor(epoch: Long) {
        anchor.updateAndGet { maxOf(it ?: epoch, epoch) }
    }

    override fun named(name: String): KeyStore = named.getOrPut(name, ::JcaKeyStore)

    private fun BigInteger.to32Bytes(): ByteArray {
        val bytes = toByteArray()
        return ByteArray(32).also { bytes.copyInto(it, maxOf(0, 32 - bytes.size), maxOf(0, bytes.size - 32)) }
    }

    private companion object {
        const val WRAPPING = "AES/GCM/NoPadding"
        const val NONCE = 12
        const val TAG = 16
        val NAME = Regex("[a-z0-9-]{1,64}")
    }
}
