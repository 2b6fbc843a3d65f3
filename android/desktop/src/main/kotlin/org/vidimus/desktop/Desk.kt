package org.vidimus.desktop

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.vidimus.FileKeyStore
import org.vidimus.NetworkAccess
import org.vidimus.TrustedAuthority
import org.vidimus.app.OfficerApp
import org.vidimus.app.OfficerUpdate
import org.vidimus.app.Place
import org.vidimus.app.Update
import org.vidimus.shell.Driver
import org.vidimus.shell.Language
import org.vidimus.shell.Officer
import org.vidimus.shell.OfficerPhone
import org.vidimus.shell.OfficerShell
import org.vidimus.shell.Shell
import org.vidimus.shell.asCore

/**
 * Everything that stands on the desk: the phone, the authority's clerk, an officer, and how the
 * phone is looked at.
 */
internal class Desk(
    private val setting: Setting,
    private val scope: CoroutineScope,
    network: NetworkAccess = NetworkAccess.BuiltIn(),
) : AutoCloseable {
    private val phone =
        DesktopPhone(
            setting.phone,
            leaves = { note = "On a phone this would open a page of the system: $it" },
            // A window without a browser says where to go.
            browses = { address -> if (!openInBrowser(address)) note = "Open this in a browser: $address" },
        )
    private val wayBack: WayBack = WayBack(::comeBack)
    private val shell: Shell =
        Shell(phone, scope) { phone.start(setting.rootKey, setting.issuer, it, wayBack.address).asCore() }
    private val office = Office(setting)
    private val checker = OfficerShell(OfficersPhone { note = it }, scope) { startOfficer(setting, network).asCore() }

    val updates: StateFlow<Update> get() = shell.updates
    val driver: Driver get() = shell
    val checks: StateFlow<OfficerUpdate> get() = checker.updates
    val officer: Officer get() = checker

    /** What the camera of each phone sees of the other. */
    val driversPane = Pane()
    val officersPane = Pane()
    val offer: String get() = setting.offer
    val code: String get() = setting.code

    var language by mutableStateOf(Language.ENGLISH)
    var dark by mutableStateOf(false)
    var textSize by mutableStateOf(1f)

    /** What came of the last button. */
    var note by mutableStateOf<String?>(null)
        private set

    /**
     * Shows what the app says, and has it keep the wallet fresh for as long as the window is there.
     */
    fun start() {
        scope.launch { shell.follow() }
        scope.launch { checker.follow() }
        shell.appSeen()
        checker.appSeen()
    }

    /** The browser comes back from a sign-in. */
    private fun comeBack(text: String) = shell.link(text)

    /** What a link in a message does on a phone. */
    fun openOffer() = shell.link(setting.offer)

    fun rule(ruling: Ruling) {
        scope.launch {
            val done = office.rule(ruling)
            val told = "The authority says: ${ruling.word}. Refresh on the phone, or let it."
            note = if (done) told else "That was not done."
        }
    }

    /**
     * Waits until what was shown is in the log, and a license that is just being added has come or
     * gone: the process may end right after it. Where the authority does not answer that takes as
     * long as a call may take, so close the window first.
     */
    override fun close() {
        runBlocking {
            checker.end()
            shell.end()
        }
        wayBack.close()
    }
}

/** An officer's reader in a folder beside the driver's phone. It trusts this one authority. */
private fun startOfficer(
    setting: Setting,
    network: NetworkAccess,
): OfficerApp {
    val folder = setting.phone.resolveSibling("${setting.phone.fileName}-officer")
    return OfficerApp.start(
        directory = folder.resolve("book"),
        authorities = listOf(TrustedAuthority(setting.rootKey, setting.issuer, emptyList())),
        keys = FileKeyStore(folder.resolve("keys")),
        keepsNumbers = true,
        name = "Officer at the desk",
        network = network,
    )
}

/** @param tells says what a phone would do */
private class OfficersPhone(
    private val tells: (String) -> Unit,
) : OfficerPhone {
    override fun leave(to: Place) = tells("On a phone this would open a page of the system: $to")

    override suspend fun share(log: ByteArray) = tells("On a phone this would hand over ${log.size} bytes.")
}
