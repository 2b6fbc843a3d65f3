package org.vidimus.screens.support

import org.vidimus.QrSymbol
import org.vidimus.app.OfficerAction
import org.vidimus.shell.Officer

/** Nothing comes of what is pressed. */
internal object StillOfficer : Officer {
    /** The id of the question that has a QR. */
    const val QUESTION = 3uL

    private val question = Fixtures.symbolOf("DLC1:" + "7Q2M5XW9RK4ZT8".repeat(7))

    override fun send(action: OfficerAction) = Unit

    override fun nextEdit(shown: ULong): ULong = shown + 1u

    override fun seen(texts: List<String>) = Unit

    override fun cameraRefused() = Unit

    override fun picture(id: String): ByteArray? = Fixtures.jpeg.takeIf { id == Fixtures.PORTRAIT }

    override fun question(id: ULong): QrSymbol? = question.takeIf { id == QUESTION }
}
