package org.vidimus.shell

import org.vidimus.DeviceException
import org.vidimus.HttpRequest
import org.vidimus.HttpResponse
import org.vidimus.LicenseStatus
import org.vidimus.app.Action
import org.vidimus.app.Screen
import org.vidimus.app.Tone
import org.vidimus.app.Trouble
import org.vidimus.app.TroubleAction
import org.vidimus.shell.support.DriversPhone
import org.vidimus.shell.support.PlayedDriver
import org.vidimus.shell.support.told
import org.vidimus.support.Authority
import org.vidimus.support.FaultyKeyStore
import org.vidimus.support.JdkTransport
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Makes troubles as life makes them. Each function makes one and sees it through a shell. */
class ProvokedTroubles(
    private val authority: Authority,
) {
    /**
     * A key store that fails in one function says what is wrong, and no more than that: once it
     * works, all is well.
     */
    suspend fun keyStoreThrows(
        function: String,
        thrown: DeviceException,
        trouble: Trouble,
        hasLock: Boolean = true,
    ) {
        val keys = FaultyKeyStore()
        DriversPhone(authority, keys).use { phone ->
            makeWallet(phone)
            keys.breakIn(function) { throw thrown }
            phone.hasLock = hasLock
            PlayedDriver(phone).use {
                it.isBlockedBy(trouble)
                keys.breakIn(function) {}
                phone.hasLock = true
                it.shell.appLeft()
                it.shell.appSeen()
                val action = (it.shell.updates.value.screen as? Screen.Blocked)?.v1?.story?.action
                if (action != null && action != TroubleAction.SET_LOCK) it.does(Action.Act(action))
                it.sees<Screen.Welcome>()
            }
        }
    }

    /**
     * The vault is there, and its keys went with the phone's lock. A new lock does not bring them
     * back.
     */
    suspend fun lockIsTakenAway() {
        DriversPhone(authority).use { before ->
            makeWallet(before)
            DriversPhone(authority).use { after ->
                after.directory = before.directory
                after.hasLock = false
                PlayedDriver(after).use {
                    it.isBlockedBy(Trouble.PASSCODE_REMOVED)
                    after.hasLock = true
                    it.shell.appLeft()
                    it.shell.appSeen()
                    it.isBlockedBy(Trouble.KEY_INVALIDATED)
                }
            }
        }
    }

    suspend fun movedToAnotherPhone() {
        DriversPhone(authority).use { old ->
            makeWallet(old)
            DriversPhone(authority).use { new ->
                // It has its own keys, as a phone in use has.
                makeWallet(new)
                new.directory = old.directory
                PlayedDriver(new).use { it.isBlockedBy(Trouble.OTHER_DEVICE) }
            }
        }
    }

    /**
     * The one number of the device cannot be read any more. It goes aside with the wallet that it
     * belonged to.
     */
    suspend fun numberIsDamaged() {
        val keys = DamagedNumber()
        DriversPhone(authority, keys).use { phone ->
            makeWallet(phone)
            keys.isDamaged = true
            PlayedDriver(phone).use {
                it.isBlockedBy(Trouble.KEY_INVALIDATED)
                it.does(Action.Act(TroubleAction.BEGIN_ANEW))
                it.sees<Screen.Welcome>()
            }
            assertEquals(false, keys.isDamaged, "it was moved aside")
        }
    }

    suspend fun noSpaceLeft() {
        SmallDisk().use { disk ->
            DriversPhone(authority).use { phone ->
                phone.directory = disk.folder.resolve("wallet")
                disk.fill()
                PlayedDriver(phone).use { it.isBlockedBy(Trouble.STORAGE_FULL) }
            }
        }
    }

    suspend fun rootKeyIsNone() {
        DriversPhone(authority).use { phone ->
            phone.rootKey = byteArrayOf(1, 2, 3)
            PlayedDriver(phone).use { it.isBlockedBy(Trouble.AUTHORITY_UNKNOWN) }
        }
    }

    suspend fun authoritySays(
        status: LicenseStatus,
        trouble: Trouble,
    ): Unit =
        with(DriversPhone(authority)) {
            val registered = authority.register()
            it.enroll(registered)
            authority.setStatus(registered.id, status)
            it.does(Action.Refresh)
            val license = it.seesTrouble(trouble)
            assertEquals(license.troubles.single().sign, license.card.status.sign)
            assertTrue(license.mayShow, "it is the officer who refuses")
        }

    suspend fun authorityIsOutOfReach() {
        Authority().use { authority ->
            with(DriversPhone(authority)) {
                it.enroll(authority.register())
                authority.stop()
                it.does(Action.Refresh)
                val without = it.seesTrouble(Trouble.NO_NETWORK)
                assertEquals(Tone.GOOD, without.card.status.sign.tone, "it can be shown all the same")
                authority.restart()
                it.does(Action.Act(without.troubles.single().action))
                it.seesLicense { license -> license.told.isEmpty() }
            }
        }
    }

    suspend fun noStatusEverCame() {
        val network = JdkTransport()
        network.after = { _, answer -> if (answer.isStatus) throw DeviceException.Unreachable() else answer }
        with(DriversPhone(authority, network = network)) {
            it.enroll(authority.register())
            val license = it.seesTrouble(Trouble.STATUS_UNKNOWN)
            assertEquals(Tone.UNKNOWN, license.card.status.sign.tone)
            assertNull(license.card.status.asOf)
        }
    }

    suspend fun anotherAuthorityAnswers() {
        Authority().use { other ->
            val network = JdkTransport()
            with(DriversPhone(authority, network = network)) {
                it.enroll(authority.register())
                it.seesLicense { license -> license.told.isEmpty() }
                val theirs = JdkTransport()
                network.after = { request, answer ->
                    if (request.isForTrust) theirs.send(request.unconditional("${other.issuer}/trust")) else answer
                }
                it.does(Action.Refresh)
                val license = it.seesTrouble(Trouble.AUTHORITY_UNKNOWN)
                assertEquals(Tone.GOOD, license.card.status.sign.tone, "what was there before stays")
            }
        }
    }

    private suspend fun makeWallet(phone: DriversPhone) {
        PlayedDriver(phone).use { it.sees<Screen.Welcome>() }
    }

    private suspend fun with(
        phone: DriversPhone,
        test: suspend (PlayedDriver) -> Unit,
    ): Unit = phone.use { PlayedDriver(it).use { driver -> test(driver) } }

    private val HttpResponse.isStatus: Boolean get() = headers.any { it.value.startsWith("application/statuslist+cwt") }

    private val HttpRequest.isForTrust: Boolean get() = url.endsWith("/trust")

    private fun HttpRequest.unconditional(url: String): HttpRequest = copy(url = url, headers = headers.filterNot { it.name.equals("if-none-match", ignoreCase = true) })
}
