package org.vidimus.screens

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.vidimus.LicenseStatus
import org.vidimus.app.Trouble
import org.vidimus.screens.support.Finger
import org.vidimus.screens.support.Told
import org.vidimus.screens.support.title
import org.vidimus.screens.support.word
import org.vidimus.screens.support.words
import org.vidimus.shell.Language
import org.vidimus.shell.Texts
import org.vidimus.shell.Word
import org.vidimus.shell.support.DriversPhone
import org.vidimus.shell.support.PlayedDriver
import org.vidimus.shell.support.damageOverflow
import org.vidimus.shell.support.vault
import org.vidimus.support.Authority
import org.vidimus.support.Registered

/**
 * Some troubles as life makes them, seen on the screen, and where a driver can, got rid of there by
 * a finger.
 */
class TroublesOnTheScreenTest {
    private val texts = Texts(Language.ENGLISH)

    @Test
    fun `the authority suspends a license`() =
        withLicense { authority, phone, license ->
            authority.setStatus(license, LicenseStatus.SUSPENDED)
            Finger.on(phone, texts) {
                taps(Word.LICENSE_REFRESH)
                opens(Trouble.SUSPENDED)
                sees(Word.STATE_SUSPENDED)
            }
        }

    @Test
    fun `the authority is out of reach, and comes back`() =
        withLicense { authority, phone, _ ->
            Finger.on(phone, texts) {
                authority.stop()
                taps(Word.LICENSE_REFRESH)
                opens(Trouble.NO_NETWORK)
                sees(Word.STATE_VALID)
                authority.restart()
                cures(Trouble.NO_NETWORK)
                misses(Trouble.NO_NETWORK.title)
            }
        }

    @Test
    fun `the keys went with the phone's lock, a new lock brings them not back, and one begins anew`() =
        withLicense { authority, phone, license ->
            DriversPhone(authority).use { emptied ->
                emptied.directory = phone.directory
                emptied.hasLock = false
                Finger.on(emptied, texts) {
                    tells(Trouble.PASSCODE_REMOVED)
                    emptied.hasLock = true
                    comesBack()
                    tells(Trouble.KEY_INVALIDATED)
                    cures(Trouble.KEY_INVALIDATED)
                    enrolls(authority.replace(license))
                }
            }
        }

    @Test
    fun `a license's place is damaged, and one begins anew`() =
        withLicense { authority, phone, license ->
            phone.vault.damageOverflow()
            Finger.on(phone, texts) {
                opens(Trouble.DAMAGED)
                cures(Trouble.DAMAGED)
                enrolls(authority.replace(license))
            }
        }

    /**
     * A phone with a license, whose app is closed; [test] is given the license's name at the
     * authority.
     */
    private fun withLicense(test: (Authority, DriversPhone, String) -> Unit): Unit =
        Authority().use { authority ->
            DriversPhone(authority).use { phone ->
                val registered = authority.register()
                PlayedDriver(phone).use { runBlocking { it.enroll(registered) } }
                test(authority, phone, registered.id)
            }
        }

    /** The banner of a trouble, and all that is behind it. */
    private fun Finger.opens(trouble: Trouble) {
        taps(trouble.title)
        tells(trouble)
    }

    private fun Finger.tells(trouble: Trouble): Unit = trouble.words.forEach { sees(it) }

    /** Does what its button offers. */
    private fun Finger.cures(trouble: Trouble): Unit = taps(Told.story(trouble).action.word)

    /** The same license once more, as the authority gives it to a driver whose phone lost it. */
    private fun Finger.enrolls(registered: Registered) {
        taps(Word.WELCOME_SCAN)
        pointsAt(registered.offer)
        types(Word.OFFER_CODE, registered.txCode)
        taps(Word.OFFER_TAKE)
        sees("ZZ-4711-0815")
        sees(Word.STATE_VALID)
    }
}
