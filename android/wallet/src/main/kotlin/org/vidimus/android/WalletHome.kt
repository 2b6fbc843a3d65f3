package org.vidimus.android

import android.content.Context
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import org.vidimus.DeviceException
import org.vidimus.DeviceKeys
import org.vidimus.Network
import org.vidimus.VaultProblem
import org.vidimus.Wallet
import org.vidimus.WalletException
import java.io.File
import java.nio.file.Path

/**
 * Where a phone's wallet lives, and the one object of it that is open in this process. The app keeps it [open] while
 * it is used; a worker [borrows][use] it meanwhile, or opens it for itself. Make one for the process and let the
 * application be a [Provider].
 *
 * Its folder is in `noBackupFilesDir`: out of backups and transfers to another phone, whose keys could not open it.
 * It is not readable before the first unlock after a start.
 *
 * @property keys the keys that open the wallet
 * @param context any of the app's
 * @param network how the authority is reached
 */
public class WalletHome(
    context: Context,
    public val keys: DeviceKeys = AndroidKeyStore(context),
    private val network: Network = Network.BuiltIn(),
) {
    /** An application that has a [WalletHome]: [RefreshWorker] asks it for that. */
    public interface Provider {
        /** The home of the process, always the same one. */
        public val walletHome: WalletHome
    }

    private val bootId by lazy { bootId(context.applicationContext) }
    private val base by lazy { File(context.applicationContext.noBackupFilesDir, FOLDER) }
    private val turn = Mutex()
    private val releasing = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private var current: Wallet? = null
    private var isKept = false
    private var borrowers = 0

    /** The wallet's folder. Nothing else is to be put there. */
    public val directory: Path get() = File(base, WALLET).toPath()

    /**
     * Makes the wallet, and keeps it open.
     *
     * @param rootKey the public key that signs the authority's trust list, a COSE_Key
     * @param authority the authority's address
     * @throws WalletException as [Wallet.create] does; `Vault(ALREADY_EXISTS)` where it is there, `Vault(DAMAGED)` where its
     *   file is gone: the wallet's own mark beside it says that it was there
     */
    public suspend fun create(
        rootKey: ByteArray,
        authority: String,
    ): Wallet =
        turn.withLock {
            if (current == null) base.mkdirs()
            val wallet = Wallet.create(directory, rootKey, authority, keys, network, bootId)
            wallet.also(::keep)
        }

    /**
     * The wallet, opened where it is not yet, and kept open until [close]. One that was closed
     * on its own is opened anew.
     *
     * @throws WalletException as [Wallet.open] does; `Vault(NOT_FOUND)` where none was made, `Vault(HAD_BEFORE)` where the
     *   keys remember one: then, too, one can be made; `Vault(DAMAGED)` where its file is gone
     */
    public suspend fun open(): Wallet = turn.withLock { opened().also(::keep) }

    /**
     * Lends the wallet to [block]: the one that is open, or one that is open for as long as somebody borrows it.
     *
     * @throws WalletException as [Wallet.open] does
     */
    public suspend fun <R> use(block: suspend (Wallet) -> R): R {
        val wallet = turn.withLock { opened().also { borrowers++ } }
        try {
            return block(wallet)
        } finally {
            withContext(NonCancellable) {
                turn.withLock {
                    borrowers--
                    closeIfUnused()
                }
            }
        }
    }

    /** The app needs the wallet no longer. Whoever has borrowed it goes on, and the last one closes it. */
    public suspend fun close() {
        turn.withLock {
            isKept = false
            closeIfUnused()
        }
    }

    /** [close] for who cannot wait: it returns at once, and is done before whatever is asked of this home after it. */
    public fun release() {
        // Undispatched it takes its turn here and now, and turns are fair.
        releasing.launch(start = CoroutineStart.UNDISPATCHED) { close() }
    }

    /**
     * Closes the wallet, whoever uses it, and moves it to a folder beside its own: then a new one can be made and the
     * license be issued anew. Nothing is deleted; a damaged number of [AndroidKeyStore] is put aside as well.
     *
     * @return where the old wallet is now
     * @throws WalletException as [Wallet.setAside] does; `Vault(NOT_FOUND)` where there is none
     */
    public suspend fun setAside(): Path =
        turn.withLock {
            isKept = false
            current?.close()
            current = null
            val aside =
                try {
                    Wallet.setAside(directory)
                } catch (failure: WalletException.Vault) {
                    // After a death between the two: no wallet is left that the number belongs to.
                    if (failure.reason == VaultProblem.NOT_FOUND) setAsideDamagedAnchor()
                    throw failure
                }
            setAsideDamagedAnchor()
            aside
        }

    private fun setAsideDamagedAnchor() {
        try {
            (keys as? AndroidKeyStore)?.setAsideDamagedAnchor()
        } catch (_: DeviceException) {
            // The wallet is aside, which counts. Making the next one will say that the number is still damaged.
        }
    }

    private suspend fun opened(): Wallet {
        val wallet = alive() ?: Wallet.open(directory, keys, network, bootId)
        return wallet.also { current = it }
    }

    /** The wallet that is held, unless somebody has closed it on its own: that one opens never again. */
    private suspend fun alive(): Wallet? {
        val held = current ?: return null
        try {
            held.time()
        } catch (_: WalletException.Closed) {
            current = null
            isKept = false
        } catch (_: WalletException) {
            // Whatever else is wrong with it, it is open, and says so to whoever uses it.
        }
        return current
    }

    private fun keep(wallet: Wallet) {
        current = wallet
        isKept = true
    }

    private fun closeIfUnused() {
        if (isKept || borrowers > 0) return
        current?.close()
        current = null
    }

    private companion object {
        const val FOLDER = "vidimus"
        const val WALLET = "wallet"
    }
}
