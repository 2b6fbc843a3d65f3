package org.vidimus.models

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Test
import org.vidimus.DeviceException
import org.vidimus.HttpHeader
import org.vidimus.HttpRequest
import org.vidimus.HttpResponse
import org.vidimus.LicenseStatus
import org.vidimus.models.support.Driver
import org.vidimus.models.support.DriversPhone
import org.vidimus.models.support.SmallDisk
import org.vidimus.support.Authority
import org.vidimus.support.FaultyKeyStore
import org.vidimus.support.JdkTransport
import org.vidimus.support.Registered
import kotlin.test.assertEquals
import kotlin.test.assertNull

/** Refusals as the authority, the network, the phone and the driver bring them about. */
class RefusalsTest {
    private val network = JdkTransport()
    private val keys = FaultyKeyStore()

    @Test
    fun `a text that is no offer, one that is not for this wallet, one that is gone, and one that another wallet has used up`() =
        driver {
            assertEquals(Refusal.OFFER_MALFORMED, it.refusalOf("holiday pictures"))
            assertEquals(Refusal.OFFER_UNSUPPORTED, it.refusalOf(offer("https://a.example", "{}")))
            assertEquals(Refusal.OFFER_MALFORMED, it.refusalOf("\ud800"))
            assertEquals(Refusal.OFFER_GONE, it.refusalOf("openid-credential-offer://?credential_offer_uri=${authority.issuer}/offers/none"))
            val registered = authority.register()
            DriversPhone(authority).use { phone -> Driver(phone).use { other -> other.enroll(registered) } }
            it.reads(registered)
            it.takes(registered, Refusal.CODE_REFUSED)
        }

    @Test
    fun `a wrong code is refused, the right one after it is not`() =
        driver {
            val registered = authority.register()
            it.reads(registered)
            val wrong = if (registered.txCode.startsWith("1")) "2" else "1"
            it.model.typeCode(wrong + registered.txCode.drop(1))
            it.model.takeOffer()
            val state = it.sees<Screen.Offer> { offer -> offer.state.refusal != null }.state
            assertEquals(Refusal.CODE_REFUSED, state.refusal)
            assertEquals("", state.code?.text)
            it.model.typeCode(registered.txCode)
            it.model.takeOffer()
            it.seesLicense()
        }

    @Test
    fun `a license that is not ready, that is refused, or that is another phone's`() =
        driver {
            val registered = authority.register()
            it.reads(registered)
            answersWithLicense { HttpResponse(202, JSON, """{"transaction_id":"t","interval":3600}""".toByteArray()) }
            it.takes(registered, Refusal.DEFERRED)
            answersWithLicense { HttpResponse(400, JSON, """{"error":"invalid_credential_request"}""".toByteArray()) }
            it.takes(registered, Refusal.ISSUER_REFUSED)
            val theirs = licenseOfAnotherPhone()
            answersWithLicense { theirs }
            it.takes(registered, Refusal.OTHER_KEY)
            network.after = { _, answer -> answer }
            it.model.takeOffer()
            it.seesLicense()
        }

    @Test
    fun `a license that was revoked before it was taken is denied`() =
        driver {
            val registered = authority.register()
            authority.setStatus(registered.id, LicenseStatus.REVOKED)
            it.reads(registered)
            it.takes(registered, Refusal.DENIED)
        }

    @Test
    fun `each fault on the way to the authority has its refusal, and the offer is good after it`() =
        driver {
            val registered = authority.register()
            it.reads(registered)
            val faults: Map<Refusal, suspend () -> Unit> =
                mapOf(
                    Refusal.NO_NETWORK to { network.before = { throw DeviceException.Unreachable() } },
                    Refusal.CERTIFICATE to { network.before = { throw DeviceException.Certificate() } },
                    Refusal.ISSUER_BROKEN to { network.before = { throw DeviceException.TooLarge() } },
                    Refusal.CAPTIVE_PORTAL to { answers { page() } },
                    Refusal.BUSY to { answers { HttpResponse(503, emptyList(), ByteArray(0)) } },
                    Refusal.SERVER to { answers { HttpResponse(400, emptyList(), ByteArray(0)) } },
                    Refusal.KEY_LOCKED to { keys.breakIn("createHolderKey") { throw DeviceException.Locked() } },
                    Refusal.KEY_FAILED to { keys.breakIn("createHolderKey") { throw DeviceException.Failed() } },
                )
            for ((refusal, begin) in faults) {
                begin()
                it.takes(registered, refusal)
                network.before = {}
                network.after = { _, answer -> answer }
                keys.fault = {}
            }
            it.model.typeCode(registered.txCode)
            it.model.takeOffer()
            it.seesLicense()
        }

    @Test
    fun `a license by another authority's key is not trusted`(): Unit =
        runBlocking {
            Authority().use { other ->
                DriversPhone(authority).use { phone ->
                    phone.rootKey = other.rootKey
                    Driver(phone).use {
                        val registered = authority.register()
                        it.reads(registered)
                        it.takes(registered, Refusal.UNTRUSTED)
                    }
                }
            }
        }

    @Test
    fun `an enrollment that the driver stops is taken up again`() =
        driver {
            val registered = authority.register()
            it.reads(registered)
            network.before = { awaitCancellation() }
            it.model.typeCode(registered.txCode)
            it.model.takeOffer()
            it.sees<Screen.Offer> { offer -> offer.state.issuing }
            it.model.back()
            it.isRefused(Refusal.CANCELLED)
            network.before = {}
            it.model.takeOffer()
            assertNull(it.seesLicense().troubles.firstOrNull())
        }

    @Test
    fun `a disk that is full while the license comes`(): Unit =
        runBlocking {
            SmallDisk().use { disk ->
                DriversPhone(authority).use { phone ->
                    phone.directory = disk.folder.resolve("wallet")
                    Driver(phone).use {
                        it.model.start()
                        it.sees<Screen.Welcome>()
                        val registered = authority.register()
                        it.reads(registered)
                        disk.fill()
                        it.takes(registered, Refusal.STORAGE_FULL)
                    }
                }
            }
        }

    private fun driver(test: suspend (Driver) -> Unit): Unit =
        runBlocking {
            DriversPhone(authority, keys, network).use { phone ->
                Driver(phone).use {
                    it.model.start()
                    it.sees<Screen.Welcome>()
                    test(it)
                }
            }
        }

    /** What becomes of a text that is typed as an offer. */
    private suspend fun Driver.refusalOf(text: String): Refusal? {
        model.typeOffer(text)
        model.readOffer()
        return sees<Screen.Welcome> { it.state.text == text && it.state.refusal != null }.state.refusal
    }

    private suspend fun Driver.reads(registered: Registered) {
        model.start()
        sees<Screen.Welcome>()
        model.typeOffer(registered.offer)
        model.readOffer()
        sees<Screen.Offer>()
    }

    private suspend fun Driver.takes(
        registered: Registered,
        refusal: Refusal,
    ) {
        model.typeCode(registered.txCode)
        model.takeOffer()
        isRefused(refusal)
    }

    private suspend fun Driver.isRefused(refusal: Refusal) {
        sees<Screen.Offer> { !it.state.issuing && it.state.refusal == refusal }
    }

    private fun answersWithLicense(answer: () -> HttpResponse) {
        network.after = { request, good -> if (request.url.endsWith("/credential")) answer() else good }
    }

    /** What the authority sends to somebody else. */
    private suspend fun licenseOfAnotherPhone(): HttpResponse {
        val heard = JdkTransport()
        val license = CompletableDeferred<HttpResponse>()
        heard.after = { request, answer -> answer.also { if (request.url.endsWith("/credential")) license.complete(it) } }
        DriversPhone(authority, network = heard).use { phone -> Driver(phone).use { it.enroll(authority.register()) } }
        return license.await()
    }

    private fun answers(answer: (HttpRequest) -> HttpResponse) {
        network.after = { request, _ -> answer(request) }
    }

    private fun page(): HttpResponse = HttpResponse(200, listOf(HttpHeader("content-type", "text/html")), "<!doctype html><title>Sign in</title>".toByteArray())

    private fun offer(
        issuer: String,
        grants: String,
    ): String = """{"credential_issuer":"$issuer","credential_configuration_ids":["dl"],"grants":$grants}"""

    private companion object {
        val authority = Authority()
        val JSON = listOf(HttpHeader("content-type", "application/json"))

        @JvmStatic
        @AfterAll
        fun close() = authority.close()
    }
}
