package org.vidimus.shell.support

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.vidimus.DeviceKeys
import org.vidimus.Network
import org.vidimus.VaultProblem
import org.vidimus.Wallet
import org.vidimus.WalletException
import org.vidimus.shell.LockOutcome
import org.vidimus.shell.Notice
import org.vidimus.shell.Phone
import org.vidimus.support.Authority
import org.vidimus.support.JcaKeyStore
import java.nio.file.Path
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.TimeSource

/** A driver's phone with a real wallet of a real authority; its lock and what else a phone has do as a test says. */
class DriversPhone(
    private val authority: Authority,
    val keys: DeviceKeys = JcaKeyStore(),
    private val network: Network = Network.BuiltIn(),
) : Phone,
    AutoCloseable {
    private val device = org.vidimus.support.Phone(authority, keys)
    private val opened = CopyOnWriteArrayList<Wallet>()

    /** What the driver's finger says to the lock. */
    @Volatile
    var lock: suspend () -> LockOutcome = { LockOutcome.OPENED }

    @Volatile
    override var hasLock: Boolean = true

    /** Where the wallet is kept, and by whose root key it is made. */
    @Volatile
    var directory: Path = device.directory

    @Volatile
    var rootKey: ByteArray = authority.rootKey

    override val elapsed: TimeSource.WithComparableMarks = TimeSource.Monotonic
    override val version: String = "0.1.0"
    override val notices: List<Notice> = listOf(Notice("SQLite", "Public domain"))

    /** The wallet that was opened last. */
    val wallet: Wallet get() = opened.last()

    override suspend fun openWallet(): Wallet = openOrMake().also(opened::add)

    override suspend fun setWalletAside() {
        withContext(Dispatchers.IO) { Wallet.setAside(directory) }
    }

    override suspend fun unlock(): LockOutcome = lock()

    private suspend fun openOrMake(): Wallet =
        try {
            Wallet.open(directory, keys, network)
        } catch (missing: WalletException.Vault) {
            if (missing.reason != VaultProblem.NOT_FOUND && missing.reason != VaultProblem.HAD_BEFORE) throw missing
            Wallet.create(directory, rootKey, authority.issuer, keys, network)
        }

    override fun close() {
        opened.forEach(Wallet::close)
        device.close()
    }
}
