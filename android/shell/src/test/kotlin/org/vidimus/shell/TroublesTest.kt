package org.vidimus.shell

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import org.vidimus.DeviceException
import org.vidimus.LicenseStatus
import org.vidimus.app.Trouble
import org.vidimus.support.Authority
import org.vidimus.support.Environment
import kotlin.io.path.readText
import kotlin.test.assertTrue

/**
 * Each trouble that a key store, a transport or the lock of this language can bring about is made
 * in the core and comes through a shell. What files, clocks and faults bring about is made in Rust,
 * once.
 */
class TroublesTest {
    private val troubles = ProvokedTroubles(authority)

    @TestFactory
    fun `each trouble is provoked in the core and shows`(): List<DynamicTest> =
        // Each comes on a screen, or its function fails.
        Trouble.entries.map { trouble -> dynamicTest(trouble.name) { runBlocking { provoke(trouble) } } }

    /** The compiler does not let one be left out. */
    private suspend fun provoke(trouble: Trouble): Unit =
        when (trouble) {
            Trouble.KEY_INVALIDATED -> troubles.keyStoreThrows("unwrap", DeviceException.Invalidated(), trouble).also { troubles.numberIsDamaged() }
            Trouble.PASSCODE_REMOVED -> troubles.lockIsTakenAway()
            Trouble.NO_LOCK -> troubles.keyStoreThrows("unwrap", DeviceException.Failed(), trouble, hasLock = false)
            Trouble.OTHER_DEVICE -> troubles.movedToAnotherPhone()
            Trouble.DAMAGED -> inRust("damaged_files_are_kept_aside_and_a_new_beginning_is_made")
            Trouble.DEVICE_LOCKED -> troubles.keyStoreThrows("unwrap", DeviceException.Locked(), trouble)
            Trouble.KEY_STORE -> troubles.keyStoreThrows("unwrap", DeviceException.Failed(), trouble)
            Trouble.AUTHORITY_UNKNOWN -> troubles.rootKeyIsNone().also { troubles.anotherAuthorityAnswers() }
            Trouble.STATUS_UNKNOWN -> troubles.noStatusEverCame()
            Trouble.NO_NETWORK -> troubles.authorityIsOutOfReach()
            Trouble.SUSPENDED -> troubles.authoritySays(LicenseStatus.SUSPENDED, trouble)
            Trouble.REVOKED -> inRust("what_the_authority_says_is_told_and_shown_all_the_same")
            Trouble.POINTS_LIMIT -> inRust("what_the_authority_says_is_told_and_shown_all_the_same")
            Trouble.LAPSED -> inRust("what_the_authority_says_is_told_and_shown_all_the_same")
            Trouble.SUPERSEDED -> inRust("what_the_authority_says_is_told_and_shown_all_the_same")
            Trouble.UNRESOLVED -> inRust("what_the_authority_says_is_told_and_shown_all_the_same")
            Trouble.STATUS_OLD -> inRust("a_status_of_two_days_ago_is_old_and_a_last_day_passes")
            Trouble.LICENSE_EXPIRED -> inRust("a_status_of_two_days_ago_is_old_and_a_last_day_passes")
            Trouble.NO_CATEGORY -> inRust("a_license_without_a_category_of_today_is_told")
            Trouble.LICENSE_NOT_YET_VALID -> inRust("a_license_of_tomorrow_is_told")
            Trouble.CREDENTIAL_EXPIRED -> inRust("a_copy_that_is_too_old_is_told_and_renewed")
            Trouble.CLOCK_SET_BACK -> inRust("a_clock_behind_a_signature_is_noticed")
            Trouble.ROLLED_BACK -> inRust("an_older_copy_is_noticed_until_it_was_refreshed")
            Trouble.NEWER_VERSION -> inRust("data_of_a_newer_version_are_left_as_they_are")
            Trouble.STORAGE_FAILED -> inRust("a_file_where_the_folder_should_be_is_told_and_kept")
            Trouble.INTERNAL -> inRust("a_fault_in_the_midst_of_the_library_is_told_and_passes")
            Trouble.STORAGE_FULL -> troubles.noSpaceLeft()
        }

    /** Rust makes it, in this test. */
    private fun inRust(test: String) {
        val source = Environment.vectors.resolveSibling("tests/drivers_troubles.rs").readText()
        assertTrue("async fn $test(" in source, "there is no such test")
    }

    private companion object {
        val authority = Authority()

        @JvmStatic
        @AfterAll
        fun close() = authority.close()
    }
}
