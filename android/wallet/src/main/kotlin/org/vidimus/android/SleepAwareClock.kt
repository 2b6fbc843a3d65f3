package org.vidimus.android

import android.os.SystemClock
import kotlin.time.AbstractLongTimeSource
import kotlin.time.DurationUnit

/**
 * Time since the device started, deep sleep included, to the nanosecond. `TimeSource.Monotonic`
 * stands still while the device sleeps, and so do coroutine delays: anyone who shows a frame or an
 * age looks here when the screen comes back.
 */
public object SleepAwareClock : AbstractLongTimeSource(DurationUnit.NANOSECONDS) {
    override fun read(): Long = SystemClock.elapsedRealtimeNanos()
}
