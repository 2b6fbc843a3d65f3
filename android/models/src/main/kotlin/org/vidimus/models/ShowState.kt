package org.vidimus.models

import org.vidimus.QrSymbol

/** A license that is shown, or about to be. */
public sealed interface ShowState {
    /** The phone's lock is asked. */
    public data object Unlocking : ShowState

    /** The lock did not open; nothing was shown. */
    public data class Locked(
        val outcome: LockOutcome,
    ) : ShowState

    /** The first code is being signed. */
    public data object Starting : ShowState

    /**
     * A code is on the screen.
     *
     * @property code the QR and what it says
     * @property nextIn whole seconds until the next code
     * @property endsIn whole seconds until it ends by itself
     */
    public data class Live(
        val code: ShownCode,
        val nextIn: Int,
        val endsIn: Int,
    ) : ShowState

    /**
     * It is over.
     *
     * @property byItself its five minutes have passed
     */
    public data class Over(
        val byItself: Boolean,
    ) : ShowState

    /** It answered a question whose time is over: the officer must ask again. */
    public data object TooLate : ShowState

    /** It could not be shown. */
    public data class Failed(
        val trouble: Trouble,
    ) : ShowState
}

/**
 * The QR that is on the screen. Whoever has it can show it for 30 seconds: it prints as nothing.
 *
 * @property symbol the modules
 * @property holder the holder's name
 * @property standing how the license stands, and the age of the status inside when the code was signed
 * @property audience for whom; `null`: whoever scans it
 * @property statusLeftOut no QR is large enough to carry the status
 */
public data class ShownCode(
    val symbol: QrSymbol,
    val holder: String,
    val standing: Standing,
    val audience: Asker?,
    val statusLeftOut: Boolean,
) {
    override fun toString(): String = "ShownCode(…)"
}

/** What became of asking the phone's lock. */
public enum class LockOutcome {
    /** It is open. */
    OPENED,

    /** The driver did not want to. */
    CANCELLED,

    /** The phone did not know the driver. */
    FAILED,

    /** The phone has no lock. */
    NO_LOCK,
}
