package org.vidimus

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import java.nio.file.Path
import java.util.Collections
import java.util.WeakHashMap
import kotlin.io.path.Path
import kotlin.time.Duration

/**
 * A driver's wallet that is open: it keeps licenses, keeps their status fresh, and shows them.
 *
 * It may be used from any thread, and another process (a widget, a worker) may have the same one
 * open. Its functions suspend without blocking the caller's thread; cancelling their coroutine
 * stops what they do, and what was already written stays valid. They throw a [WalletException].
 * After [close] all of them throw [WalletException.Closed]. Do not call them under
 * `Dispatchers.Unconfined`: your code after a call would run on the library's own two threads and
 * block them.
 */
public class Wallet private constructor(
    core: CoreWallet,
    first: WalletStatus,
) : AutoCloseable {
    internal val lifetime = Lifetime(core)
    private val shown = Collections.newSetFromMap(WeakHashMap<Presentation, Boolean>())
    private val reading = Mutex()
    private val current = MutableStateFlow(first)

    /**
     * What the wallet holds: it changes after [enroll], [refresh], [remove], [licenses] and
     * [examine] of this object. The age of a status is that at the time of reading; a screen that
     * stays computes it from [StatusReport.asOf].
     */
    public val status: StateFlow<WalletStatus> = current.asStateFlow()

    /** The address of the authority that the wallet was made for. */
    public val authority: String = lifetime.call { it.authority() }

    /**
     * Reads a credential offer as scanned or typed, and asks its issuer for its name and what it
     * issues. It spends nothing.
     *
     * @throws WalletException.Offer where the text is no offer, or the offer is used up
     * @throws WalletException.Network where the issuer cannot be asked
     */
    public suspend fun readOffer(text: String): Offer =
        Offer(lifetime.cancellable { core, cancel -> core.readOffer(text.proper(), cancel) })

    /**
     * Takes up an [offer]: the license is issued, verified and stored, and its first status
     * fetched. Where that status cannot be fetched the license stays, its status unknown until the
     * next [refresh].
     *
     * After a cancellation or a failure take up the same offer again: it continues where it
     * stopped.
     *
     * @param txCode the code that the driver got apart from the offer, by mail or message
     * @return the license's id in this wallet
     * @throws WalletException.Offer for a code that is missing or wrong, and an offer that is spent
     * @throws WalletException.Issuer where the issuer does not do its part
     */
    public suspend fun enroll(
        offer: Offer,
        txCode: String? = null,
    ): String =
        followed {
            lifetime.cancellable { core, cancel -> core.enroll(offer.core, txCode?.proper(), cancel) }
        }

    /**
     * Begins to apply for a license by signing in at the wallet's authority. Open the returned
     * address at once in the system's browser, never in a web view, and give [resume] the address
     * that the browser comes back with. The process may be killed meanwhile.
     *
     * @throws WalletException.SignIn where the authority has no sign-in, and while an application
     * waits
     */
    public suspend fun applyBySigningIn(client: SignInClient): SignIn =
        lifetime.cancellable { core, cancel -> core.apply(client, cancel) }

    /**
     * Takes the whole address that the browser came back with, and fetches the license. Where the
     * network fails, the next [refresh] goes on, and so does this with the same address.
     *
     * @throws WalletException.SignIn where no sign-in is under way, for the answer of another one,
     * which changes nothing, and where the driver declined
     */
    public suspend fun resume(redirect: String): Applied =
        followed { lifetime.cancellable { core, cancel -> core.resume(redirect.proper(), cancel) } }

    /** Forgets the sign-in that is under way, where there is one. */
    public suspend fun abandonSignIn(): Unit = lifetime.call { it.abandonSignIn() }

    /** The applications for licenses that are not in the wallet yet. */
    public fun applications(): List<Application> = lifetime.call { it.applications() }

    /**
     * Removes an application with its key and its tokens: one that was refused, or one that the
     * driver gives up. The authority is not told, and may have issued its license already.
     *
     * @throws WalletException.NoSuchLicense
     */
    public suspend fun dismiss(application: String): Unit = lifetime.call { it.dismiss(application.proper()) }

    /**
     * The licenses that the wallet holds, read anew, without their portraits. A damaged one is
     * listed as such.
     */
    public suspend fun licenses(): List<HeldLicense> {
        follow()
        return current.value.licenses
    }

    /**
     * The portrait of a license: a JPEG of at most 64 KiB, or `null` where the license came without
     * one.
     *
     * @throws WalletException.NoSuchLicense
     */
    public suspend fun portrait(license: String): ByteArray? = lifetime.call { it.portrait(license.proper()) }

    /**
     * Removes a license and its keys from this device, because its holder wants it. The authority
     * is not told.
     *
     * @throws WalletException.NoSuchLicense
     */
    public suspend fun remove(license: String): Unit = followed { lifetime.call { it.remove(license.proper()) } }

    /**
     * Asks the authority for what is due, or for all. Call it from the system's scheduler: it may
     * be called at any time, and killed at any instant. Failures of the network are in the report,
     * which also says when to call again.
     *
     * @param budget the time after which it returns with what it has; `null` for 25 seconds, the
     * library's own choice
     */
    public suspend fun refresh(
        scope: RefreshScope = RefreshScope.DUE,
        budget: Duration? = null,
    ): RefreshReport {
        var report: RefreshReport? = null
        return followed({ report }) {
            lifetime
                .cancellable { core, cancel -> core.refresh(scope, budget?.inWholeMilliseconds, cancel) }
                .also { report = it }
        }
    }

    /**
     * Refreshes what is due until its coroutine is cancelled, for an app that is on the screen:
     * `repeatOnLifecycle(STARTED) { wallet.keepFresh() }`. It returns when the wallet is closed.
     *
     * @throws WalletException where the wallet itself can no longer be read or written
     */
    public suspend fun keepFresh() {
        var scope = RefreshScope.OPENED
        while (true) {
            val next =
                try {
                    refresh(scope).nextIn.also { scope = RefreshScope.DUE }
                } catch (_: WalletException.Closed) {
                    return
                } catch (busy: WalletException.Storage) {
                    if (busy.reason != StorageProblem.BUSY) throw busy
                    // A worker in another process has the wallet; it refreshes, too.
                    LONGEST_PAUSE
                }
            delay(minOf(next, LONGEST_PAUSE))
        }
    }

    /**
     * Starts to show a license to anyone who looks, for at most five minutes. Close the
     * presentation when its screen closes.
     *
     * @throws WalletException.NoSuchLicense
     */
    public suspend fun present(license: String): Presentation = show { it.present(license.proper()) }

    /**
     * Reads a reader's challenge: the text of its QR, or the 8 digits that an officer reads out.
     *
     * @throws WalletException.Challenge for any other text, and for a recorded challenge
     */
    public suspend fun readChallenge(text: String): ReaderRequest =
        ReaderRequest(lifetime.call { it.readChallenge(text.proper()) })

    /**
     * Starts to show a license to the reader who asked. First show the driver who that is.
     *
     * @throws WalletException.NoSuchLicense
     */
    public suspend fun answer(
        license: String,
        request: ReaderRequest,
    ): Presentation = show { it.answer(license.proper(), request.core) }

    /**
     * The newest entries of the activity log, at most [limit], newest first: what was shown when,
     * and to whom.
     */
    public suspend fun activity(limit: Int = 100): Activity = lifetime.call { it.activity(limit) }

    /**
     * Reads everything in the vault and says what is damaged. It takes longer the more there is.
     */
    public suspend fun examine(): Health {
        val health = lifetime.call { it.examine() }
        follow()
        return health
    }

    /**
     * The signed trust list that is held, for a [Verifier] on the same device; `null` before the
     * first refresh.
     */
    public suspend fun trustList(): ByteArray? = lifetime.call { it.trustList() }

    /** The best known time and how sure it is; the device's own clock may be wrong. */
    public suspend fun time(): TimeEstimate = lifetime.call { it.time() }

    /**
     * Closes the wallet and its presentations, and wipes its keys. Calls that are under way end
     * with [WalletException.Closed]. It does not wait for them, and what was already written stays
     * valid.
     */
    override fun close() {
        lifetime.close()
        synchronized(shown) { shown.toList() }.forEach(Presentation::close)
    }

    private suspend fun show(start: suspend (CoreWallet) -> CorePresentation): Presentation {
        var core: CorePresentation? = null
        val presentation =
            try {
                // The call is short. A cancellation during it would leak the new object, and with
                // it the vault's key.
                withContext(NonCancellable + Dispatchers.Default) { lifetime.call { core = start(it) } }
                currentCoroutineContext().ensureActive()
                Presentation(checkNotNull(core))
            } catch (failure: Throwable) {
                // The caller will not get the object, so it is destroyed here.
                core?.destroy()
                throw failure
            }
        synchronized(shown) { shown.add(presentation) }
        if (lifetime.isClosed()) {
            presentation.close()
            throw WalletException.Closed()
        }
        return presentation
    }

    /**
     * Makes a call that changes the wallet, and then reads [status] anew, also after a failure.
     */
    private suspend inline fun <R> followed(
        report: () -> RefreshReport? = { null },
        change: () -> R,
    ): R {
        try {
            return change()
        } finally {
            val last = report()
            withContext(NonCancellable) {
                try {
                    follow(last)
                } catch (_: WalletException) {
                    // The error of the change itself matters more. The old status stays.
                }
            }
        }
    }

    private suspend fun follow(report: RefreshReport? = null) {
        // One at a time, so that an older reading never replaces a newer one.
        reading.withLock {
            lifetime.call { core ->
                val refreshed = report?.let { LastRefresh(core.time().now, it) }
                current.value = core.read(refreshed ?: current.value.lastRefresh)
            }
        }
    }

    /** Makes and opens wallets, and sets one aside that cannot be used any more. */
    public companion object {
        /**
         * Makes a wallet in an empty folder.
         *
         * @param directory its folder, made where it is missing; keep it out of backups, and apart
         * from the keys
         * @param rootKey the public key that signs the authority's trust list: a COSE_Key, as the
         * authority publishes it
         * @param authority the authority's address: `https`, or `http` on this machine
         * @param bootId as in [open]
         * @throws WalletException.Vault where there is a wallet already: [open] it
         * @throws WalletException.KeyStore where [keys] do not do their part
         */
        public suspend fun create(
            directory: Path,
            rootKey: ByteArray,
            authority: String,
            keys: DeviceKeys,
            network: NetworkAccess = NetworkAccess.BuiltIn(),
            bootId: ByteArray? = null,
        ): Wallet {
            val config =
                WalletConfig(directory.toString().proper(), rootKey, authority.proper(), network.certificates())
            return start { cancel ->
                keys.lend { coreCreateWallet(config, bootId, it, network.transport(), cancel) }
            }
        }

        /**
         * Opens the wallet of a folder. Nothing is deleted, even where something is wrong with it.
         *
         * @param bootId 16 bytes that change at each start of the device and stay the same until
         * the next. With them the wallet can rely on a time that a server sent since that start.
         * `null` where the library can ask the system for them, as on Linux
         * @throws WalletException.Vault where there is none, or this device or this version cannot
         * open it
         * @throws WalletException.KeyStore where [keys] do not do their part, such as on a locked
         * device
         */
        public suspend fun open(
            directory: Path,
            keys: DeviceKeys,
            network: NetworkAccess = NetworkAccess.BuiltIn(),
            bootId: ByteArray? = null,
        ): Wallet {
            val folder = directory.toString().proper()
            return start { cancel ->
                val pinned = network.certificates()
                keys.lend { coreOpenWallet(folder, bootId, pinned, it, network.transport(), cancel) }
            }
        }

        /**
         * Moves a wallet that cannot be used any more to a folder beside it, and returns that
         * folder. Then make a new one, and have the license issued anew. Nothing is deleted. It
         * runs on the caller's thread.
         *
         * @throws WalletException.Vault where there is none
         */
        public fun setAside(directory: Path): Path = Path(translated { coreSetAside(directory.toString().proper()) })

        /** How long [keepFresh] pauses at most: the same in each language. */
        private val LONGEST_PAUSE by lazy { translated { coreLongestRefreshPause() } }

        private suspend fun start(make: suspend (CoreCancelToken) -> CoreWallet): Wallet =
            opened(make) { made -> Wallet(made, translated { made.read(null) }) }

        private suspend fun CoreWallet.read(lastRefresh: LastRefresh?): WalletStatus {
            val overview = withContext(Dispatchers.IO) { overview() }
            return WalletStatus(overview.licenses, overview.health, lastRefresh, overview.missesLicense)
        }
    }
}
