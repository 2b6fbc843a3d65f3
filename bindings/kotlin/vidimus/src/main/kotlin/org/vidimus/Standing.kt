package org.vidimus

import kotlin.time.Duration

/** How to say a standing of this kind: for previews, and for lists of all that there are. */
public val StandingKind.standing: LicenseStanding get() = translated { coreStandingOf(this) }

/**
 * All that is true of this license so long after it was read, if nothing newer is heard of it; the
 * worst first, never empty. The first is what to show. Count [elapsed] by a clock that no one sets.
 */
public fun HeldLicense.standingsAfter(elapsed: Duration): List<LicenseStanding> =
    (outlook.lastOrNull { it.after <= elapsed } ?: outlook.first()).standings

/** Its stable name, as in `caution`: the same in every language and release. */
public val Tone.code: String get() = name.lowercase()
