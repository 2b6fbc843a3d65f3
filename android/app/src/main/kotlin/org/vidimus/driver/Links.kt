package org.vidimus.driver

import android.content.Intent
import android.net.Uri

/**
 * What a link that opened the app says to it; `null` where it is none that the app takes. Any app
 * can send one: what it says is read like text that was typed.
 *
 * | link | read as |
 * |---|---|
 * | `openid-credential-offer://…` | it is |
 * | `https://HOST/add?credential_offer…=…` | it is |
 * | `https://HOST/offers/REFERENCE` | an offer that is fetched there |
 * | `https://HOST/answer#DLQ1:…` | an officer's question; what follows `#` is told to no server |
 * | `REDIRECT?…` | what the browser brings back from a sign-in: it is |
 *
 * @param host the authority's own, in small letters. The system asks it whether its links are for
 * this app (README)
 * @param redirect where the authority sends the browser back to; `null` where there is no sign-in
 */
internal fun textOf(
    link: Uri,
    host: String,
    redirect: String? = null,
): String? {
    val text = link.toString().takeIf { it.length <= LONGEST }
    if (redirect != null && text?.startsWith("$redirect?") == true) return text
    return when (link.scheme?.lowercase()) {
        OFFER -> text
        "https" -> text?.takeIf { link.encodedAuthority?.lowercase() == host }?.let { said(link) }
        else -> null
    }
}

private fun said(link: Uri): String? {
    val path = link.path.orEmpty()
    return when {
        path == "/add" -> link.toString().takeIf { link.queryParameterNames.any { it in OFFERED } }
        path == "/answer" -> link.fragment?.takeIf { it.startsWith(QUESTION, ignoreCase = true) }
        path.startsWith(OFFERS) && path.length > OFFERS.length -> offerAt(link)
        else -> null
    }
}

/** As the authority itself writes an offer by reference. */
private fun offerAt(link: Uri): String {
    val address = link.buildUpon().clearQuery().fragment(null).build()
    return "$OFFER://?credential_offer_uri=${Uri.encode(address.toString())}"
}

/** What the link of this intent says; `null` where it has none, or one that was read before. */
internal fun Intent.text(
    host: String,
    redirect: String? = null,
): String? = data?.takeIf { action == Intent.ACTION_VIEW && !isFromHistory }?.let { textOf(it, host, redirect) }

/** The license that the notification behind this intent was about; `null` where it is another. */
internal val Intent.license: String?
    get() = takeIf { it.action == LicenseNotices.ACTION && !it.isFromHistory }?.getStringExtra(LicenseNotices.LICENSE)

/**
 * From the list of recent apps the system gives the link of that time once more: it was read then.
 */
private val Intent.isFromHistory: Boolean get() = flags and Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY != 0

/** The scheme of an offer's link, as OpenID for Verifiable Credential Issuance names it. */
private const val OFFER = "openid-credential-offer"

private val OFFERED = setOf("credential_offer", "credential_offer_uri")

/** Where the authority answers with an offer. */
private const val OFFERS = "/offers/"

/** How an officer's question begins. */
private const val QUESTION = "DLQ1:"

/** More is no offer that a wallet reads. */
private const val LONGEST = 16 * 1024
