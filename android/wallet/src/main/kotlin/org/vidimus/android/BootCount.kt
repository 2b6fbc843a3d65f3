package org.vidimus.android

import android.content.Context
import android.provider.Settings
import java.nio.ByteBuffer

/**
 * Names this start of the phone, as [org.vidimus.Wallet.open] takes it: Android counts its starts,
 * and lets apps read the count. `null` where it does not. What Linux has for it
 * (`/proc/sys/kernel/random/boot_id`) not every maker lets apps read.
 */
internal fun bootId(context: Context): ByteArray? {
    val count = Settings.Global.getInt(context.contentResolver, Settings.Global.BOOT_COUNT, UNKNOWN)
    if (count == UNKNOWN) return null
    return ByteBuffer.allocate(SIZE).putInt(SIZE - Int.SIZE_BYTES, count).array()
}

private const val SIZE = 16
private const val UNKNOWN = -1
