package org.vidimus.driver

import android.content.res.Resources

/**
 * Whose licenses this app keeps: what the build took in as resources, see the module's README.
 *
 * @property address where the authority is reached
 * @property signInRedirect where it sends the browser back to after a sign-in; `null` where it has
 * none
 * @property rootKey the public key that signs the authority's trust list, a COSE_Key
 */
internal class Authority(
    val address: String,
    val rootKey: ByteArray,
    val signInRedirect: String? = null,
) {
    companion object {
        fun of(resources: Resources): Authority =
            Authority(
                address = resources.getString(R.string.authority),
                rootKey = resources.openRawResource(R.raw.root).use { it.readBytes() },
                signInRedirect = resources.getString(R.string.sign_in_redirect).ifEmpty { null },
            )
    }
}
