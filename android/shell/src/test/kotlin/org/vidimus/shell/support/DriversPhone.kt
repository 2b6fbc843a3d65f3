package org.vidimus.shell.support

import kotlinx.coroutines.awaitCancellation
import org.vidimus.DeviceKeys
import org.vidimus.NetworkAccess
import org.vidimus.app.DriverApp
import org.vidimus.app.LockOutcome
import org.vidimus.app.Place
import org.vidimus.app.UnlockReason
import org.vidimus.shell.Phone
import org.vidimus.support.Authority
import org.vidimus.support.JcaKeyStore
import java.nio.file.Path
import java.util.concurrent.CopyOnWriteArrayList

/**
 * A driver's phone with a real wallet of a real authority; its lock and what else a phone has do as
 * a test says.
 */
class DriversPhone(
    private val authority: Authority,
    val keys: DeviceKeys = JcaKeyStore(),
    private val network: NetworkAccess = NetworkAccess.BuiltIn(),
) : Phone,
    AutoCloseable {
    private val device = org.vidimus.support.Phone(authority, keys)

    /** What the driver's finger says to the lock. */
    @Volatile
    var lock: suspend (UnlockReason) -> LockOutcome = { LockOutcome.OPENED }

    @Volatile
    override var hasLock: Boolean = true

    /** Where the wallet is kept, and by whose root key it is made. */
    @Volatile
    var directory: Path = device.directory

    @Volatile
    var rootKey: ByteArray = authority.rootKey

    /** What the app wanted to be kept, the newest. */
    @Volatile
    var kept: ByteArray? = null
        private set

    /** Where the driver was led out of the app. */
    val sentTo = CopyOnWriteArrayList<Place>()

    /** The driver's app on this phone, as after the start of a process. */
    fun start(saved: ByteArray? = null): DriverApp = DriverApp.start(directory, rootKey, authority.issuer, keys, hasLock, saved, network)

    override suspend fun unlock(reason: UnlockReason): LockOutcome = lock(reason)

    override fun leave(to: Place) {
        sentTo += to
    }

    /** The addresses that the browser has opened. */
    val browsed = CopyOnWriteArrayList<String>()

    override suspend fun browse(address: String): Boolean = browsed.add(address)

    override suspend fun keep(saved: ByteArray?) {
        kept = saved
    }

    override suspend fun stayAwake() {
        awaitCancellation()
    }

    override fun close() = device.close()
}
