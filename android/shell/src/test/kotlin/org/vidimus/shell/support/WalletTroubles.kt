package org.vidimus.shell.support

import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import org.vidimus.DeviceException
import org.vidimus.shell.Screen
import org.vidimus.shell.Trouble
import org.vidimus.provokePanicInNextOpening
import org.vidimus.support.Authority
import org.vidimus.support.FaultyKeyStore
import kotlin.io.path.readText
import kotlin.io.path.writeText
import kotlin.test.assertEquals

/** Troubles that keep a wallet from being opened. Each function makes one and sees it on the screen. */
class WalletTroubles(
    private val authority: Authority,
) {
    suspend fun keyStoreThrows(
        thrown: DeviceException,
        trouble: Trouble,
    ) {
        val keys = FaultyKeyStore()
        DriversPhone(authority, keys).use { phone ->
            makeWallet(phone)
            keys.breakIn("unwrap") { throw thrown }
            isBlocked(phone, trouble)
        }
    }

    suspend fun lockIsTakenAway(): Unit = withoutKeys { it.isBlockedBy(Trouble.PASSCODE_REMOVED) }

    /** A new lock brings the old keys not back. */
    suspend fun lockIsSetAnew(): Unit =
        withoutKeys {
            it.isBlockedBy(Trouble.PASSCODE_REMOVED)
            it.phone.hasLock = true
            coroutineScope {
                val back = launch { it.model.foreground() }
                it.isBlockedBy(Trouble.KEY_INVALIDATED)
                back.cancel()
            }
        }

    /** The vault is there; the keys went with the phone's lock. A key store that is empty finds that out by itself. */
    private suspend fun withoutKeys(test: suspend (Driver) -> Unit) {
        DriversPhone(authority).use { before ->
            makeWallet(before)
            DriversPhone(authority).use { after ->
                after.directory = before.directory
                after.hasLock = false
                Driver(after).use {
                    it.model.start()
                    test(it)
                }
            }
        }
    }

    suspend fun movedToAnotherPhone() {
        DriversPhone(authority).use { old ->
            makeWallet(old)
            DriversPhone(authority).use { new ->
                // It has keys of its own, as a phone has that is in use.
                makeWallet(new)
                new.directory = old.directory
                isBlocked(new, Trouble.OTHER_DEVICE)
            }
        }
    }

    suspend fun fileOverwritten() {
        DriversPhone(authority).use { phone ->
            makeWallet(phone)
            val vault = phone.vault
            vault.writeText(PICTURES)
            isBlocked(phone, Trouble.DAMAGED)
            assertEquals(PICTURES, vault.readText(), "it is kept")
        }
    }

    suspend fun writtenByANewerVersion() {
        DriversPhone(authority).use { phone ->
            makeWallet(phone)
            phone.vault.overwrite(USER_VERSION, byteArrayOf(0, 0, 0, 99))
            isBlocked(phone, Trouble.NEWER_VERSION)
        }
    }

    suspend fun noSpaceLeft() {
        SmallDisk().use { disk ->
            DriversPhone(authority).use { phone ->
                phone.directory = disk.folder.resolve("wallet")
                disk.fill()
                isBlocked(phone, Trouble.STORAGE_FULL)
            }
        }
    }

    suspend fun noFolder() {
        DriversPhone(authority).use { phone ->
            phone.directory.writeText("a file where the folder should be")
            isBlocked(phone, Trouble.STORAGE_FAILED)
        }
    }

    suspend fun rootKeyIsNone() {
        DriversPhone(authority).use { phone ->
            phone.rootKey = byteArrayOf(1, 2, 3)
            isBlocked(phone, Trouble.AUTHORITY_UNKNOWN)
        }
    }

    /** A panic in the midst of the library's own call, and then none. */
    suspend fun coreFails() {
        DriversPhone(authority).use { phone ->
            makeWallet(phone)
            provokePanicInNextOpening()
            Driver(phone).use {
                it.model.start()
                it.isBlockedBy(Trouble.INTERNAL)
                it.model.act(Trouble.INTERNAL.action)
                it.sees<Screen.Welcome>()
            }
        }
    }

    private suspend fun makeWallet(phone: DriversPhone) {
        Driver(phone).use {
            it.model.start()
            it.sees<Screen.Welcome>()
        }
    }

    private suspend fun isBlocked(
        phone: DriversPhone,
        trouble: Trouble,
    ) {
        Driver(phone).use {
            it.model.start()
            it.isBlockedBy(trouble)
        }
    }

    private companion object {
        /** Where SQLite keeps the number of the schema, the highest byte first. */
        const val USER_VERSION = 60L

        const val PICTURES = "holiday pictures, not a wallet"
    }
}
