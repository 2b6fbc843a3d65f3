package org.vidimus.shell

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import org.vidimus.DeviceException
import org.vidimus.LicenseStatus
import org.vidimus.shell.support.LicenseTroubles
import org.vidimus.shell.support.WalletTroubles
import org.vidimus.support.Authority

/** Every trouble but a panic is made in the core, as life makes it, and comes on the screen. */
class TroublesTest {
    private val wallets = WalletTroubles(authority)
    private val licenses = LicenseTroubles(authority)

    @TestFactory
    fun `each trouble is provoked in the core and shows`(): List<DynamicTest> =
        // Each comes on a screen, or its function fails.
        Trouble.entries.map { trouble -> dynamicTest(trouble.code) { runBlocking { provoke(trouble) } } }

    /** The compiler sees to it that none is left out. */
    private suspend fun provoke(trouble: Trouble): Unit =
        when (trouble) {
            Trouble.KEY_INVALIDATED -> wallets.lockIsSetAnew().also { wallets.keyStoreThrows(DeviceException.Invalidated(), trouble) }
            Trouble.PASSCODE_REMOVED -> wallets.lockIsTakenAway()
            Trouble.OTHER_DEVICE -> wallets.movedToAnotherPhone()
            Trouble.DAMAGED -> wallets.fileOverwritten().also { licenses.rowDamaged() }
            Trouble.NEWER_VERSION -> wallets.writtenByANewerVersion()
            Trouble.STORAGE_FULL -> wallets.noSpaceLeft()
            Trouble.STORAGE_FAILED -> wallets.noFolder()
            Trouble.DEVICE_LOCKED -> wallets.keyStoreThrows(DeviceException.Locked(), trouble)
            Trouble.KEY_STORE -> wallets.keyStoreThrows(DeviceException.Failed(), trouble)
            Trouble.INTERNAL -> wallets.coreFails()
            Trouble.REVOKED -> licenses.authoritySays(LicenseStatus.REVOKED, trouble)
            Trouble.SUSPENDED -> licenses.authoritySays(LicenseStatus.SUSPENDED, trouble)
            Trouble.POINTS_LIMIT -> licenses.authoritySays(LicenseStatus.POINTS_LIMIT, trouble)
            Trouble.LAPSED -> licenses.authoritySays(LicenseStatus.LAPSED, trouble)
            Trouble.SUPERSEDED -> licenses.authoritySays(LicenseStatus.SUPERSEDED, trouble)
            Trouble.LICENSE_EXPIRED -> licenses.lastDayPasses()
            Trouble.ROLLED_BACK -> licenses.putBackFromACopy()
            Trouble.AUTHORITY_UNKNOWN -> wallets.rootKeyIsNone().also { licenses.anotherAuthorityAnswers() }
            Trouble.CLOCK_SET_BACK -> licenses.clockIsBehindASignature()
            Trouble.STATUS_UNKNOWN -> licenses.noStatusEverCame()
            Trouble.STATUS_OLD -> licenses.statusIsTwoDaysOld()
            Trouble.UNRESOLVED -> licenses.authoritySays(LicenseStatus.UNRESOLVED, trouble)
            Trouble.NO_NETWORK -> licenses.authorityIsOutOfReach()
        }

    private companion object {
        val authority = Authority()

        @JvmStatic
        @AfterAll
        fun close() = authority.close()
    }
}
