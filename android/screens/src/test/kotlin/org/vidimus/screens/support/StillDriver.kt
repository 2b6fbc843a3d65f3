package org.vidimus.screens.support

import org.vidimus.QrSymbol
import org.vidimus.app.Action
import org.vidimus.shell.Driver

/**
 * Nothing comes of what is pressed.
 *
 * @param symbol what is in the frame of a showing
 */
internal class StillDriver(
    private val symbol: (frame: ULong) -> QrSymbol? = { Fixtures.symbol },
) : Driver {
    override fun send(action: Action) = Unit

    override fun nextEdit(shown: ULong): ULong = shown + 1u

    override fun seen(text: String) = Unit

    override fun cameraRefused() = Unit

    override fun picture(id: String): ByteArray? = Fixtures.jpeg.takeIf { id == Fixtures.PORTRAIT }

    override fun frame(
        showing: ULong,
        number: ULong,
    ): QrSymbol? = symbol(number)
}
