package org.vidimus.driver

import android.net.Uri
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import kotlin.test.assertEquals
import kotlin.test.assertNull

/** What a link from outside says, whatever was sent. */
@RunWith(RobolectricTestRunner::class)
internal class LinksTest {
    @Test
    fun `an offer is read as it is, in its own scheme and at the authority's host`() {
        for (link in listOf(
            "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Flicenses.example%2F1",
            "OpenID-Credential-Offer://?credential_offer=%7B%7D",
            "https://licenses.example/add?credential_offer=%7B%7D",
            "https://Licenses.Example/add?source=mail&credential_offer_uri=https%3A%2F%2Fa.example%2F1",
        )) {
            assertEquals(link, text(link))
        }
    }

    @Test
    fun `the address of an offer becomes an offer by reference`() {
        val offer = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Flicenses.example%2Foffers%2FaB-1_x"
        assertEquals(offer, text("https://licenses.example/offers/aB-1_x"))
        // What else is in the link is not fetched.
        assertEquals(offer, text("https://licenses.example/offers/aB-1_x?utm_source=mail#top"))
    }

    @Test
    fun `what follows the hash is an officer's question, with the letters that a link cannot have`() {
        assertEquals("DLQ1:6BF%ABC +A", text("https://licenses.example/answer#DLQ1:6BF%25ABC%20+A"))
        assertEquals("dlq1:AB", text("https://licenses.example/answer#dlq1:AB"))
        for (link in listOf("answer", "answer#", "answer#12345678", "answer?DLQ1:AB", "answer/more#DLQ1:AB")) {
            assertNull(text("https://licenses.example/$link"), link)
        }
    }

    @Test
    fun `what the browser brings back from a sign-in is read where the authority sends it, and nowhere else`() {
        for (redirect in listOf("vidimus:/signed-in", "https://licenses.example/signed-in")) {
            val link = "$redirect?code=1&state=a%20b&iss=https%3A%2F%2Flicenses.example"
            assertEquals(link, textOf(Uri.parse(link), "licenses.example", redirect))
            assertNull(text(link), "an app without a sign-in")
            for (other in listOf(redirect, "$redirect/more?code=1", "$redirect#code=1", "vidimus:/other?code=1")) {
                assertNull(textOf(Uri.parse(other), "licenses.example", redirect), other)
            }
        }
    }

    @Test
    fun `other pages, hosts, ports, schemes and too much are not read`() {
        for (link in listOf(
            "https://licenses.example/",
            "https://licenses.example/help",
            "https://licenses.example/add",
            "https://licenses.example/add?offer=1",
            "https://licenses.example/offers/",
            "https://licenses.example/offers",
            "https://licenses.example.evil.example/offers/1",
            "https://licenses.example@evil.example/offers/1",
            "https://someone@licenses.example/offers/1",
            "https://licenses.example:8443/offers/1",
            "http://licenses.example/offers/1",
            "file:///licenses.example/offers/1",
            "mailto:add@licenses.example",
            "",
            "https://licenses.example/offers/" + "x".repeat(20_000),
            "openid-credential-offer://" + "x".repeat(20_000),
        )) {
            assertNull(text(link), link.take(60))
        }
    }

    private fun text(link: String) = textOf(Uri.parse(link), "licenses.example")
}
