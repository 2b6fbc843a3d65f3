package org.vidimus.shell.support

import org.vidimus.DeviceException
import org.vidimus.HttpRequest
import org.vidimus.HttpResponse
import org.vidimus.LicenseStatus
import org.vidimus.RefreshScope
import org.vidimus.StandingKind
import org.vidimus.Tone
import org.vidimus.shell.ShowState
import org.vidimus.shell.Trouble
import org.vidimus.support.Authority
import org.vidimus.support.JdkTransport
import java.net.URI
import java.nio.file.Path
import java.time.LocalDate
import java.time.ZoneOffset
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.copyToRecursively
import kotlin.io.path.createTempDirectory
import kotlin.io.path.deleteRecursively
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.hours

/** Troubles of a license that is held. Each function makes one and sees it on the screen. */
class LicenseTroubles(
    private val authority: Authority,
) {
    suspend fun authoritySays(
        status: LicenseStatus,
        trouble: Trouble,
    ): Unit =
        with(DriversPhone(authority)) {
            val registered = authority.register()
            it.enroll(registered)
            authority.setStatus(registered.id, status)
            it.model.refresh()
            val license = it.seesTrouble(trouble)
            assertEquals(status.name, license.card.standing.kind.name)
            assertEquals(trouble.tone, license.card.standing.tone)
            assertTrue(license.card.mayShow, "it is the officer who refuses")
        }

    suspend fun authorityIsOutOfReach() {
        Authority().use { authority ->
            with(DriversPhone(authority)) {
                it.enroll(authority.register())
                authority.stop()
                it.model.refresh()
                val without = it.seesTrouble(Trouble.NO_NETWORK)
                assertEquals(StandingKind.VALID, without.card.standing.kind, "it can be shown all the same")
                authority.restart()
                it.model.act(Trouble.NO_NETWORK.action)
                it.seesLicense { license -> !license.refreshing && license.troubles.isEmpty() }
            }
        }
    }

    suspend fun noStatusEverCame() {
        val network = JdkTransport()
        network.after = { _, answer -> if (answer.isStatus) throw DeviceException.Unreachable() else answer }
        with(DriversPhone(authority, network = network)) {
            val license = it.enroll(authority.register())
            assertTrue(Trouble.STATUS_UNKNOWN in license.troubles)
            assertEquals(Tone.UNKNOWN, license.card.standing.tone)
            assertNull(license.card.standing.age)
        }
    }

    /** Somebody on the way keeps giving out what the authority signed two days ago. */
    suspend fun statusIsTwoDaysOld() {
        Authority().use { authority ->
            val network = JdkTransport()
            val phone = DriversPhone(authority, network = network)
            with(phone) {
                it.enroll(authority.register())
                val old = URI("${authority.issuer}/s/0/0").toURL().readBytes()
                network.after = { _, answer -> if (answer.isStatus) answer.copy(body = old) else answer }
                phone.twoDaysPass(authority) { authority.rotateKeys() }
                it.model.refresh()
                it.seesTrouble(Trouble.STATUS_OLD)
                val license = it.seesLicense { shown -> shown.card.standing.age.let { age -> age != null && age in 49.hours..51.hours } }
                assertEquals(StandingKind.STATUS_STALE, license.card.standing.kind)
                assertEquals(Tone.CAUTION, license.card.standing.tone)
            }
        }
    }

    /**
     * Two days pass at the authority, and the phone hears of them by what is signed. It believes nothing that is more
     * than a day ahead of what it knows, so it is told twice on the way.
     */
    private suspend fun DriversPhone.twoDaysPass(
        authority: Authority,
        sign: () -> Unit,
    ) {
        for (clock in listOf("+20h", "+40h", "+50h")) {
            authority.setClock(clock)
            sign()
            // Where a renewal is due it fails: what serves has another clock by now.
            wallet.refresh(RefreshScope.NOW)
        }
    }

    suspend fun clockIsBehindASignature() {
        Authority().use { authority ->
            with(DriversPhone(authority)) {
                val registered = authority.register()
                assertFalse(Trouble.CLOCK_SET_BACK in it.enroll(registered).troubles)
                authority.setClock("+2h")
                authority.setStatus(registered.id, LicenseStatus.VALID)
                it.model.refresh()
                it.seesTrouble(Trouble.CLOCK_SET_BACK)
            }
        }
    }

    /** The phone's clock stands still, but what the authority signs says that the day has come. */
    suspend fun lastDayPasses() {
        Authority().use { authority ->
            val phone = DriversPhone(authority)
            with(phone) {
                val tomorrow = LocalDate.now(ZoneOffset.UTC).plusDays(1)
                val registered = authority.register(Authority.DRIVER.replace("2035-05-31", "$tomorrow"))
                val license = it.enroll(registered)
                assertEquals(tomorrow, license.card.holder?.expires)
                assertFalse(Trouble.LICENSE_EXPIRED in license.troubles)
                phone.twoDaysPass(authority) { authority.setStatus(registered.id, LicenseStatus.VALID) }
                it.model.refresh()
                val expired = it.seesTrouble(Trouble.LICENSE_EXPIRED)
                assertEquals(Tone.BAD, expired.card.standing.tone, "the authority still says that it is valid")
                it.model.show()
                assertEquals(StandingKind.LICENSE_EXPIRED, it.seesShow<ShowState.Live>().code.standing.kind)
            }
        }
    }

    suspend fun anotherAuthorityAnswers() {
        Authority().use { other ->
            val network = JdkTransport()
            with(DriversPhone(authority, network = network)) {
                assertTrue(it.enroll(authority.register()).troubles.isEmpty())
                val theirs = JdkTransport()
                network.after = { request, answer ->
                    if (request.isForTrust) theirs.send(request.unconditional("${other.issuer}/trust")) else answer
                }
                it.model.refresh()
                val license = it.seesTrouble(Trouble.AUTHORITY_UNKNOWN)
                assertEquals(StandingKind.VALID, license.card.standing.kind, "what was there before stays")
            }
        }
    }

    @OptIn(ExperimentalPathApi::class)
    suspend fun putBackFromACopy() {
        val backup = createTempDirectory("vidimus-backup").resolve("wallet")
        DriversPhone(authority).use { phone ->
            val registered = authority.register()
            Driver(phone).use { it.enroll(registered) }
            phone.directory.copy(backup)
            authority.setStatus(registered.id, LicenseStatus.SUSPENDED)
            Driver(phone).use {
                it.model.start()
                it.seesLicense()
                it.model.refresh()
                it.seesTrouble(Trouble.SUSPENDED)
            }
            phone.directory.deleteRecursively()
            backup.copy(phone.directory)
            Driver(phone).use {
                it.model.start()
                val license = it.seesTrouble(Trouble.ROLLED_BACK)
                assertEquals(StandingKind.UNKNOWN, license.card.standing.kind)
                it.model.act(Trouble.ROLLED_BACK.action)
                it.seesLicense { healed -> healed.troubles == listOf(Trouble.SUSPENDED) }
            }
        }
        backup.parent.deleteRecursively()
    }

    /** One byte of the portrait, the only thing so long that it has pages of its own. */
    suspend fun rowDamaged() {
        DriversPhone(authority).use { phone ->
            Driver(phone).use { it.enroll(authority.register()) }
            phone.vault.damageOverflow()
            Driver(phone).use {
                it.model.start()
                val license = it.seesTrouble(Trouble.DAMAGED)
                assertTrue(license.card.damaged)
                assertFalse(license.card.mayShow)
                // Nothing of it can be shown: the whole goes aside, and a new license can come.
                it.model.act(Trouble.DAMAGED.action)
                it.enroll(authority.register())
                it.seesLicense { anew -> anew.card.mayShow && anew.troubles.isEmpty() }
            }
        }
    }

    private suspend fun with(
        phone: DriversPhone,
        test: suspend (Driver) -> Unit,
    ): Unit = phone.use { Driver(it).use { driver -> test(driver) } }

    private val HttpResponse.isStatus: Boolean get() = headers.any { it.value.startsWith("application/statuslist+cwt") }

    private val HttpRequest.isForTrust: Boolean get() = url.endsWith("/trust")

    private fun HttpRequest.unconditional(url: String): HttpRequest = copy(url = url, headers = headers.filterNot { it.name.equals("if-none-match", ignoreCase = true) })

    @OptIn(ExperimentalPathApi::class)
    private fun Path.copy(to: Path) {
        copyToRecursively(to, followLinks = false, overwrite = true)
    }
}
