package org.vidimus.android

import android.content.Context
import org.vidimus.DeviceException
import org.vidimus.HolderAlgorithm
import org.vidimus.KeyStore
import java.io.File
import java.math.BigInteger
import java.security.MessageDigest
import java.security.Signature
import java.security.interfaces.ECPublicKey
import javax.crypto.Cipher
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * The keys of a wallet in the Android Keystore: an AES-256-GCM key that wraps the vault's data key,
 * and P-256 holder keys. They are made in StrongBox where the phone has one, else in the trusted
 * environment of its processor, and after that it is looked up where they really are. No key ever
 * leaves the Keystore.
 *
 * The number that never sinks is in a file of `noBackupFilesDir`, which no backup holds and no
 * other device gets. It tells when the wallet's folder alone was put back from an older copy;
 * anyone who can put back all of the app's files can put it back, too.
 *
 * Its functions block, and may be called from several threads and processes at once. Errors are a
 * [DeviceException]: `Locked` where the device wants its user first, `Invalidated` where it has
 * destroyed the key, `NotFound`, `Refused` for what is not ours, `Unavailable` where it offers no
 * such key, and `Failed`.
 *
 * @param context any of the app's
 * @param name under which the keys and the number are kept, of `a-z`, `0-9` and `-`. Another name
 * is another device to the wallet
 * @param policy whether the wrapping key may be one in software
 */
public class AndroidKeyStore private constructor(
    private val context: Context,
    private val system: SystemKeystore,
    private val policy: WrappingPolicy,
    /** Of the aliases and the folder: the name, or that of the app's store, `_` and the name. */
    private val place: String,
) : KeyStore {
    internal constructor(
        context: Context,
        name: String,
        policy: WrappingPolicy,
        system: SystemKeystore,
    ) : this(
        context.applicationContext ?: context,
        system,
        policy,
        name.also {
            require(NAME.matches(it)) { "a name is 1 to 64 characters of a-z, 0-9 and -" }
        },
    )

    /** Keys of the device that [context] is on. */
    public constructor(
        context: Context,
        name: String = "vidimus",
        policy: WrappingPolicy = WrappingPolicy.HARDWARE_ONLY,
    ) : this(context, name, policy, SystemKeystore.of(context))

    private val folder by lazy { File(context.applicationContext.noBackupFilesDir, "$place-keys") }
    private val lock by lazy { ProcessLock(File(folder, "keys.lock")) }
    private val anchor by lazy { Anchor(File(folder, "anchor")) }

    // No name has a dot or an underscore in it.
    private val firstWrapping = "$place.wrapping"
    private val probe = "$place.probe"
    private val holder = "$place.holder."

    /** Asked of the hardware once; a failure is no answer, and asked again. */
    private val makesHolderKeys by lazy { lock.hold(::looksForHardware) }

    /**
     * P-256, or `null` where the phone makes such keys in software only. The first time that there
     * is no holder key yet, it finds out by making one that is deleted again, some 100 ms.
     *
     * @throws DeviceException where the Keystore gives no answer: that is no reason to do without
     * hardware
     */
    override val holderAlgorithm: HolderAlgorithm?
        get() = answering { if (makesHolderKeys) HolderAlgorithm.P256 else null }

    /**
     * Where the newest wrapping key is; `null` before the first wrapping.
     *
     * @throws DeviceException where the Keystore gives no answer, and where the device has
     * destroyed the key
     */
    public fun wrappingProtection(): Protection? =
        answering { wrappings().lastOrNull()?.let(system::secretKey)?.let(system::protectionOf) }

    /**
     * Where a holder key is; `null` where there is none of this name.
     *
     * @throws DeviceException where the Keystore gives no answer
     */
    public fun holderProtection(name: String): Protection? =
        answering { system.privateKey(holder + name)?.let(system::protectionOf) }

    /**
     * Wraps under the newest wrapping key. Where the device has destroyed that one it makes another
     * and keeps the old one: a driver who begins anew gets a wallet that opens, and no wallet loses
     * the key that it was wrapped under.
     */
    override suspend fun wrap(dataKey: ByteArray): ByteArray = answering { lock.hold { wrapUnderNewest(dataKey) } }

    override suspend fun unwrap(wrapped: ByteArray): ByteArray = answering { unwrapUnderAny(wrapped) }

    override suspend fun createHolderKey(name: String): ByteArray =
        answering {
            if (!NAME.matches(name)) throw DeviceException.Refused()
            val public =
                lock.hold {
                    // The Keystore itself would silently replace a key of the same name.
                    if (system.isTaken(holder + name)) throw DeviceException.Refused()
                    system.makeHolderKey(holder + name)
                }
            encoded(public ?: throw DeviceException.Unavailable())
        }

    override suspend fun sign(
        name: String,
        message: ByteArray,
    ): ByteArray =
        answering {
            try {
                answering { signature(holder + name, message) }
            } catch (failure: DeviceException.Failed) {
                // Not every version has a separate error for a key that waits for an unlock, and
                // it must not be taken for one that is dead.
                if (system.isLocked()) throw DeviceException.Locked()
                val alias = holder + name
                throw meaning(failure, { system.requireSigning(alias) }, { signature(alias, byteArrayOf()) })
            }
        }

    override suspend fun deleteHolderKey(name: String): Unit = answering { system.delete(holder + name) }

    override suspend fun readAnchor(): Long? = answering { anchor.read() }

    override suspend fun raiseAnchor(epoch: Long): Unit =
        answering {
            if (epoch < 0) throw DeviceException.Refused()
            anchor.raise(epoch)
        }

    override suspend fun setDamagedAnchorAside(): Unit = answering { anchor.setAsideIfDamaged() }

    /**
     * Other aliases and another file: neither store has what is in the other.
     *
     * @throws DeviceException.Refused for another name than 1 to 64 characters of `a-z`, `0-9` and
     * `-`
     */
    override fun named(name: String): KeyStore {
        if (!NAME.matches(name)) throw DeviceException.Refused()
        return AndroidKeyStore(context, system, policy, "${place}_$name")
    }

    /**
     * The names of the wrapping keys that are there, the oldest first. None is ever deleted, so
     * their numbers have no gap. It looks no further than it is asked to: before Android 12 it
     * takes the making of a key to learn that there is no such one.
     */
    private fun wrappings(): Sequence<String> =
        generateSequence(1) { it + 1 }.map(::wrapping).takeWhile(system::isTaken)

    private fun wrapping(number: Int) = if (number == 1) firstWrapping else "$firstWrapping.$number"

    private fun wrapUnderNewest(dataKey: ByteArray): ByteArray {
        val names = wrappings().toList()
        val newest = names.lastOrNull()
        if (newest != null) {
            try {
                return answering { proven(newest, dataKey) }
            } catch (failure: DeviceException) {
                val meant = wrappingMeaning(failure, newest)
                // It would be dead for ever: no wallet could be made here again.
                if (meant !is DeviceException.Invalidated) throw meant
            }
        }
        val next = wrapping(names.size + 1)
        system.makeWrappingKey(next, ::isGoodEnough)
        var stays = false
        try {
            return proven(next, dataKey).also { stays = true }
        } finally {
            // Nothing was ever wrapped under it.
            if (!stays) system.delete(next)
        }
    }

    /**
     * Wraps, and sees that it can be unwrapped: a wallet under a key that seals and does not open
     * is lost.
     */
    private fun proven(
        name: String,
        dataKey: ByteArray,
    ): ByteArray {
        val key = system.secretKey(name) ?: throw DeviceException.Failed()
        // One whose maker died before it looked, or that an older policy allowed. It stays: a vault
        // may depend on it.
        if (!isGoodEnough(system.protectionOf(key))) throw DeviceException.Unavailable()
        // The Keystore chooses the nonce: it allows no other, so that none comes twice.
        val cipher = Cipher.getInstance(SystemKeystore.AES_GCM).apply { init(Cipher.ENCRYPT_MODE, key) }
        val wrapped = cipher.iv + cipher.doFinal(dataKey)
        val opened = opened(key, wrapped)
        try {
            if (!MessageDigest.isEqual(opened, dataKey)) throw DeviceException.Failed()
        } finally {
            opened.fill(0)
        }
        return wrapped
    }

    /** The seal itself tells under which of the keys something was wrapped. */
    private fun unwrapUnderAny(wrapped: ByteArray): ByteArray {
        val failures = mutableMapOf<String, DeviceException>()
        for (name in wrappings()) {
            try {
                return answering { opened(system.secretKey(name) ?: throw DeviceException.Failed(), wrapped) }
            } catch (failure: DeviceException) {
                failures[name] = failure
            }
        }
        // Only now: to learn what a failure means takes a key, and one of the keys may be dead for
        // long.
        val meant = failures.map { (name, failure) -> wrappingMeaning(failure, name) }
        throw meant.minByOrNull(::rank) ?: DeviceException.NotFound()
    }

    private fun opened(
        key: SecretKey,
        wrapped: ByteArray,
    ): ByteArray {
        if (wrapped.size != WRAPPED) throw DeviceException.Refused()
        val cipher = Cipher.getInstance(SystemKeystore.AES_GCM)
        cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG * Byte.SIZE_BITS, wrapped, 0, NONCE))
        return cipher.doFinal(wrapped, NONCE, wrapped.size - NONCE)
    }

    private fun signature(
        alias: String,
        message: ByteArray,
    ): ByteArray {
        val key = system.privateKey(alias) ?: throw DeviceException.NotFound()
        val signature =
            Signature.getInstance(SystemKeystore.ECDSA).run {
                initSign(key)
                update(message)
                sign()
            }
        return EcdsaSignature.fromDer(signature)
    }

    private fun wrappingMeaning(
        failure: DeviceException,
        name: String,
    ) = meaning(failure, { system.requireWrapping(name) }, { proven(name, ByteArray(DATA_KEY)) })

    /**
     * The cause of a failure that names none. Of a key that the device can read no more ("Invalid
     * key blob"), or has destroyed, the Keystore often says no more than that something went wrong.
     * Such a key is dead where a [new] one can be made and used in the same place, while the [same]
     * one fails once more: neither a lock does that, nor a Keystore that is down.
     */
    private fun meaning(
        failure: DeviceException,
        new: () -> Unit,
        same: () -> Unit,
    ): DeviceException {
        if (failure !is DeviceException.Failed) return failure
        failureOf(new)?.let { return it }
        return when (val again = failureOf(same)) {
            null -> failure
            is DeviceException.Failed -> DeviceException.Invalidated()
            else -> again
        }
    }

    private fun failureOf(call: () -> Unit): DeviceException? =
        try {
            answering(call)
            null
        } catch (failure: DeviceException) {
            failure
        }

    /**
     * Which of several keys' answers counts: the lowest. One that cannot be used now may be the
     * right one, and nothing is given up before it was asked; next, one that was destroyed may have
     * been it.
     */
    private fun rank(failure: DeviceException): Int =
        when (failure) {
            is DeviceException.Locked -> 0
            is DeviceException.Invalidated -> 2
            is DeviceException.Refused, is DeviceException.NotFound -> 3
            else -> 1
        }

    private fun isGoodEnough(protection: Protection) =
        protection.isHardware || policy == WrappingPolicy.SOFTWARE_ALLOWED

    private fun looksForHardware(): Boolean {
        val made = system.aliases().filter { it.startsWith(holder) }
        if (made.any { isInHardware(it.removePrefix(holder)) }) return true
        return try {
            // What has a StrongBox has a trusted environment as well, which is faster.
            system.makeHolderKey(probe, strongBoxFirst = false) != null
        } finally {
            system.delete(probe)
        }
    }

    /**
     * A key that cannot be read says nothing: it is one license's, and no reason to keep the others
     * locked.
     */
    private fun isInHardware(name: String): Boolean =
        try {
            holderProtection(name)?.isHardware == true
        } catch (_: DeviceException) {
            false
        }

    private fun encoded(key: ECPublicKey): ByteArray =
        byteArrayOf(UNCOMPRESSED) + key.w.affineX.to32Bytes() + key.w.affineY.to32Bytes()

    private fun BigInteger.to32Bytes(): ByteArray {
        val bytes = toByteArray()
        val fixed = ByteArray(COORDINATE)
        bytes.copyInto(fixed, maxOf(0, COORDINATE - bytes.size), maxOf(0, bytes.size - COORDINATE))
        return fixed
    }

    private companion object {
        const val NONCE = 12
        const val TAG = 16
        const val DATA_KEY = 32
        const val WRAPPED = NONCE + DATA_KEY + TAG
        const val COORDINATE = 32
        const val UNCOMPRESSED: Byte = 4
        val NAME = Regex("[a-z0-9-]{1,64}")
    }
}
