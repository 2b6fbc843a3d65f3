package org.vidimus.support

import org.vidimus.DeviceKeys
import org.vidimus.NetworkAccess
import org.vidimus.Verifier
import org.vidimus.Wallet
import java.nio.file.FileSystemException
import java.nio.file.Path
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.createTempDirectory
import kotlin.io.path.deleteRecursively

/** A driver's phone: a folder, its keys, and one wallet at a time. */
class Phone(
    val authority: Authority,
    val keys: DeviceKeys = JcaKeyStore(),
) : AutoCloseable {
    private val folder: Path = createTempDirectory("vidimus-phone")

    val directory: Path get() = folder.resolve("wallet")

    suspend fun create(
        keys: DeviceKeys = this.keys,
        network: NetworkAccess = NetworkAccess.BuiltIn(),
    ): Wallet = Wallet.create(directory, authority.rootKey, authority.issuer, keys, network)

    suspend fun open(
        keys: DeviceKeys = this.keys,
        network: NetworkAccess = NetworkAccess.BuiltIn(),
    ): Wallet = Wallet.open(directory, keys, network)

    /** A wallet with one license in it, and that license's id. */
    suspend fun enrolled(registered: Registered = authority.register()): Pair<Wallet, String> {
        val wallet = create()
        return wallet to wallet.enroll(wallet.readOffer(registered.offer), registered.txCode)
    }

    /**
     * A wallet that was closed a moment ago still folds its files together: what comes and goes
     * meanwhile is no failure.
     */
    @OptIn(ExperimentalPathApi::class)
    override fun close() {
        repeat(PATIENCE) {
            try {
                return folder.deleteRecursively()
            } catch (_: FileSystemException) {
                Thread.sleep(100)
            }
        }
        folder.deleteRecursively()
    }

    private companion object {
        /** Tenths of a second. */
        const val PATIENCE = 100
    }
}

/** An officer's reader with the trust list that a phone holds. */
suspend fun Authority.reader(wallet: Wallet): Verifier = Verifier(rootKey).apply { setTrustList(checkNotNull(wallet.trustList())) }
