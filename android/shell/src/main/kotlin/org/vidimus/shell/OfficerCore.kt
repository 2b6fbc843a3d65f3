package org.vidimus.shell

import kotlinx.coroutines.flow.Flow
import org.vidimus.QrSymbol
import org.vidimus.app.OfficerAction
import org.vidimus.app.OfficerApp
import org.vidimus.app.OfficerUpdate

/**
 * What an [OfficerShell] needs of the app that checks licenses: an [OfficerApp], or what a test
 * puts in its place.
 */
public interface OfficerCore {
    /**
     * What is on the screen and what is asked for, always the newest. It completes when the app has
     * ended.
     */
    public val updates: Flow<OfficerUpdate>

    /** Sends what the officer does, or what the shell has done. */
    public fun send(action: OfficerAction)

    /** The face of this [id], a JPEG; `null` once its verdict is off the screen. */
    public fun picture(id: String): ByteArray?

    /** The QR of this question; `null` once it is no longer shown. */
    public fun question(id: ULong): QrSymbol?

    /** The log of the checks while it is to be handed over; `null` at other times. */
    public fun exported(): ByteArray?

    /** Ends the app, and waits until it has ended. */
    public suspend fun end()

    /** Ends the app without waiting. */
    public fun close()
}

/** This app, as an [OfficerShell] takes it. */
public fun OfficerApp.asCore(): OfficerCore = RustOfficerCore(this)

private class RustOfficerCore(
    private val app: OfficerApp,
) : OfficerCore {
    override val updates: Flow<OfficerUpdate> get() = app.updates

    override fun send(action: OfficerAction) = app.send(action)

    override fun picture(id: String): ByteArray? = app.picture(id)

    override fun question(id: ULong): QrSymbol? = app.question(id)

    override fun exported(): ByteArray? = app.exported()

    override suspend fun end() = app.end()

    override fun close() = app.close()
}
