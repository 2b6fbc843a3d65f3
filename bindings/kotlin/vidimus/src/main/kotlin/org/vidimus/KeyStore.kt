package org.vidimus

import java.nio.file.Path

/** Where a wallet's keys are: a [KeyStore] of the app's own, or on a desktop a [FileKeyStore]. */
public sealed interface DeviceKeys

/**
 * The device's protected keys and its one protected number: on Android, the Keystore.
 *
 * The functions are called on `Dispatchers.IO`, several at once, and may block. After 10 seconds
 * the coroutine of one is cancelled and the wallet goes on without its answer: ask the driver for a
 * finger before the call that needs it. They throw a [DeviceException]; anything else that is
 * thrown counts as [DeviceException.Failed], and its text is dropped.
 */
public interface KeyStore : DeviceKeys {
    /**
     * The kind of holder keys that the hardware makes, asked once for each open wallet. `null`
     * where there is no such hardware: the vault then keeps the holder key itself, sealed, and the
     * three functions for holder keys are not called.
     */
    public val holderAlgorithm: HolderAlgorithm?

    /**
     * Wraps a data key of 32 bytes under a key that never leaves this device and is made on first
     * use.
     *
     * The result differs each time and has at most 4,096 bytes. [dataKey] is wiped when this
     * returns: keep no copy.
     */
    public suspend fun wrap(dataKey: ByteArray): ByteArray

    /**
     * Unwraps what [wrap] returned on this device: 32 bytes in an array of their own, which is
     * wiped after use.
     *
     * @throws DeviceException.NotFound where this device has no wrapping key
     * @throws DeviceException.Refused for bytes that its key did not wrap
     * @throws DeviceException.Invalidated where the device has destroyed the key
     */
    public suspend fun unwrap(wrapped: ByteArray): ByteArray

    /**
     * Makes a holder key under a [name] of 1 to 64 characters of `a-z`, `0-9` and `-`, and returns
     * its public part: for P-256 the 65 bytes `04 x y`, for Ed25519 its 32 bytes.
     *
     * @throws DeviceException.Refused for another name, and where the name is taken: a key is never
     * replaced
     */
    public suspend fun createHolderKey(name: String): ByteArray

    /**
     * Signs with a holder key: 64 bytes. For P-256 that is ECDSA with SHA-256, `r` and `s` of 32
     * bytes each, not DER (`SHA256withECDSAinP1363Format`).
     *
     * @throws DeviceException.NotFound for a name without a key
     */
    public suspend fun sign(
        name: String,
        message: ByteArray,
    ): ByteArray

    /** Deletes a holder key. One that is not there is no error. */
    public suspend fun deleteHolderKey(name: String)

    /**
     * The highest number that was ever raised here; `null` before the first.
     *
     * @throws DeviceException.Invalidated where what is stored is no number any more
     */
    public suspend fun readAnchor(): Long?

    /**
     * Raises the number, which is how a vault that was put back from an older copy is noticed. It
     * never sinks: a lower or equal [epoch] changes nothing and is no error.
     */
    public suspend fun raiseAnchor(epoch: Long)

    /**
     * Moves a number that is damaged to another name, so that a wallet that is made after this
     * finds none; one that can be read stays. It is called when the wallet that the number belonged
     * to was set aside. A store whose number cannot be damaged need not override this.
     */
    public suspend fun setDamagedAnchorAside() {}

    /**
     * A separate store of this device under a [name] of the form of a holder key's, such as a
     * reader's beside a wallet's: with another wrapping key, another number and other holder keys,
     * so that neither can read or change what is the other's. One name leads to one store, also
     * after a restart. It makes no key yet. It is asked of the app's store alone, never of a named
     * one.
     */
    public fun named(name: String): KeyStore
}

/**
 * Keys in files that only their owner can read, for a desktop. **Not for phones**: anyone who
 * copies [directory] has the keys. Keep it apart from the wallet's own folder.
 *
 * No key of it is ever in the memory of the JVM. Making one looks at the folder, on the caller's
 * thread.
 *
 * @param directory made where it is missing
 * @throws WalletException.KeyStore where others can read it, or it cannot be made
 */
public class FileKeyStore(
    directory: Path,
) : DeviceKeys {
    private val core = translated { CoreFileKeyStore(directory.toString().proper()) }

    internal fun toCore(): CoreKeyStore = translated { core.keyStore() }
}
