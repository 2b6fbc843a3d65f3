package org.vidimus.reader

import android.media.AudioManager
import android.media.ToneGenerator
import android.os.Build
import android.view.HapticFeedbackConstants
import android.view.View
import org.vidimus.app.Tone

/**
 * Tells a verdict by touch and by sound, each of which the phone's settings may switch off: an
 * officer's eyes are on the driver. What it says is spoken by a screen reader, and drawn.
 */
internal fun View.tell(tone: Tone) {
    performHapticFeedback(tone.touch)
    val sound =
        try {
            ToneGenerator(AudioManager.STREAM_NOTIFICATION, VOLUME)
        } catch (_: RuntimeException) {
            // The phone has no player left.
            return
        }
    sound.startTone(tone.sound, SOUND_MILLIS)
    // It would go on to hold a player, of which there are few.
    postDelayed(sound::release, SOUND_MILLIS * 2L)
}

private val Tone.touch: Int
    get() =
        when {
            Build.VERSION.SDK_INT < Build.VERSION_CODES.R -> HapticFeedbackConstants.LONG_PRESS
            this == Tone.GOOD -> HapticFeedbackConstants.CONFIRM
            else -> HapticFeedbackConstants.REJECT
        }

private val Tone.sound: Int
    get() =
        when (this) {
            Tone.GOOD -> ToneGenerator.TONE_PROP_ACK
            Tone.CAUTION -> ToneGenerator.TONE_PROP_BEEP2
            Tone.BAD, Tone.UNKNOWN -> ToneGenerator.TONE_PROP_NACK
        }

/** Of 100. */
private const val VOLUME = 80

private const val SOUND_MILLIS = 300
