package org.vidimus.android.support

import android.security.KeyStoreException
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import android.security.keystore.StrongBoxUnavailableException
import android.security.keystore.UserNotAuthenticatedException
import org.bouncycastle.jce.provider.BouncyCastleProvider
import org.vidimus.android.Protection
import java.security.InvalidKeyException
import java.security.Key
import java.security.Provider
import java.security.ProviderException
import java.security.PublicKey
import java.security.Security
import java.security.UnrecoverableKeyException
import java.util.concurrent.ConcurrentHashMap

/** A key that is in the fake: what is asked of it goes by its name. */
interface FakeKey : Key {
    val alias: String
    val real: Key

    override fun getEncoded(): ByteArray? = null

    override fun getFormat(): String? = null

    override fun getAlgorithm(): String = real.algorithm
}

/** What the fake keeps under a name. */
class FakeEntry(
    val key: FakeKey,
    val public: PublicKey?,
    val protection: Protection,
    val wish: KeyGenParameterSpec,
)

/**
 * An `AndroidKeyStore` as a phone has it, which Robolectric has not: a provider with the services
 * that are asked for, on the cryptography that Robolectric brings along, and with the moods of a
 * real one.
 */
class FakeKeystore :
    Provider("AndroidKeyStore", "1", "a fake of Android's"),
    AutoCloseable {
    val kept = ConcurrentHashMap<String, FakeEntry>()

    /**
     * What keys are made in without StrongBox: a phone without hardware says nothing, and makes one
     * in software.
     */
    var level = Protection.TRUSTED_ENVIRONMENT

    /** What a wish for StrongBox meets; `null` where there is one that works. */
    var strongBoxFailure: (() -> Exception)? = { StrongBoxUnavailableException() }

    /** What each making of a key meets. */
    var makingFailure: (() -> Exception)? = null

    /** What each use of a key meets. */
    var useFailure: (() -> Exception)? = null

    /** Whether it is down: before Android 12 it then says that there is no key, and makes none. */
    var isDown = false

    /** Keys that the device has destroyed: they are still listed. */
    val invalidated = ConcurrentHashMap.newKeySet<String>()

    /**
     * Keys that the device has and can read no more: it says so only where one is used, and not
     * what that means.
     */
    val unreadable = ConcurrentHashMap.newKeySet<String>()

    /** Whether its phone is locked: keys that want an unlocked one sign nothing then. */
    var isPhoneLocked = false

    internal val cryptography = BouncyCastleProvider()

    private val others = listOf("BC").mapNotNull(Security::getProvider)

    init {
        for (service in services()) putService(service)
        // It refuses our keys in its own words, and those are what the JDK would tell.
        others.forEach { Security.removeProvider(it.name) }
        Security.insertProviderAt(this, 1)
    }

    override fun close() {
        Security.removeProvider(name)
        others.forEach(Security::addProvider)
    }

    fun lock() {
        useFailure = { UserNotAuthenticatedException() }
    }

    fun unlock() {
        useFailure = null
    }

    /** Where a key with this wish is made. */
    internal fun protectionFor(wish: KeyGenParameterSpec): Protection {
        if (isDown) throw ProviderException("no answer")
        makingFailure?.let { throw it() }
        if (!wish.isStrongBoxBacked) return level
        strongBoxFailure?.let { throw it() }
        return Protection.STRONGBOX
    }

    internal fun keep(entry: FakeEntry) {
        // As the real one does: a key that was there is gone.
        kept[entry.wish.keystoreAlias] = entry
    }

    /** The key behind [key], where the device lets it be used for this. */
    internal fun use(
        key: Key?,
        purpose: Int,
    ): Key {
        val alias = (key as FakeKey).alias
        if (alias in unreadable) {
            val said = KeyStoreException(INVALID_KEY_BLOB, "Invalid key blob")
            throw InvalidKeyException("Keystore operation failed", said)
        }
        useFailure?.let { throw it() }
        if (alias in invalidated) throw KeyPermanentlyInvalidatedException()
        val entry = checkNotNull(kept[alias]) { "a key that was deleted" }
        check(entry.wish.purposes and purpose != 0) { "not made for this" }
        if (isPhoneLocked && entry.wish.isUnlockedDeviceRequired) {
            throw InvalidKeyException("Keystore operation failed", KeyStoreException(DEVICE_LOCKED, "Device locked"))
        }
        return key.real
    }

    internal fun get(alias: String): Key? {
        if (isDown) return null
        // The real one catches `KeyPermanentlyInvalidatedException` here, and hands on its text
        // alone.
        if (alias in invalidated) throw UnrecoverableKeyException("User changed or deleted their auth credentials")
        return kept[alias]?.key
    }

    private fun services(): List<Service> {
        val wrapping = mapOf("SupportedKeyClasses" to FakeSecretKey::class.java.name)
        val signing = mapOf("SupportedKeyClasses" to FakePrivateKey::class.java.name)
        return listOf(
            service("KeyStore", "AndroidKeyStore") { FakeStoreSpi(this) },
            service("KeyGenerator", KeyProperties.KEY_ALGORITHM_AES) { FakeKeyGeneratorSpi(this) },
            service("KeyPairGenerator", KeyProperties.KEY_ALGORITHM_EC) { FakeKeyPairGeneratorSpi(this) },
            service("SecretKeyFactory", KeyProperties.KEY_ALGORITHM_AES) { FakeSecretKeyFactorySpi(this) },
            service("KeyFactory", KeyProperties.KEY_ALGORITHM_EC) { FakeKeyFactorySpi(this) },
            service("Cipher", "AES/GCM/NoPadding", wrapping) { FakeCipherSpi(this) },
            service("Signature", "SHA256withECDSA", signing) { FakeSignatureSpi(this) },
        )
    }

    private fun service(
        type: String,
        algorithm: String,
        attributes: Map<String, String> = emptyMap(),
        make: () -> Any,
    ): Service =
        object : Service(this, type, algorithm, "", emptyList(), attributes) {
            override fun newInstance(parameter: Any?): Any = make()

            // By class, for the class loader of the test is not the provider's.
            override fun supportsParameter(parameter: Any?): Boolean =
                when (attributes["SupportedKeyClasses"]) {
                    null -> super.supportsParameter(parameter)
                    FakeSecretKey::class.java.name -> parameter is FakeSecretKey
                    else -> parameter is FakePrivateKey
                }
        }

    private companion object {
        /** `KM_ERROR_INVALID_KEY_BLOB`. */
        const val INVALID_KEY_BLOB = -33

        /** `KM_ERROR_DEVICE_LOCKED`. */
        const val DEVICE_LOCKED = -72
    }
}
