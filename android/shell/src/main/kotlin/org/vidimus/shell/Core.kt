package org.vidimus.shell

import kotlinx.coroutines.flow.Flow
import org.vidimus.QrSymbol
import org.vidimus.app.Action
import org.vidimus.app.DriverApp
import org.vidimus.app.Update

/** What a [Shell] needs of the driver's app: a [DriverApp], or what a test puts in its place. */
public interface Core {
    /**
     * What is on the screen and what is asked for, always the newest. It completes when the app has
     * ended.
     */
    public val updates: Flow<Update>

    /** Sends what the driver does, or what the shell has done. */
    public fun send(action: Action)

    /** The portrait of this [id]; `null` once its license is gone. */
    public fun picture(id: String): ByteArray?

    /** The QR of frame [number] of a showing; `null` once it is no longer shown. */
    public fun frame(
        showing: ULong,
        number: ULong,
    ): QrSymbol?

    /** The address that the browser is to open; `null` once the sign-in is over. */
    public val signInAddress: String?

    /**
     * What to keep where the system keeps the state of an app; `null` where there is nothing yet.
     */
    public fun saved(): ByteArray?

    /** Ends the app, and waits until what was shown is in the log. */
    public suspend fun end()

    /** Ends the app without waiting. */
    public fun close()
}

/** This app, as a [Shell] takes it. */
public fun DriverApp.asCore(): Core = RustCore(this)

private class RustCore(
    private val app: DriverApp,
) : Core {
    override val updates: Flow<Update> get() = app.updates

    override fun send(action: Action) = app.send(action)

    override fun picture(id: String): ByteArray? = app.picture(id)

    override fun frame(
        showing: ULong,
        number: ULong,
    ): QrSymbol? = app.frame(showing, number)

    override val signInAddress: String? get() = app.signInAddress

    override fun saved(): ByteArray? = app.saved()

    override suspend fun end() = app.end()

    override fun close() = app.close()
}
