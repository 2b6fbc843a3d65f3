package org.vidimus.driver

import android.content.res.Resources

/**
 * Whose licenses this app keeps: what the build took in as resources, see the module's README.
 *
 * @property address where the authority is reached
 * @property rootKey the public key that signs the authority's trust list, a COSE_Key
 */
internal class Authority(
    val address: String,
    val rootKey: ByteArray,
) {
    companion object {
        fun of(resources: Resources): Authority =
            Authority(
                address = resources.getString(R.string.authority),
                rootKey = resources.openRawResource(R.raw.root).use { it.readBytes() },
            )
    }
}
