package org.vidimus.models

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Test
import org.vidimus.DeviceException
import org.vidimus.Wallet
import org.vidimus.models.support.Driver
import org.vidimus.models.support.DriversPhone
import org.vidimus.support.Authority
import org.vidimus.support.FaultyKeyStore
import org.vidimus.support.JdkTransport
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.io.path.listDirectoryEntries
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds

/** The way from screen to screen. */
class DriverModelTest {
    private val keys = FaultyKeyStore()
    private val network = JdkTransport()

    @Test
    fun `a link that comes before the wallet is open is read when it is`() =
        driver { driver ->
            driver.model.scanned(authority.register().offer)
            driver.model.start()
            assertTrue(driver.sees<Screen.Offer>().state.proven)
            driver.model.back()
            assertFalse(driver.sees<Screen.Welcome>().state.mayGoBack, "there is nothing to go back to")
            driver.model.back()
            driver.model.scan()
            driver.sees<Screen.Scan>()
        }

    @Test
    fun `a second license comes to the front, and going back from its offer leads to the first`() =
        driver { driver ->
            val first = driver.enroll(authority.register()).card.id
            driver.model.addLicense()
            assertTrue(driver.sees<Screen.Welcome>().state.mayGoBack)
            driver.model.back()
            driver.seesLicense()
            // A link finds its way from any screen.
            driver.model.history()
            driver.sees<Screen.History>()
            val registered = authority.register()
            driver.model.scanned(registered.offer)
            driver.sees<Screen.Offer>()
            driver.model.typeCode(registered.txCode)
            driver.model.takeOffer()
            val both = driver.seesLicense { it.cards.size == 2 }
            assertNotEquals(first, both.card.id)
            driver.model.select(both.cards.indexOfFirst { it.id == first })
            driver.seesLicense { it.card.id == first }
            driver.model.settings()
            driver.sees<Screen.Settings>()
            driver.model.askToRemove(first)
            driver.sees<Screen.Settings> { it.state.removing == first }
            driver.model.remove()
            driver.sees<Screen.Settings> { it.state.licenses.size == 1 && it.state.removing == null }
            driver.model.back()
            assertEquals(both.card.id, driver.seesLicense().cards.single().id)
        }

    @Test
    fun `what does not belong to the screen does nothing`() =
        driver { driver ->
            driver.enroll(authority.register())
            val model = driver.model
            val before = driver.seesLicense { it.card.portrait != null }
            val foreign: List<() -> Unit> =
                listOf(
                    model::back,
                    model::start,
                    model::left,
                    { model.typeOffer("x") },
                    model::readOffer,
                    model::scan,
                    model::cameraRefused,
                    { model.typeCode("1") },
                    model::takeOffer,
                    model::endShow,
                    { model.typeAnswer("1") },
                    model::readAnswer,
                    model::answerNow,
                    { model.askToRemove(before.card.id) },
                    model::keep,
                    model::remove,
                    { model.select(3) },
                ) + TroubleAction.entries.map { { model.act(it) } }
            foreign.forEach { it() }
            // They were done in turn; so was this.
            model.settings()
            driver.sees<Screen.Settings>()
            model.back()
            assertEquals(before, driver.seesLicense())
            assertEquals(emptyList(), driver.sentTo)
        }

    @Test
    fun `a camera that may not be used says so, and an officer's code that is none, too`() =
        driver { driver ->
            driver.enroll(authority.register())
            driver.model.answer()
            driver.sees<Screen.Answer>()
            driver.model.scan()
            driver.model.cameraRefused()
            assertEquals(ScanState(ScanPurpose.CHALLENGE, cameraRefused = true), driver.sees<Screen.Scan> { it.state.cameraRefused }.state)
            // What a shell hands over without the camera's screen finds its way, too.
            driver.model.back()
            driver.sees<Screen.Answer>()
            driver.model.scanned("12345678")
            assertEquals(Asker(null, proven = false), driver.sees<Screen.Answer> { it.state.asker != null }.state.asker)
            driver.model.scan()
            driver.sees<Screen.Scan>()
            driver.model.scanned("holiday pictures")
            assertEquals(AnswerProblem.MALFORMED, driver.sees<Screen.Answer> { it.state.problem != null }.state.problem)
            driver.model.answerNow()
            driver.model.back()
            driver.seesLicense()
        }

    @Test
    fun `who leaves the app while it is shown, or while the lock is asked, must unlock again`() =
        driver { driver ->
            driver.enroll(authority.register())
            driver.model.show()
            driver.seesShow<ShowState.Live>()
            driver.model.left()
            assertFalse(driver.seesShow<ShowState.Over>().byItself)
            val asked = CompletableDeferred<Unit>()
            val answer = CompletableDeferred<LockOutcome>()
            driver.phone.lock = {
                asked.complete(Unit)
                answer.await()
            }
            driver.model.show()
            withTimeout(Driver.PATIENCE) { asked.await() }
            driver.seesShow<ShowState.Unlocking>()
            driver.model.left()
            assertEquals(LockOutcome.CANCELLED, driver.seesShow<ShowState.Locked>().outcome)
            answer.complete(LockOutcome.OPENED)
            driver.phone.lock = { LockOutcome.NO_LOCK }
            driver.model.show()
            driver.seesShow<ShowState.Locked> { it.outcome == LockOutcome.NO_LOCK }
            driver.model.act(TroubleAction.SET_LOCK)
            driver.model.back()
            driver.seesLicense()
            assertEquals(listOf(TroubleAction.SET_LOCK), driver.sentTo)
        }

    @Test
    fun `a key store that is locked when the code is signed is unlocked, and the code comes`() =
        driver { driver ->
            driver.enroll(authority.register())
            keys.breakIn("sign") { throw DeviceException.Locked() }
            driver.model.show()
            driver.seesShow<ShowState.Failed> { it.trouble == Trouble.DEVICE_LOCKED }
            keys.fault = {}
            driver.model.act(TroubleAction.UNLOCK)
            driver.seesShow<ShowState.Live>()
        }

    @Test
    fun `a wallet that is locked opens once the phone is unlocked`() =
        driver { driver ->
            val unlocked = reopened(driver, DeviceException.Locked(), Trouble.DEVICE_LOCKED)
            driver.phone.lock = { LockOutcome.CANCELLED }
            driver.model.act(TroubleAction.UNLOCK)
            driver.model.act(TroubleAction.RETRY)
            driver.isBlockedBy(Trouble.DEVICE_LOCKED)
            driver.phone.lock = { LockOutcome.OPENED.also { keys.fault = {} } }
            // The lock may still be on; the driver tries until it is not.
            driver.tryUntilOpen(TroubleAction.UNLOCK)
            assertEquals(unlocked, driver.seesLicense().card.id)
        }

    @Test
    fun `a key that is gone is begun anew, and nothing is deleted`() =
        driver { driver ->
            reopened(driver, DeviceException.Invalidated(), Trouble.KEY_INVALIDATED)
            keys.fault = {}
            driver.model.act(TroubleAction.BEGIN_ANEW)
            assertFalse(driver.sees<Screen.Welcome>().state.mayGoBack)
            assertEquals(2, driver.phone.directory.listDirectoryEntries("vault*").size, "the old one lies beside")
            driver.enroll(authority.register())
        }

    @Test
    fun `where another license can be shown nothing goes aside for one whose key is gone`() =
        driver { driver ->
            driver.enroll(authority.register())
            driver.enroll(authority.register())
            driver.seesLicense { it.cards.size == 2 }
            val before = driver.phone.directory.listDirectoryEntries("vault*").size
            keys.breakIn("sign") { throw DeviceException.Invalidated() }
            driver.model.show()
            assertEquals(Trouble.KEY_INVALIDATED, driver.seesShow<ShowState.Failed>().trouble)
            driver.model.act(TroubleAction.BEGIN_ANEW)
            assertTrue(driver.sees<Screen.Welcome>().state.mayGoBack)
            keys.fault = {}
            driver.model.back()
            driver.seesLicense { it.cards.size == 2 }
            assertEquals(before, driver.phone.directory.listDirectoryEntries("vault*").size, "something went aside")
            assertFalse(driver.seen.any { it is Screen.Blocked })
            driver.model.show()
            driver.seesShow<ShowState.Live>()
        }

    @Test
    fun `a link does not end what is shown, and is read after its end`() =
        driver { driver ->
            driver.enroll(authority.register())
            val unlocked = CompletableDeferred<LockOutcome>()
            driver.phone.lock = { unlocked.await() }
            driver.model.show()
            driver.seesShow<ShowState.Unlocking>()
            val before = driver.seen.size
            driver.model.scanned("DLQ1:x")
            unlocked.complete(LockOutcome.OPENED)
            driver.seesShow<ShowState.Live>()
            driver.model.scanned(authority.register().offer)
            driver.seesShow<ShowState.Live> { it.nextIn < 8 }
            assertTrue(driver.seen.drop(before).all { it is Screen.Show })
            driver.model.endShow()
            assertTrue(driver.sees<Screen.Offer>().state.proven)
            assertFalse(driver.seen.drop(before).any { it is Screen.Answer }, "the last link counts")
        }

    @Test
    fun `a link puts no other offer where a code is typed, and is read when the driver leaves`() =
        driver { driver ->
            val genuine = authority.register()
            driver.model.start()
            driver.sees<Screen.Welcome>()
            driver.model.typeOffer(genuine.offer)
            driver.model.readOffer()
            driver.sees<Screen.Offer>()
            driver.model.typeCode("12")
            driver.model.scanned("openid-credential-offer://?credential_offer=1")
            driver.model.typeCode(genuine.txCode)
            driver.sees<Screen.Offer> { it.state.mayTake }
            driver.model.takeOffer()
            driver.model.scanned("openid-credential-offer://?credential_offer=2")
            // The newest link alone, and the license is there before it is looked at.
            val after = driver.sees<Screen.Welcome> { it.state.refusal != null }.state
            assertEquals("openid-credential-offer://?credential_offer=2" to true, after.text to after.mayGoBack)
            assertEquals(1, driver.phone.wallet.licenses().size, "the offer that was on the screen was taken")
            // Going back is leaving, too.
            driver.model.scanned(authority.register().offer)
            driver.sees<Screen.Offer>()
            driver.model.scanned("openid-credential-offer://?credential_offer=3")
            driver.model.back()
            val read = driver.sees<Screen.Welcome> { it.state.refusal != null && !it.state.reading }
            assertEquals("openid-credential-offer://?credential_offer=3", read.state.text)
        }

    @Test
    fun `a link takes nobody away from an officer who waits for an answer`() =
        driver { driver ->
            driver.enroll(authority.register())
            driver.model.answer()
            driver.sees<Screen.Answer>()
            val before = driver.seen.size
            driver.model.scanned("openid-credential-offer://?credential_offer=1")
            driver.model.scan()
            driver.sees<Screen.Scan>()
            driver.model.scanned(authority.register().offer)
            driver.model.scanned("12345678")
            driver.sees<Screen.Answer> { it.state.asker != null }
            driver.model.answerNow()
            driver.seesShow<ShowState.Live>()
            val seen = driver.seen.drop(before)
            assertEquals(emptyList(), seen.filterNot { it is Screen.Answer || it is Screen.Scan || it is Screen.Show })
            driver.model.endShow()
            assertTrue(driver.sees<Screen.Offer>().state.proven)
            // Whoever leaves without an answer has it read, too.
            driver.model.back()
            driver.sees<Screen.Welcome>()
            driver.model.back()
            driver.seesLicense()
            driver.model.answer()
            driver.sees<Screen.Answer>()
            driver.model.scanned(authority.register().offer)
            driver.model.back()
            driver.sees<Screen.Offer>()
        }

    @Test
    fun `the end of a removal takes nobody away who has left the settings`() =
        driver { driver ->
            val license = driver.enroll(authority.register()).card.id
            val unlocked = CompletableDeferred<LockOutcome>()
            driver.phone.lock = { unlocked.await() }
            driver.model.settings()
            driver.model.askToRemove(license)
            driver.sees<Screen.Settings> { it.state.removing == license }
            driver.model.remove()
            driver.model.back()
            driver.model.history()
            driver.sees<Screen.History> { it.state.rows.isNotEmpty() }
            unlocked.complete(LockOutcome.OPENED)
            driver.phone.wallet.status.first { it.licenses.isEmpty() }
            // Its end is under way now, and would not take as long.
            delay(300.milliseconds)
            assertIs<Screen.History>(driver.model.screen.value)
            driver.model.back()
            driver.sees<Screen.Welcome>()
        }

    @Test
    fun `a lock that was removed is set outside of the app, and then it is begun anew`() =
        driver { driver ->
            driver.phone.hasLock = false
            reopened(driver, DeviceException.NotFound(), Trouble.PASSCODE_REMOVED)
            driver.model.act(TroubleAction.SET_LOCK)
            driver.phone.hasLock = true
            val onScreen = launch { driver.model.foreground() }
            driver.isBlockedBy(Trouble.KEY_INVALIDATED)
            keys.fault = {}
            driver.model.act(TroubleAction.BEGIN_ANEW)
            driver.sees<Screen.Welcome>()
            assertEquals(listOf(TroubleAction.SET_LOCK), driver.sentTo)
            onScreen.cancelAndJoin()
        }

    @Test
    fun `on the screen the status keeps fresh by itself`() =
        driver { driver ->
            driver.enroll(authority.register())
            assertNull(driver.phone.wallet.status.value.lastRefresh)
            val onScreen = launch(Dispatchers.Default) { driver.model.foreground() }
            withTimeout(Driver.PATIENCE) {
                driver.phone.wallet.status
                    .first { it.lastRefresh != null }
            }
            onScreen.cancelAndJoin()
        }

    @Test
    fun `after it was closed nothing happens any more`() =
        driver { driver ->
            driver.enroll(authority.register())
            driver.model.show()
            driver.seesShow<ShowState.Live>()
            driver.model.close()
            driver.model.close()
            driver.model.back()
            driver.model.refresh()
            driver.model.start()
            driver.close()
            assertIs<Screen.Show>(driver.model.screen.value)
            Driver(driver.phone).use { next ->
                next.model.start()
                next.seesLicense()
                next.model.history()
                val rows = next.sees<Screen.History> { it.state.rows.isNotEmpty() }.state.rows
                assertIs<HistoryEvent.Shown>(rows.first().event, "what was shown stands there")
            }
        }

    @Test
    fun `the phone lets go of the wallet, which others may have borrowed`() =
        runBlocking {
            DriversPhone(authority, keys, network).use { phone ->
                val released = CopyOnWriteArrayList<Wallet>()
                val lending =
                    object : Phone by phone {
                        override fun releaseWallet(wallet: Wallet) {
                            released += wallet
                        }
                    }
                Driver(phone, lending).use {
                    it.model.start()
                    it.sees<Screen.Welcome>()
                    assertEquals(emptyList<Wallet>(), released)
                }
                assertEquals(listOf(phone.wallet), released.toList())
                assertEquals(emptyList(), phone.wallet.licenses(), "it was closed")
            }
        }

    private fun driver(test: suspend CoroutineScope.(Driver) -> Unit): Unit =
        runBlocking {
            DriversPhone(authority, keys, network).use { phone -> Driver(phone).use { test(it) } }
        }

    /** Makes a wallet with a license, and opens it again with keys that do not do their part. Returns the license's id. */
    private suspend fun reopened(
        driver: Driver,
        thrown: DeviceException,
        trouble: Trouble,
    ): String {
        val id = Driver(driver.phone).use { it.enroll(authority.register()).card.id }
        keys.breakIn("unwrap") { throw thrown }
        driver.model.start()
        driver.isBlockedBy(trouble)
        return id
    }

    private suspend fun Driver.tryUntilOpen(action: TroubleAction) {
        while (model.screen.value !is Screen.License) {
            model.act(action)
            await("the end of an attempt") { it is Screen.License || (it is Screen.Blocked && !it.state.working) }
        }
    }

    private companion object {
        val authority = Authority()

        @JvmStatic
        @AfterAll
        fun close() = authority.close()
    }
}
