package org.vidimus.android

import android.app.KeyguardManager
import android.content.Context
import android.content.pm.PackageManager
import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyInfo
import android.security.keystore.KeyProperties
import org.vidimus.DeviceException
import java.security.Key
import java.security.KeyFactory
import java.security.KeyPair
import java.security.KeyPairGenerator
import java.security.PrivateKey
import java.security.ProviderException
import java.security.Signature
import java.security.UnrecoverableKeyException
import java.security.interfaces.ECPublicKey
import java.security.spec.ECGenParameterSpec
import java.util.UUID
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.SecretKeyFactory
import java.security.KeyStore as JavaKeyStore

/**
 * The Android Keystore: makes keys on the best level that there is, and looks where they really
 * are.
 *
 * @property isLocked whether the phone is locked now
 */
internal class SystemKeystore(
    val isLocked: () -> Boolean = { false },
    hasStrongBox: () -> Boolean,
) {
    // Asked on first use: an application may make this before it is a context itself.
    private val hasStrongBox by lazy(hasStrongBox)
    private val keys by lazy { JavaKeyStore.getInstance(PROVIDER).apply { load(null) } }

    /**
     * Never `containsAlias`: to it a Keystore that is down has no such key, and a new one would
     * replace it.
     */
    fun contains(alias: String): Boolean = key(alias) != null

    /** Whether a name is taken, also by a key that the device has destroyed. */
    fun isTaken(alias: String): Boolean =
        try {
            contains(alias)
        } catch (failure: UnrecoverableKeyException) {
            // One that was destroyed is listed still; a Keystore that is down lists none.
            if (alias in aliases()) true else throw failure
        }

    fun aliases(): List<String> = keys.aliases().toList()

    fun delete(alias: String) {
        val isThere =
            try {
                contains(alias)
            } catch (_: UnrecoverableKeyException) {
                // The device has destroyed it; its name is still taken.
                true
            }
        if (isThere) keys.deleteEntry(alias)
    }

    fun secretKey(alias: String): SecretKey? = key(alias) as SecretKey?

    fun privateKey(alias: String): PrivateKey? = key(alias) as PrivateKey?

    /** `null` only where there is no such key; a Keystore that does not answer is an error. */
    private fun key(alias: String): Key? {
        val found: Key? = keys.getKey(alias, null)
        if (found != null || Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) return found
        // Before Android 12 a Keystore that is down says `null` as well.
        requireAnswer()
        return keys.getKey(alias, null)
    }

    /** Makes a key, finds it and deletes it. */
    private fun requireAnswer(): Unit =
        withProbe { probe ->
            makeAesKey(probe, strongBox = false)
            if (keys.getKey(probe, null) == null) throw DeviceException.Failed()
        }

    /**
     * Makes a wrapping key, uses it and deletes it, wherever the one of this name may be: what
     * fails with that one alone is no fault of the Keystore.
     */
    fun requireWrapping(alias: String): Unit =
        withProbes(alias) { probe, strongBox ->
            val cipher = Cipher.getInstance(AES_GCM)
            cipher.init(Cipher.ENCRYPT_MODE, makeAesKey(probe, strongBox))
            cipher.doFinal(byteArrayOf())
        }

    /** The same with a key that signs. */
    fun requireSigning(alias: String): Unit =
        withProbes(alias) { probe, strongBox ->
            Signature.getInstance(ECDSA).run {
                initSign(makeEcKey(probe, strongBox).private)
                sign()
            }
        }

    private fun withProbes(
        alias: String,
        use: (probe: String, strongBox: Boolean) -> Unit,
    ) {
        for (strongBox in levelsOf(alias)) withProbe { use(it, strongBox) }
    }

    /** In StrongBox or not; both where the system does not say which. */
    private fun levelsOf(alias: String): List<Boolean> {
        if (!hasStrongBox) return listOf(false)
        val known =
            try {
                answering { key(alias)?.let(::protectionOf) }
            } catch (_: DeviceException) {
                null
            }
        return when {
            Build.VERSION.SDK_INT < Build.VERSION_CODES.S || known == null -> listOf(false, true)
            else -> listOf(known == Protection.STRONGBOX)
        }
    }

    /**
     * Lends a name of one use, since another process may be asking as well, and deletes what was
     * made under it.
     */
    private fun withProbe(block: (probe: String) -> Unit) {
        val probe = "$ANSWERS.${UUID.randomUUID()}"
        try {
            block(probe)
        } finally {
            keys.deleteEntry(probe)
        }
    }

    private fun makeAesKey(
        alias: String,
        strongBox: Boolean,
    ): SecretKey {
        val wish =
            KeyGenParameterSpec
                .Builder(alias, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
                .setKeySize(KEY_BITS)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
        val generator = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER)
        generator.init(wish.on(strongBox).build())
        return generator.generateKey()
    }

    private fun makeEcKey(
        alias: String,
        strongBox: Boolean,
    ): KeyPair {
        val wish =
            KeyGenParameterSpec
                .Builder(alias, KeyProperties.PURPOSE_SIGN)
                .setAlgorithmParameterSpec(ECGenParameterSpec(CURVE))
                .setDigests(KeyProperties.DIGEST_SHA256)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P && keepsToUnlocks()) wish.setUnlockedDeviceRequired(true)
        val generator = KeyPairGenerator.getInstance(KeyProperties.KEY_ALGORITHM_EC, PROVIDER)
        generator.initialize(wish.on(strongBox).build())
        return withLatinDates(generator::generateKeyPair)
    }

    /**
     * Makes an AES-256-GCM key, and deletes it again where it is not protected as asked.
     *
     * It is not bound to the driver's finger nor to the unlocked device
     * (`setUnlockedDeviceRequired`): the status is refreshed in the background, most often while
     * the phone lies locked, and each time the vault is opened for that. What stands between a
     * finder and the license is the lock of the phone itself, whose files are unreadable before the
     * first unlock, and the lock gate before each presentation.
     */
    fun makeWrappingKey(
        alias: String,
        isGoodEnough: (Protection) -> Boolean,
    ) {
        onBestLevel(alias, isGoodEnough) { strongBox -> makeAesKey(alias, strongBox).let { it to it } }
    }

    /**
     * Makes a P-256 key in hardware and returns its public part; `null` where the device has only
     * made one in software, which is deleted again. It signs only while the phone is unlocked, where
     * the system keeps to that: a renewal in the background waits until then.
     */
    fun makeHolderKey(
        alias: String,
        strongBoxFirst: Boolean = true,
    ): ECPublicKey? =
        try {
            onBestLevel(alias, Protection::isHardware, strongBoxFirst) { strongBox ->
                val pair = makeEcKey(alias, strongBox)
                pair.private to pair.public as ECPublicKey
            }
        } catch (_: DeviceException.Unavailable) {
            null
        }

    /** Where a key is: what the system says, not what was asked of it. */
    fun protectionOf(key: Key): Protection {
        val info =
            if (key is SecretKey) {
                SecretKeyFactory.getInstance(key.algorithm, PROVIDER).getKeySpec(key, KeyInfo::class.java) as KeyInfo
            } else {
                KeyFactory.getInstance(key.algorithm, PROVIDER).getKeySpec(key, KeyInfo::class.java)
            }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) {
            return when (info.securityLevel) {
                KeyProperties.SECURITY_LEVEL_STRONGBOX -> Protection.STRONGBOX

                KeyProperties.SECURITY_LEVEL_TRUSTED_ENVIRONMENT,
                KeyProperties.SECURITY_LEVEL_UNKNOWN_SECURE,
                -> Protection.TRUSTED_ENVIRONMENT

                else -> Protection.SOFTWARE
            }
        }
        // Android 11 and older tell hardware from software, and no more.
        @Suppress("DEPRECATION")
        return if (info.isInsideSecureHardware) Protection.TRUSTED_ENVIRONMENT else Protection.SOFTWARE
    }

    /**
     * Makes a key in StrongBox or, failing that, on the next level; what is not good enough does
     * not stay.
     */
    private fun <P> onBestLevel(
        alias: String,
        isGoodEnough: (Protection) -> Boolean,
        strongBoxFirst: Boolean = true,
        make: (Boolean) -> Pair<Key, P>,
    ): P {
        val (key, public) =
            if (strongBoxFirst && hasStrongBox) {
                try {
                    make(true)
                } catch (_: ProviderException) {
                    // `StrongBoxUnavailableException` is one; but some chips that are full or
                    // asleep say it in other words. What is wrong on every level shows on the next
                    // one.
                    make(false)
                }
            } else {
                make(false)
            }
        var stays = false
        try {
            stays = isGoodEnough(protectionOf(key))
        } finally {
            if (!stays) delete(alias)
        }
        if (!stays) throw DeviceException.Unavailable()
        return public
    }

    private fun KeyGenParameterSpec.Builder.on(strongBox: Boolean): KeyGenParameterSpec.Builder {
        if (strongBox && Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) setIsStrongBoxBacked(true)
        return this
    }

    companion object {
        const val PROVIDER = "AndroidKeyStore"
        const val AES_GCM = "AES/GCM/NoPadding"
        const val ECDSA = "SHA256withECDSA"
        private const val ANSWERS = "vidimus.answers"
        private const val KEY_BITS = 256
        private const val CURVE = "secp256r1"

        /**
         * Whether the system knows when the phone is unlocked. From Android 12 to 14 it does not: a
         * face that it takes for a weak proof, or a watch, unlocks the phone and not such a key,
         * and without a screen lock there is none at all.
         */
        private fun keepsToUnlocks() = Build.VERSION.SDK_INT !in TWELVE_TO_FOURTEEN

        private val TWELVE_TO_FOURTEEN = Build.VERSION_CODES.S..Build.VERSION_CODES.UPSIDE_DOWN_CAKE

        /** The Keystore of the device that [context] is on. */
        fun of(context: Context): SystemKeystore =
            SystemKeystore({ context.getSystemService(KeyguardManager::class.java).isDeviceLocked }) {
                Build.VERSION.SDK_INT >= Build.VERSION_CODES.P &&
                    context.packageManager.hasSystemFeature(PackageManager.FEATURE_STRONGBOX_KEYSTORE)
            }
    }
}
