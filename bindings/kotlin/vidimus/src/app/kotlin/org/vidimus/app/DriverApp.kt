package org.vidimus.app

import kotlinx.coroutines.flow.Flow
import org.vidimus.CoreDriverApp
import org.vidimus.DeviceKeys
import org.vidimus.DriverSetup
import org.vidimus.NetworkAccess
import org.vidimus.QrSymbol
import org.vidimus.WalletException
import org.vidimus.certificates
import org.vidimus.coreStartDriverApp
import org.vidimus.lend
import org.vidimus.proper
import org.vidimus.translated
import org.vidimus.transport
import org.vidimus.whole
import java.nio.file.Path
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/**
 * The driver's app without its pictures: what is on the screen, and what comes of each tap. It
 * opens the wallet itself.
 *
 * A shell draws each [Update.screen], sends what the driver does, and does what it finds in
 * [Update.effects]: it begins those whose id is new to it, answers each with [Action.Done], and
 * ends what it has open for those that are gone. All functions may be called from any thread; all
 * return at once, but [next] and [end].
 */
public class DriverApp internal constructor(
    core: CoreDriverApp,
) : AutoCloseable {
    private val running = Running(core)

    /**
     * What is on the screen, always the newest: a slow collector skips some. The flow is cold,
     * begins with what is on the screen now, and completes when the app has ended, also where a
     * fault of the library has ended it: then [start] it anew.
     */
    public val updates: Flow<Update> = running.updates(Update::number) { next(it) }

    /** Waits for an update that is newer than number [after]; `null` once the app has ended. */
    public suspend fun next(after: ULong = 0u): Update? = running.waiting { core, cancel -> core.next(after, cancel) }

    /** Sends what the driver does, or what the shell has done. After the end it does nothing. */
    public fun send(action: Action) {
        running.calling { it.send(action.proper()) }
    }

    /** The portrait of this [id], a JPEG of at most 64 KiB; `null` once its license is gone. */
    public fun picture(id: String): ByteArray? = running.calling { it.picture(id.whole()) }

    /** The QR of frame [number] of a showing; `null` once it is no longer shown. */
    public fun frame(
        showing: ULong,
        number: ULong,
    ): QrSymbol? = running.calling { it.frame(showing, number) }

    /**
     * The address to open in the system's browser when [Ask.OpenBrowser] asks for it, never in a
     * view of the app itself; `null` once the sign-in is over. It is good once: do not store or log
     * it.
     */
    public val signInAddress: String? get() = running.calling { it.signInAddress() }

    /**
     * What to keep where the system keeps the state of an app, for [start]: at most 8 KiB, sealed
     * under a key of this phone. Ask for it when [Ask.Save] says so. `null` where there is nothing
     * to keep yet.
     */
    public fun saved(): ByteArray? = running.calling { it.saved() }

    /**
     * After how long the authority is to be asked again, by what the last refresh said: for a phone
     * that plans to do so while the app is out of sight. `null` before the first refresh, and after
     * the end.
     */
    public val refreshDueIn: Duration? get() = running.calling { it.refreshDueInS() }?.toLong()?.seconds

    /**
     * Ends the app, and waits until what was shown is in the log, and a license that is just being
     * added or removed has come or gone. After it nothing happens.
     */
    public suspend fun end(): Unit = running.end { it.end() }

    /** Ends the app without waiting; what was shown still comes into the log. */
    override fun close(): Unit = running.close()

    /** Starts the app. */
    public companion object {
        /**
         * Begins the app, once a process. It opens the wallet of [directory], or makes it there;
         * what is wrong with the wallet or the keys is said on the screen.
         *
         * @param directory made where it is missing; keep it out of backups, and apart from the
         * keys
         * @param rootKey the public key that signs the authority's trust list, a COSE_Key: for a
         * wallet that is made
         * @param authority the authority's address, for a wallet that is made
         * @param hasLock whether the phone has a screen lock
         * @param saved what [saved] gave when the system ended the app. What is old, foreign or
         * changed counts for nothing
         * @param signInRedirect where the authority sends the browser back to after a sign-in: an
         * address that opens this app, and that the authority knows for it. `null`: there is no
         * sign-in
         * @param bootId as in [org.vidimus.Wallet.open]
         * @throws WalletException.InvalidArgument where [bootId] has not 16 bytes
         */
        public fun start(
            directory: Path,
            rootKey: ByteArray,
            authority: String,
            keys: DeviceKeys,
            hasLock: Boolean,
            saved: ByteArray? = null,
            network: NetworkAccess = NetworkAccess.BuiltIn(),
            bootId: ByteArray? = null,
            signInRedirect: String? = null,
        ): DriverApp {
            val setup =
                DriverSetup(
                    directory.toString().proper(),
                    rootKey,
                    authority.proper(),
                    signInRedirect?.proper(),
                    network.certificates(),
                    hasLock,
                    saved,
                )
            return DriverApp(translated { keys.lend { coreStartDriverApp(setup, bootId, it, network.transport()) } })
        }
    }
}

/**
 * The same with text that can cross: half of a character, as a keyboard may leave one, becomes the
 * sign for an unknown one.
 */
private fun Action.proper(): Action =
    when (this) {
        is Action.TypeOffer -> copy(text = text.whole())
        is Action.TypeCode -> copy(text = text.whole())
        is Action.TypeAnswer -> copy(text = text.whole())
        is Action.Link -> copy(text = text.whole())
        is Action.Dismiss -> copy(application = application.whole())
        is Action.AskToRemove -> copy(license = license.whole())
        is Action.Done -> (answer as? Answer.Seen)?.let { copy(answer = it.copy(text = it.text.whole())) } ?: this
        else -> this
    }
