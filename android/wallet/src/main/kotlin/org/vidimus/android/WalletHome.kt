package org.vidimus.android

import android.content.Context
import org.vidimus.DeviceKeys
import org.vidimus.NetworkAccess
import org.vidimus.Wallet
import org.vidimus.WalletException
import java.io.File
import java.nio.file.Path

/**
 * Where a phone's wallet lives, and what opens it. Make one for the process and let the application
 * be a [Provider].
 *
 * The driver's app opens the wallet with these by itself; one of your own does it with
 * [Wallet.open] and [Wallet.create]. A worker opens it once more for as long as it [uses][use] it:
 * a wallet is made for several at once, in one process or in two.
 *
 * Its folder is in `noBackupFilesDir`: out of backups and transfers to another phone, whose keys
 * could not open it. It is not readable before the first unlock after a start.
 *
 * @property keys the keys that open the wallet
 * @property network how the authority is reached
 * @param context any of the app's
 */
public class WalletHome(
    context: Context,
    public val keys: DeviceKeys = AndroidKeyStore(context),
    public val network: NetworkAccess = NetworkAccess.BuiltIn(),
) {
    /** An application that has a [WalletHome]: [RefreshWorker] asks it for that. */
    public interface Provider {
        /** The home of the process, always the same one. */
        public val walletHome: WalletHome
    }

    /**
     * Names this start of the phone, as [Wallet.open] takes it; `null` where Android does not count
     * them.
     */
    public val bootId: ByteArray? by lazy { bootId(context.applicationContext) }

    /** The wallet's folder. Nothing else is to be put there. */
    public val directory: Path by lazy { File(context.applicationContext.noBackupFilesDir, "$FOLDER/$WALLET").toPath() }

    /**
     * Opens the wallet for [block] and closes it after that; others may have it open. It never
     * makes one.
     *
     * @throws WalletException as [Wallet.open] does; `Vault(NOT_FOUND)` where none was made,
     *   `Vault(HAD_BEFORE)` where the keys remember one
     */
    public suspend fun <R> use(block: suspend (Wallet) -> R): R =
        Wallet.open(directory, keys, network, bootId).use { block(it) }

    private companion object {
        const val FOLDER = "vidimus"
        const val WALLET = "wallet"
    }
}
