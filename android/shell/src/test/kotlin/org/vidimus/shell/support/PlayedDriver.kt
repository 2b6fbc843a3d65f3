package org.vidimus.shell.support

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.vidimus.app.Action
import org.vidimus.app.LicenseScreen
import org.vidimus.app.LiveCode
import org.vidimus.app.Screen
import org.vidimus.app.ShowPhase
import org.vidimus.app.Trouble
import org.vidimus.shell.Shell
import org.vidimus.shell.asCore
import org.vidimus.support.Registered
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/**
 * A driver who uses the app on a [phone], without its pictures: does things, and waits for what
 * must come.
 */
class PlayedDriver(
    val phone: DriversPhone,
    saved: ByteArray? = null,
) : AutoCloseable {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default.limitedParallelism(1))

    val shell = Shell(phone, scope, saved) { phone.start(it).asCore() }

    init {
        scope.launch { shell.follow() }
        shell.appSeen()
    }

    fun does(action: Action): Unit = shell.send(action)

    /** Waits for a screen. */
    suspend inline fun <reified S : Screen> sees(crossinline test: (S) -> Boolean = { true }): S = await("a ${S::class.simpleName}") { it is S && test(it) } as S

    suspend fun await(
        what: String,
        test: (Screen) -> Boolean,
    ): Screen =
        try {
            withTimeout(PATIENCE) { shell.updates.first { test(it.screen) } }.screen
        } catch (_: TimeoutCancellationException) {
            throw AssertionError("$what did not come; there is a ${shell.updates.value.screen::class.simpleName}")
        }

    /** Waits until the license's screen says so, and the driver waits for no one's answer. */
    suspend fun seesLicense(test: (LicenseScreen) -> Boolean = { true }): LicenseScreen = sees<Screen.License> { !it.v1.refreshing && test(it.v1) }.v1

    suspend fun seesTrouble(trouble: Trouble): LicenseScreen = seesLicense { trouble in it.told }

    suspend fun isBlockedBy(trouble: Trouble) {
        sees<Screen.Blocked> { it.v1.story.trouble == trouble && !it.v1.working }
    }

    /** Waits for a code on the screen. */
    suspend fun seesCode(test: (LiveCode) -> Boolean = { true }): LiveCode {
        val show = sees<Screen.Show> { (it.v1.phase as? ShowPhase.Live)?.let { live -> test(live.code) } == true }
        return (show.v1.phase as ShowPhase.Live).code
    }

    /** What a camera reads of a code that is on the screen. */
    fun scan(code: LiveCode): String = checkNotNull(shell.frame(code.showing, code.frame)) { "the code has no picture" }.scan()

    fun types(action: (edit: ULong) -> Action): Unit = does(action(shell.nextEdit(0u)))

    /** Takes up an offer, to the card in front. */
    suspend fun enroll(registered: Registered): LicenseScreen {
        await("the first screen") { it is Screen.Welcome || it is Screen.License }
        shell.link(registered.offer)
        sees<Screen.Offer>()
        types { Action.TypeCode(registered.txCode, it) }
        does(Action.TakeOffer)
        return seesLicense()
    }

    /**
     * Leaves the app, and waits until the phone has what is kept as of now: nothing newer comes for
     * a while.
     */
    suspend fun leaves(): ByteArray {
        val before = phone.kept
        shell.appLeft()
        return withTimeout(PATIENCE) {
            while (phone.kept === before) delay(STEP)
            var newest = phone.kept
            do {
                val last = newest
                delay(STEP * 10)
                newest = phone.kept
            } while (newest !== last)
            checkNotNull(newest)
        }
    }

    /** The wallet is closed when this returns, and its files may be touched. */
    override fun close() {
        runBlocking {
            shell.end()
            scope.coroutineContext.job.cancelAndJoin()
        }
    }

    companion object {
        /** Long enough for a busy machine; nothing waits for it where all is well. */
        val PATIENCE = 30.seconds

        private val STEP = 20.milliseconds
    }
}

/** Which troubles are told beside a license. */
val LicenseScreen.told: List<Trouble> get() = troubles.map { it.trouble }
