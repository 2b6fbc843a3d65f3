package org.vidimus.shell

import org.vidimus.QrSymbol
import org.vidimus.app.Action

/**
 * What the screens tell the app behind them, and what they ask it for. Each call returns at once.
 */
public interface Driver {
    /** Sends what the driver does. */
    public fun send(action: Action)

    /**
     * The number for what is typed next: higher than all before it, over all fields.
     *
     * @param shown the number that the screen's field has: one that began anew counts on from there
     */
    public fun nextEdit(shown: ULong): ULong

    /** The camera saw a QR with this text. */
    public fun seen(text: String)

    /** The camera may not be used. */
    public fun cameraRefused()

    /** The portrait of this [id], a JPEG; `null` once its license is gone. */
    public fun picture(id: String): ByteArray?

    /** The QR of frame [number] of a showing; `null` once it is no longer shown. */
    public fun frame(
        showing: ULong,
        number: ULong,
    ): QrSymbol?
}
