package org.vidimus.app

import kotlinx.coroutines.flow.Flow
import org.vidimus.CoreOfficerApp
import org.vidimus.DeviceKeys
import org.vidimus.NetworkAccess
import org.vidimus.OfficerSetup
import org.vidimus.QrSymbol
import org.vidimus.TrustedAuthority
import org.vidimus.WalletException
import org.vidimus.certificates
import org.vidimus.coreStartOfficerApp
import org.vidimus.lend
import org.vidimus.proper
import org.vidimus.translated
import org.vidimus.transport
import org.vidimus.whole
import java.nio.file.Path

/**
 * The app that checks licenses without its pictures: for an officer, or for anyone else. It opens
 * the reader's book itself, and needs no wallet and no network to check.
 *
 * A shell treats it as it treats a [DriverApp]: it draws each [OfficerUpdate.screen], sends what
 * the officer does, and does what it finds in [OfficerUpdate.effects]. All functions may be called
 * from any thread; all return at once, but [next] and [end].
 */
public class OfficerApp internal constructor(
    core: CoreOfficerApp,
) : AutoCloseable {
    private val running = Running(core)

    /**
     * What is on the screen, always the newest: a slow collector skips some. The flow is cold,
     * begins with what is on the screen now, and completes when the app has ended, also where a
     * fault of the library has ended it: then [start] it anew.
     */
    public val updates: Flow<OfficerUpdate> = running.updates(OfficerUpdate::number) { next(it) }

    /** Waits for an update that is newer than number [after]; `null` once the app has ended. */
    public suspend fun next(after: ULong = 0u): OfficerUpdate? =
        running.waiting { core, cancel -> core.next(after, cancel) }

    /** Sends what the officer does, or what the shell has done. After the end it does nothing. */
    public fun send(action: OfficerAction) {
        running.calling { it.send(action.proper()) }
    }

    /** The face of this [id], a JPEG; `null` once its verdict is off the screen. */
    public fun picture(id: String): ByteArray? = running.calling { it.picture(id.whole()) }

    /** The QR of the question with this [id]; `null` once it is no longer shown. */
    public fun question(id: ULong): QrSymbol? = running.calling { it.question(id) }

    /**
     * The log of the checks, a file of JSON lines, while [OfficerAsk.Share] is asked for; `null` at
     * other times. Where the reader has a key, its last line signs all before it.
     */
    public fun exported(): ByteArray? = running.calling { it.exported() }

    /** Ends the app, and waits until it has ended. After it nothing happens. */
    public suspend fun end(): Unit = running.end { it.end() }

    /** Ends the app without waiting. */
    override fun close(): Unit = running.close()

    /** Starts the app. */
    public companion object {
        /**
         * Begins the app, once a process. It opens the reader's book of [directory], or makes it
         * there; what is wrong with the book or the keys is said on the screen.
         *
         * @param directory made where it is missing; it may be the folder of a wallet. Keep it out
         * of backups
         * @param keys the device's keys: the book has its own under another name, also where a
         * wallet has the same
         * @param authorities whom the reader trusts; others that the book holds are removed from it
         * @param keepsNumbers whether the log keeps the number of a license, as an officer's must
         * @param name the name under which this reader asks a driver's phone, at most 64 bytes
         * @param logDays after how many days a check is deleted from the log
         * @param readerKey the 32 secret bytes of the reader's Ed25519 key, which signs its
         * questions and its log; `null` where it has none. Wipe them after the call
         * @param bootId as in [org.vidimus.Wallet.open]
         * @throws WalletException.InvalidArgument where [bootId] has not 16 bytes, or [readerKey]
         * has not 32
         */
        public fun start(
            directory: Path,
            authorities: List<TrustedAuthority>,
            keys: DeviceKeys,
            keepsNumbers: Boolean,
            name: String,
            logDays: Int = 30,
            readerKey: ByteArray? = null,
            network: NetworkAccess = NetworkAccess.BuiltIn(),
            bootId: ByteArray? = null,
        ): OfficerApp {
            val setup =
                OfficerSetup(
                    directory.toString().proper(),
                    authorities,
                    keepsNumbers,
                    logDays.coerceIn(0, 65_535).toUShort(),
                    name.proper(),
                    readerKey,
                    network.certificates(),
                )
            return OfficerApp(translated { keys.lend { coreStartOfficerApp(setup, bootId, it, network.transport()) } })
        }
    }
}

/** The same with text that can cross, as in [DriverApp]. */
private fun OfficerAction.proper(): OfficerAction =
    when (this) {
        is OfficerAction.TypeText -> copy(text = text.whole())
        is OfficerAction.Done -> copy(answer = answer.proper())
        else -> this
    }

private fun OfficerAnswer.proper(): OfficerAnswer =
    if (this is OfficerAnswer.Texts) copy(texts = texts.map(String::whole)) else this
