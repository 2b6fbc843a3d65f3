package org.vidimus.desktop

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.withContext
import org.vidimus.FileKeyStore
import org.vidimus.app.DriverApp
import org.vidimus.app.LockOutcome
import org.vidimus.app.Place
import org.vidimus.app.UnlockReason
import org.vidimus.shell.Notice
import org.vidimus.shell.Phone
import java.nio.file.Path

/**
 * A folder that plays the phone. Its keys lie in files beside the wallet: for trying, not for
 * keeping.
 *
 * @param leaves is told where a phone would lead its driver
 * @param browses opens the address of a page
 */
internal class DesktopPhone(
    folder: Path,
    private val leaves: (Place) -> Unit,
    private val browses: (String) -> Unit,
) : Phone {
    private val wallet = folder.resolve("wallet")
    private val keys by lazy { FileKeyStore(folder.resolve("keys")) }

    override val hasLock: Boolean get() = true

    fun start(
        rootKey: ByteArray,
        authority: String,
        saved: ByteArray?,
        signInRedirect: String?,
    ): DriverApp = DriverApp.start(wallet, rootKey, authority, keys, hasLock, saved, signInRedirect = signInRedirect)

    /** A desktop's own lock is not ours to ask. */
    override suspend fun unlock(reason: UnlockReason): LockOutcome = LockOutcome.OPENED

    override fun leave(to: Place) = leaves(to)

    override suspend fun browse(address: String): Boolean {
        withContext(Dispatchers.IO) { browses(address) }
        return true
    }

    /** No desktop ends an app to give its state back later. */
    override suspend fun keep(saved: ByteArray?) = Unit

    /** Nothing suspends a window. */
    override suspend fun stayAwake() {
        awaitCancellation()
    }
}

internal const val VERSION = "desktop"

internal val NOTICES =
    listOf(Notice("Vidimus", "Apache-2.0 OR MIT"), Notice("Kotlin, Compose, JNA, ZXing", "Apache-2.0"))
