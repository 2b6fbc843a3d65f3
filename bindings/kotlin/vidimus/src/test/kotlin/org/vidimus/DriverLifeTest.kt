package org.vidimus

import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.vidimus.support.Authority
import org.vidimus.support.FileKeys
import org.vidimus.support.JcaKeyStore
import org.vidimus.support.Phone
import org.vidimus.support.reader
import java.time.LocalDate
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTimedValue

class DriverLifeTest {
    @Test
    fun `a driver with keys in Kotlin lives from enrolling to removing`() = life { JcaKeyStore() }

    @Test
    fun `a driver with keys in files lives from enrolling to removing`() = FileKeys().use { files -> life { files.keys } }

    private fun life(keys: () -> DeviceKeys): Unit =
        runBlocking {
            Authority().use { authority ->
                Phone(authority, keys()).use { phone ->
                    phone.create().use { wallet -> live(authority, wallet) }
                }
            }
        }

    private suspend fun live(
        authority: Authority,
        wallet: Wallet,
    ) {
        val registered = authority.register()
        val id = enroll(wallet, authority, registered.offer, registered.txCode)
        list(wallet, id)
        assertTrue(wallet.refresh(RefreshScope.NOW).failures.isEmpty())

        authority.reader(wallet).use { officer ->
            presentTwoFrames(wallet, id, officer)
            challengeAndAnswer(wallet, id, officer)

            authority.setStatus(registered.id, LicenseStatus.SUSPENDED)
            val change = RefreshChange.Status(id, LicenseStatus.VALID, LicenseStatus.SUSPENDED)
            assertTrue(change in wallet.refresh(RefreshScope.NOW).changes)
            assertEquals(LicenseStatus.SUSPENDED, wallet.status.value.licenses.single().status.state)
            val frame = wallet.present(id).use { it.frame() }
            val refused = assertIs<Verdict.Refuse>(officer.check(frame.text))
            assertEquals(listOf(Reason.SUSPENDED), refused.findings.reasons)
        }

        readActivity(wallet, id)
        wallet.remove(id)
        assertTrue(wallet.licenses().isEmpty() && wallet.status.value.licenses.isEmpty())
        assertFailsWith<WalletException.NoSuchLicense> { wallet.present(id) }
        assertEquals(ActivityEvent.Removed, wallet.activity(1).entries.single().event)
    }

    private suspend fun enroll(
        wallet: Wallet,
        authority: Authority,
        text: String,
        txCode: String,
    ): String {
        val offer = wallet.readOffer(text)
        assertEquals(authority.issuer, offer.issuer)
        assertEquals(true, offer.txCode?.numeric)
        assertEquals(OfferProblem.TX_CODE_REQUIRED, assertFailsWith<WalletException.Offer> { wallet.enroll(offer) }.reason)
        return wallet.enroll(offer, txCode)
    }

    private suspend fun list(
        wallet: Wallet,
        id: String,
    ) {
        val held = wallet.licenses().single()
        assertEquals(held, wallet.status.value.licenses.single())
        assertEquals(id, held.id)
        assertEquals(LicenseStatus.VALID, held.status.state, "enrolling ends with the first status")
        val license = checkNotNull(held.license)
        assertEquals("Nakamura-Østergård", license.familyName)
        assertEquals("Zoë 美咲", license.givenNames)
        assertEquals(BirthDate.Day(1991, 2, 28), license.birthDate)
        assertEquals(listOf("B", "C1"), license.categories.map(Category::code))
        assertEquals(LocalDate.of(2030, 1, 1), license.categories.last().validUntil)
        assertTrue(held.hasPortrait)
        // The authority makes the roadside portrait of what the clerk submitted: a JPEG of at most
        // 4,096 bytes.
        val portrait = checkNotNull(wallet.portrait(id))
        assertTrue(portrait.size in 500..4096, "${portrait.size} bytes")
        assertContentEquals(byteArrayOf(0xff.toByte(), 0xd8.toByte()), portrait.copyOf(2))
    }

    private suspend fun presentTwoFrames(
        wallet: Wallet,
        id: String,
        officer: Verifier,
    ) {
        val (frames, took) = measureTimedValue { wallet.present(id).use { it.frames().take(2).toList() } }
        assertTrue(took in 9.5.seconds..15.seconds, "the second frame came after $took")
        assertNotEquals(frames[0].text, frames[1].text)
        for (frame in frames) {
            assertEquals(10.seconds, frame.rotatesAt - frame.issuedAt)
            val verdict = assertIs<Verdict.Accept>(officer.check(frame.text))
            assertTrue(verdict.findings.reasons.isEmpty())
            assertEquals("ZZ-4711-0815", verdict.license.licenseNumber)
            assertEquals(StatusSource.STAPLE, verdict.findings.status.source)
        }
        val again = officer.check(frames[1].text)
        assertEquals(listOf(Reason.REPLAYED), again.findings.reasons)
    }

    private suspend fun challengeAndAnswer(
        wallet: Wallet,
        id: String,
        officer: Verifier,
    ) {
        for (challenge in listOf(officer.ask("Patrol 7"), officer.askByDigits())) {
            val request = wallet.readChallenge(challenge.text)
            assertEquals(if (challenge.symbol == null) "dl1:code" else "Patrol 7", request.reader)
            assertNull(request.provenName)
            val frame =
                wallet.answer(id, request).use { presentation ->
                    presentation.frame().also { presentation.end() }
                }
            val verdict = assertIs<Verdict.Accept>(officer.check(frame.text, challenge, category = "C1"))
            assertEquals(true, verdict.findings.token?.challenged)
        }
        val challenge = officer.ask("Patrol 7")
        val unasked = wallet.present(id).use { it.frame() }
        assertTrue(Reason.WRONG_CHALLENGE in officer.check(unasked.text, challenge).findings.reasons)
    }

    private suspend fun readActivity(
        wallet: Wallet,
        id: String,
    ) {
        val activity = wallet.activity()
        assertTrue(activity.intact)
        assertTrue(activity.entries.all { it.license == id })
        val events = activity.entries.map { it.event }
        val shown = events.filterIsInstance<ActivityEvent.Shown>()
        assertTrue(Audience.Anyone in shown.map { it.audience })
        assertTrue(Audience.Reader("Patrol 7", proven = false) in shown.map { it.audience })
        assertTrue(ActivityEvent.StatusChanged(LicenseStatus.VALID, LicenseStatus.SUSPENDED) in events)
        assertEquals(ActivityEvent.Enrolled, events.last())
        assertEquals(2, wallet.activity(2).entries.size)
    }
}
