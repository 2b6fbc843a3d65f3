package org.vidimus.android.support

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyInfo
import android.security.keystore.KeyProperties
import org.vidimus.android.Protection
import java.security.InvalidAlgorithmParameterException
import java.security.Key
import java.security.KeyFactorySpi
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.KeyPairGeneratorSpi
import java.security.PrivateKey
import java.security.ProviderException
import java.security.PublicKey
import java.security.SecureRandom
import java.security.spec.AlgorithmParameterSpec
import java.security.spec.KeySpec
import java.text.SimpleDateFormat
import java.util.Date
import javax.crypto.KeyGenerator
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey
import javax.crypto.SecretKeyFactorySpi

class FakeSecretKey(
    override val alias: String,
    override val real: SecretKey,
) : SecretKey,
    FakeKey {
    override fun getEncoded(): ByteArray? = null

    override fun getFormat(): String? = null

    override fun getAlgorithm(): String = real.algorithm
}

class FakePrivateKey(
    override val alias: String,
    override val real: PrivateKey,
) : PrivateKey,
    FakeKey {
    override fun getEncoded(): ByteArray? = null

    override fun getFormat(): String? = null

    override fun getAlgorithm(): String = real.algorithm
}

internal class FakeKeyGeneratorSpi(
    private val device: FakeKeystore,
) : KeyGeneratorSpi() {
    private lateinit var wish: KeyGenParameterSpec

    override fun engineInit(random: SecureRandom?): Unit = throw UnsupportedOperationException()

    override fun engineInit(
        size: Int,
        random: SecureRandom?,
    ): Unit = throw UnsupportedOperationException()

    override fun engineInit(
        parameters: AlgorithmParameterSpec?,
        random: SecureRandom?,
    ) {
        wish = parameters as? KeyGenParameterSpec ?: throw InvalidAlgorithmParameterException()
        check(KeyProperties.BLOCK_MODE_GCM in wish.blockModes && wish.isRandomizedEncryptionRequired)
    }

    override fun engineGenerateKey(): SecretKey {
        val protection = device.protectionFor(wish)
        val real = KeyGenerator.getInstance("AES", device.cryptography).apply { init(wish.keySize) }.generateKey()
        val key = FakeSecretKey(wish.keystoreAlias, real)
        device.keep(FakeEntry(key, null, protection, wish))
        return key
    }
}

internal class FakeKeyPairGeneratorSpi(
    private val device: FakeKeystore,
) : KeyPairGeneratorSpi() {
    private lateinit var wish: KeyGenParameterSpec

    override fun initialize(
        size: Int,
        random: SecureRandom?,
    ): Unit = throw UnsupportedOperationException()

    override fun initialize(
        parameters: AlgorithmParameterSpec?,
        random: SecureRandom?,
    ) {
        wish = parameters as? KeyGenParameterSpec ?: throw InvalidAlgorithmParameterException()
        check(KeyProperties.DIGEST_SHA256 in wish.digests)
    }

    override fun generateKeyPair(): KeyPair {
        val protection = device.protectionFor(wish)
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.Q) dateOfCertificate()
        val generator = KeyPairGenerator.getInstance("EC", device.cryptography).apply { initialize(wish.algorithmParameterSpec) }
        val real = generator.generateKeyPair()
        val key = FakePrivateKey(wish.keystoreAlias, real.private)
        device.keep(FakeEntry(key, real.public, protection, wish))
        return KeyPair(real.public, key)
    }
}

/** As older versions do: written in the digits of the phone's language, read in those of English. */
private fun dateOfCertificate() {
    val written = SimpleDateFormat("yyyyMMddHHmmss").format(Date(0))
    if (written.any { it !in '0'..'9' }) {
        throw ProviderException("Failed to generate self-signed certificate", IllegalArgumentException("Unparseable date"))
    }
}

/** A real [KeyInfo], as the system tells where a key is. */
private fun FakeKeystore.infoOf(key: Key?): KeyInfo {
    val entry = kept.getValue((key as FakeKey).alias)
    val level =
        when (entry.protection) {
            Protection.SOFTWARE -> KeyProperties.SECURITY_LEVEL_SOFTWARE
            Protection.TRUSTED_ENVIRONMENT -> KeyProperties.SECURITY_LEVEL_TRUSTED_ENVIRONMENT
            Protection.STRONGBOX -> KeyProperties.SECURITY_LEVEL_STRONGBOX
        }
    val made = KeyInfo::class.java.constructors.first { it.parameterCount > 0 }
    val values =
        made.parameterTypes.mapIndexed { index, type ->
            when {
                type == String::class.java -> key.alias

                // The second says whether the key is in hardware, the last but one where.
                index == 1 -> entry.protection.isHardware

                index == made.parameterCount - 2 -> level

                type == Boolean::class.java -> false

                type == Int::class.java -> 0

                else -> null
            }
        }
    return made.newInstance(*values.toTypedArray<Any?>()) as KeyInfo
}

internal class FakeSecretKeyFactorySpi(
    private val device: FakeKeystore,
) : SecretKeyFactorySpi() {
    override fun engineGenerateSecret(spec: KeySpec?): SecretKey = throw UnsupportedOperationException()

    override fun engineGetKeySpec(
        key: SecretKey?,
        spec: Class<*>?,
    ): KeySpec = device.infoOf(key)

    override fun engineTranslateKey(key: SecretKey?): SecretKey = throw UnsupportedOperationException()
}

internal class FakeKeyFactorySpi(
    private val device: FakeKeystore,
) : KeyFactorySpi() {
    override fun engineGeneratePublic(spec: KeySpec?): PublicKey = throw UnsupportedOperationException()

    override fun engineGeneratePrivate(spec: KeySpec?): PrivateKey = throw UnsupportedOperationException()

    override fun <T : KeySpec> engineGetKeySpec(
        key: Key?,
        spec: Class<T>,
    ): T = spec.cast(device.infoOf(key))

    override fun engineTranslateKey(key: Key?): Key = throw UnsupportedOperationException()
}
