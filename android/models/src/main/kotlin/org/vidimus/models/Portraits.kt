package org.vidimus.models

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.launch
import org.vidimus.HeldLicense
import org.vidimus.WalletException
import kotlin.time.Instant

/** The portraits that were asked for, each read once: a wallet lists its licenses without them. */
internal class Portraits(
    private val scope: CoroutineScope,
    private val read: suspend (license: String) -> ByteArray?,
    private val came: () -> Unit,
) {
    private val known = HashMap<Key, Portrait?>()

    /** `null` where there is none, or before it was read. */
    fun of(license: HeldLicense): Portrait? = known[license.key]

    /** Reads the portrait of a license, where that was not done; forgets those of licenses that are [held] no more. */
    fun want(
        license: HeldLicense,
        held: List<HeldLicense>,
    ) {
        known.keys.retainAll(held.mapTo(HashSet()) { it.key })
        if (!license.hasPortrait || license.key in known) return
        known[license.key] = null
        scope.launch {
            val jpeg =
                try {
                    read(license.id)
                } catch (_: WalletException) {
                    // The license says all that an officer needs.
                    null
                }
            if (jpeg != null && license.key in known) {
                known[license.key] = Portrait(jpeg)
                came()
            }
        }
    }

    /** A renewed license may bring another picture. */
    private data class Key(
        val id: String,
        val issuedAt: Instant?,
    )

    private val HeldLicense.key: Key get() = Key(id, issuedAt)
}
