package org.vidimus.shell

import org.vidimus.QrSymbol
import org.vidimus.app.OfficerAction

/**
 * What the screens tell the app that checks licenses, and what they ask it for. Each call returns at
 * once.
 */
public interface Officer {
    /** Sends what the officer does. */
    public fun send(action: OfficerAction)

    /** The number for what is typed next: higher than all before it, and than the one [shown]. */
    public fun nextEdit(shown: ULong): ULong

    /** The camera saw these texts in one picture. */
    public fun seen(texts: List<String>)

    /** The camera may not be used. */
    public fun cameraRefused()

    /** The face of this [id], a JPEG; `null` once its verdict is off the screen. */
    public fun picture(id: String): ByteArray?

    /** The QR of this question; `null` once it is no longer shown. */
    public fun question(id: ULong): QrSymbol?
}
