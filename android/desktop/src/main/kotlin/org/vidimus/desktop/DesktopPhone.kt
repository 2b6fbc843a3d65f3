package org.vidimus.desktop

import org.vidimus.FileKeyStore
import org.vidimus.VaultProblem
import org.vidimus.Wallet
import org.vidimus.WalletException
import org.vidimus.models.LockOutcome
import org.vidimus.models.Notice
import org.vidimus.models.Phone
import java.nio.file.Path
import kotlin.time.TimeSource

/** A folder that plays the phone. Its keys lie in files beside the wallet: for trying, not for keeping. */
internal class DesktopPhone(
    folder: Path,
    private val rootKey: ByteArray,
    private val authority: String,
) : Phone {
    private val wallet = folder.resolve("wallet")
    private val keys by lazy { FileKeyStore(folder.resolve("keys")) }

    /** The wallet that was opened last; the officer takes its trust list. */
    var opened: Wallet? = null
        private set

    override suspend fun openWallet(): Wallet {
        val open =
            try {
                Wallet.open(wallet, keys)
            } catch (failure: WalletException.Vault) {
                if (failure.reason != VaultProblem.NOT_FOUND && failure.reason != VaultProblem.HAD_BEFORE) throw failure
                Wallet.create(wallet, rootKey, authority, keys)
            }
        return open.also { opened = it }
    }

    override suspend fun setWalletAside() {
        opened?.close()
        Wallet.setAside(wallet)
    }

    /** A desktop's own lock is not ours to ask. */
    override suspend fun unlock(): LockOutcome = LockOutcome.OPENED

    override val hasLock: Boolean get() = true

    override val elapsed: TimeSource.WithComparableMarks get() = TimeSource.Monotonic

    override val version: String get() = "desktop"

    override val notices: List<Notice>
        get() = listOf(Notice("Vidimus", "Apache-2.0 OR MIT"), Notice("Kotlin, Compose, JNA, ZXing", "Apache-2.0"))
}
