package org.vidimus

import java.nio.file.Path
import java.util.Collections
import java.util.WeakHashMap
import kotlin.io.path.Path
import kotlin.time.Duration

/**
 * A reader's book that is open: whom the reader trusts, what those have signed, which codes it has
 * seen, and the log of its checks, all sealed under a key of this device. It needs no wallet, and
 * no network to check.
 *
 * It may be used from any thread, and another process may have the same one open. Its functions
 * throw a [WalletException]; after [close] all of them throw [WalletException.Closed]. What is
 * wrong with the book itself does not prevent a verdict: it is in [Checked.troubles].
 */
public class ReaderBook private constructor(
    core: CoreReaderBook,
) : AutoCloseable {
    private val lifetime = Lifetime(core)
    private val looks = Collections.newSetFromMap(WeakHashMap<Look, Boolean>())

    /**
     * Trusts an [authority] from now on; call [refresh] before the first check. For one that the
     * book holds already the addresses change, and what it signed stays.
     *
     * @return the authority's id in this book
     * @throws WalletException.Untrusted where its root key is none
     * @throws WalletException.InvalidArgument for an address that is none, or not `https`
     * @throws WalletException.Reader [ReaderProblem.FULL]
     */
    public suspend fun trust(authority: TrustedAuthority): String = lifetime.call { it.trust(authority.proper()) }

    /**
     * Trusts an authority no longer, and deletes what it signed. An [authority] that the book does
     * not hold is no error.
     */
    public suspend fun distrust(authority: String): Unit = lifetime.call { it.distrust(authority.proper()) }

    /** Whom the reader trusts, how old what it knows is, and how the book is. */
    public suspend fun status(): ReaderStatus = lifetime.call { it.status() }

    /** Reads everything in the book and says what is damaged. It takes longer the more there is. */
    public suspend fun examine(): Health = lifetime.call { it.examine() }

    /**
     * Fetches the trust lists and bundles that are due, or all. It may be called at any time, and
     * killed at any instant. Failures of the network are in the report, which also says when to
     * call again.
     *
     * @param budget the time after which it returns with what it has; `null` for 25 seconds
     */
    public suspend fun refresh(
        scope: RefreshScope = RefreshScope.DUE,
        budget: Duration? = null,
    ): ReaderReport = lifetime.cancellable { core, cancel -> core.refresh(scope, budget?.inWholeMilliseconds, cancel) }

    /**
     * Judges the [text] of a QR that comes once, such as one that was pasted. Where a camera runs,
     * use a [look]. It throws nothing over what is wrong with the text: that is a [Verdict.Refuse].
     *
     * @param challenge the challenge of this book that must be answered
     * @param category the code of a category that the holder must hold today
     * @throws WalletException.Reader [ReaderProblem.NO_AUTHORITY], and
     * [ReaderProblem.NO_SUCH_CHALLENGE] for one that this object did not make
     */
    public suspend fun check(
        text: String,
        challenge: Challenge? = null,
        category: String? = null,
    ): Checked = lifetime.call { it.check(text.whole(), category?.proper(), challenge?.id?.proper()) }

    /**
     * Begins to follow one camera, with the question of each of its verdicts as for a [check]. Have
     * one for each camera and each question, and close it when the camera closes.
     */
    public fun look(
        challenge: Challenge? = null,
        category: String? = null,
    ): Look {
        val look = Look(lifetime.call { it.look(category?.proper(), challenge?.id?.proper()) })
        synchronized(looks) { looks.add(look) }
        if (lifetime.isClosed()) look.close()
        return look
    }

    /**
     * A challenge to show as a QR: its answer cannot be a recording. It counts for 120 seconds. It
     * is signed where the reader has a key, and then the driver sees that the name is proven.
     *
     * @param reader the name that the driver will read, 1 to 64 bytes of UTF-8
     * @param wantsFace whether the driver is asked to show the face too
     * @throws WalletException.InvalidArgument for another name
     */
    public fun ask(
        reader: String,
        wantsFace: Boolean = false,
    ): Challenge = lifetime.call { it.ask(reader.proper(), wantsFace) }

    /**
     * A challenge of 8 digits to read out, for a driver whose camera does not work. It counts for
     * three attempts and for 120 seconds.
     */
    public fun askByDigits(): Challenge = lifetime.call { it.askByDigits() }

    /** The newest checks, at most [limit], newest first. */
    public suspend fun log(limit: Int = 100): CheckLog = lifetime.call { it.log(limit) }

    /**
     * The whole log as a file of JSON lines, the oldest check first. Where the reader has a key,
     * the last line signs all before it.
     */
    public suspend fun exportedLog(): ByteArray = lifetime.call { it.exportedLog() }

    /**
     * Deletes the checks that are older than so many days, all for 0, and says how many. Call it
     * daily with the time that the law allows.
     */
    public suspend fun forgetLog(olderThanDays: Int): Int = lifetime.call { it.forgetLog(olderThanDays) }

    /** Closes the book and its looks, and wipes its keys. It waits for no call. */
    override fun close() {
        lifetime.close()
        synchronized(looks) { looks.toList() }.forEach(Look::close)
    }

    private fun TrustedAuthority.proper(): TrustedAuthority =
        copy(address = address.proper(), bundles = bundles.map(String::proper))

    /** Opens books, and sets one aside that cannot be used any more. */
    public companion object {
        /**
         * Opens the book of a folder, or makes it there. Nothing is deleted, even where something
         * is wrong with it.
         *
         * @param directory made where it is missing; it may be the folder of a wallet. Keep it out
         * of backups
         * @param keys the device's keys: the book has its own under another name, also where a
         * wallet has the same
         * @param keepsNumbers whether the log keeps the number of a license, as an officer's must
         * @param readerKey the 32 secret bytes of the reader's Ed25519 key, which signs its
         * questions and its log; `null` where it has none. Wipe them after the call
         * @param bootId as in [Wallet.open]
         * @throws WalletException.Vault where this device or this version cannot open it
         * @throws WalletException.KeyStore where [keys] do not do their part
         */
        public suspend fun open(
            directory: Path,
            keys: DeviceKeys,
            keepsNumbers: Boolean = false,
            readerKey: ByteArray? = null,
            network: NetworkAccess = NetworkAccess.BuiltIn(),
            bootId: ByteArray? = null,
        ): ReaderBook {
            val config = ReaderConfig(directory.toString().proper(), keepsNumbers, readerKey, network.certificates())
            return opened(
                { cancel -> keys.lend { coreOpenReaderBook(config, bootId, it, network.transport(), cancel) } },
                ::ReaderBook,
            )
        }

        /**
         * Moves a book that cannot be used any more to a folder beside it, and returns that folder.
         * Then open a new one. Nothing is deleted. It runs on the caller's thread.
         *
         * @throws WalletException.Vault where there is none
         */
        public fun setAside(directory: Path): Path =
            Path(translated { coreSetBookAside(directory.toString().proper()) })
    }
}

/**
 * What is held before one camera: it makes one verdict of many pictures. A code is judged once for
 * as long as it is held there; the phone changes it every ten seconds, and the face comes between.
 * A code that comes back later is refused, since it was seen before.
 *
 * It may be used from any thread. After [close] it throws [WalletException.Closed].
 */
public class Look internal constructor(
    core: CoreLook,
) : AutoCloseable {
    private val lifetime = Lifetime(core)

    /**
     * Takes the [texts] of all codes in one picture, in any order, and gives what is new; nothing
     * for a picture that showed nothing new. Give it every picture with a code in it, also the same
     * again: a look ends when nothing of it was seen for ten seconds. After a call that was cancelled
     * the next one gives the verdict again, since the answer may have been lost.
     *
     * Nothing is given when a look ends. Take a verdict off the screen when another sight than its own
     * comes, and when none has come for as long as the person may have gone; `OfficerApp` takes it off
     * after two minutes.
     *
     * @throws WalletException.Reader as [ReaderBook.check] does
     */
    public suspend fun take(texts: List<String>): List<Sight> =
        lifetime.cancellable { core, cancel -> core.take(texts.map(String::whole), cancel) }

    /** Forgets what was held before the camera. */
    override fun close(): Unit = lifetime.close()
}

/**
 * Joins faces from their frames, for a reader that judges by a [Verifier]; a [Look] does it by
 * itself. At most four faces are collected at once. Have one for each driver, since it keeps faces.
 *
 * It may be used from any thread. After [close] it throws [WalletException.Closed].
 */
public class FaceCollector : AutoCloseable {
    private val lifetime = Lifetime(translated { CoreFaceCollector() })

    /**
     * Takes the [text] of a scanned QR as a frame of a face: frames come in any order, and again.
     *
     * @return how far that face has come; `null` where the text is no frame, or where the whole is
     * not what its frames say of it
     */
    public fun take(text: String): FaceProgress? = lifetime.call { it.take(text.proper()) }

    /**
     * The face that belongs to a verdict, a JPEG, once all of its frames were taken: the authority
     * signed this very picture in the license. `null` before, and where the authority's signature
     * does not hold.
     *
     * The caller must still compare it with the person, and heed the verdict: the face of a revoked
     * license is given too.
     */
    public fun face(verdict: Verdict): ByteArray? =
        verdict.findings.portraitDigest?.let { digest -> lifetime.call { it.face(digest) } }

    /** Forgets the faces. */
    override fun close(): Unit = lifetime.close()
}
