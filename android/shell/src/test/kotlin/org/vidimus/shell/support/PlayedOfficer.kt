package org.vidimus.shell.support

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.vidimus.DeviceException
import org.vidimus.NetworkAccess
import org.vidimus.TrustedAuthority
import org.vidimus.app.OfficerAction
import org.vidimus.app.OfficerApp
import org.vidimus.app.OfficerAsk
import org.vidimus.app.OfficerScreen
import org.vidimus.app.Place
import org.vidimus.app.Screen
import org.vidimus.app.ShowPhase
import org.vidimus.app.VerdictScreen
import org.vidimus.shell.OfficerPhone
import org.vidimus.shell.OfficerShell
import org.vidimus.shell.asCore
import org.vidimus.support.Authority
import org.vidimus.support.JcaKeyStore
import org.vidimus.support.JdkTransport
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.createTempDirectory
import kotlin.io.path.deleteRecursively

/** An officer who uses the app that checks licenses, with a network that can be cut. */
class PlayedOfficer(
    authority: Authority,
) : AutoCloseable {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default.limitedParallelism(1))
    private val folder = createTempDirectory("vidimus-officer")
    private val network = JdkTransport()

    val shell =
        OfficerShell(Hands, scope) {
            OfficerApp
                .start(
                    directory = folder.resolve("book"),
                    authorities = listOf(TrustedAuthority(authority.rootKey, authority.issuer, emptyList())),
                    keys = JcaKeyStore(),
                    keepsNumbers = true,
                    name = "Patrol 7",
                    network = network,
                ).asCore()
        }

    init {
        scope.launch { shell.follow() }
        shell.appSeen()
    }

    fun does(action: OfficerAction): Unit = shell.send(action)

    /** Has what is needed to check, and from then on no network. */
    suspend fun goesOut() {
        sees<OfficerScreen.Start> { it.v1.mayCheck && !it.v1.refreshing }
        network.before = { throw DeviceException.Unreachable() }
    }

    suspend inline fun <reified S : OfficerScreen> sees(crossinline test: (S) -> Boolean = { true }): S = await("a ${S::class.simpleName}") { it is S && test(it) } as S

    suspend fun await(
        what: String,
        test: (OfficerScreen) -> Boolean,
    ): OfficerScreen =
        try {
            withTimeout(PlayedDriver.PATIENCE) { shell.updates.first { test(it.screen) } }.screen
        } catch (_: TimeoutCancellationException) {
            throw AssertionError("$what did not come; there is a ${shell.updates.value.screen::class.simpleName}")
        }

    /**
     * Holds the camera to each code that the driver's phone shows, until there is the verdict that
     * is waited for.
     */
    suspend fun looksAt(
        driver: PlayedDriver,
        until: (VerdictScreen) -> Boolean = { true },
    ): VerdictScreen =
        coroutineScope {
            val camera =
                launch(Dispatchers.Default) {
                    var last: Pair<ULong, ULong>? = null
                    driver.shell.updates.collect { update ->
                        val code = ((update.screen as? Screen.Show)?.v1?.phase as? ShowPhase.Live)?.code ?: return@collect
                        if (code.showing to code.frame == last) return@collect
                        // What is gone already is a picture that was not taken.
                        val symbol = driver.shell.frame(code.showing, code.frame) ?: return@collect
                        shell.updates.first { now -> now.effects.any { it.ask is OfficerAsk.Camera } || now.screen is OfficerScreen.Verdict }
                        shell.seen(listOf(symbol.scan()))
                        last = code.showing to code.frame
                    }
                }
            val verdict = sees<OfficerScreen.Verdict> { until(it.v1) }.v1
            camera.cancelAndJoin()
            verdict
        }

    /** Waits until the camera looks. */
    suspend fun looks() {
        withTimeout(PlayedDriver.PATIENCE) { shell.updates.first { now -> now.effects.any { it.ask is OfficerAsk.Camera } } }
    }

    /** The text of the question that stands on this phone. */
    suspend fun asks(): String {
        does(OfficerAction.Ask)
        val id = checkNotNull(sees<OfficerScreen.Doubt> { it.v1.qr != null }.v1.qr)
        return checkNotNull(shell.question(id)).scan()
    }

    fun picture(id: String): ByteArray? = shell.picture(id)

    /** From wherever the officer is. */
    suspend fun goesHome() {
        while (shell.updates.value.screen !is OfficerScreen.Start) {
            val before = shell.updates.value.number
            does(OfficerAction.Back)
            withTimeout(PlayedDriver.PATIENCE) { shell.updates.first { it.number > before } }
        }
    }

    @OptIn(ExperimentalPathApi::class)
    override fun close() {
        runBlocking {
            shell.end()
            scope.coroutineContext.job.cancelAndJoin()
        }
        folder.deleteRecursively()
    }

    private object Hands : OfficerPhone {
        override fun leave(to: Place) = Unit

        override suspend fun share(log: ByteArray) = Unit
    }
}
