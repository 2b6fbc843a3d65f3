package org.vidimus.shell.support

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.vidimus.shell.DriverModel
import org.vidimus.shell.LicenseState
import org.vidimus.shell.Phone
import org.vidimus.shell.Screen
import org.vidimus.shell.ShowState
import org.vidimus.shell.Trouble
import org.vidimus.shell.TroubleAction
import org.vidimus.support.Registered
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration.Companion.seconds

/** A driver who uses the app on a [phone], without its pictures: does things, and waits for what must come. */
class Driver(
    val phone: DriversPhone,
    asSeen: Phone = phone,
) : AutoCloseable {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default.limitedParallelism(1))
    private val all = CopyOnWriteArrayList<Screen>()

    val model = DriverModel(asSeen, scope)

    /** What the driver was sent out of the app for. */
    val sentTo = CopyOnWriteArrayList<TroubleAction>()

    /** Every screen that was on. */
    val seen: List<Screen> get() = all

    init {
        scope.launch { model.screen.collect(all::add) }
        scope.launch { model.leave.collect(sentTo::add) }
    }

    /** Waits for a screen. */
    suspend inline fun <reified S : Screen> sees(crossinline test: (S) -> Boolean = { true }): S = await("a ${S::class.simpleName}") { it is S && test(it) } as S

    suspend fun await(
        what: String,
        test: (Screen) -> Boolean,
    ): Screen =
        try {
            withTimeout(PATIENCE) { model.screen.first(test) }.also(all::add)
        } catch (_: TimeoutCancellationException) {
            throw AssertionError("$what did not come; there is ${model.screen.value}")
        }

    /** Waits until the license's screen says so. */
    suspend fun seesLicense(test: (LicenseState) -> Boolean = { true }): LicenseState = sees<Screen.License> { test(it.state) }.state

    suspend fun seesTrouble(trouble: Trouble): LicenseState = seesLicense { trouble in it.troubles }

    suspend fun isBlockedBy(trouble: Trouble) {
        sees<Screen.Blocked> { it.state.trouble == trouble && !it.state.working }
    }

    /** Waits until a showing is at this point. */
    suspend inline fun <reified S : ShowState> seesShow(crossinline test: (S) -> Boolean = { true }): S = sees<Screen.Show> { show -> show.state.let { it is S && test(it) } }.state as S

    /** Takes up an offer, from the first screen or from that of a license, to the card in front. */
    suspend fun enroll(registered: Registered): LicenseState {
        model.start()
        if (await("the first screen") { it is Screen.Welcome || it is Screen.License } is Screen.License) {
            model.addLicense()
            sees<Screen.Welcome>()
        }
        model.typeOffer(registered.offer)
        model.readOffer()
        sees<Screen.Offer>()
        model.typeCode(registered.txCode)
        model.takeOffer()
        return seesLicense()
    }

    /** The wallet is closed when this returns, and its files may be touched. */
    override fun close() {
        model.close()
        runBlocking { scope.coroutineContext.job.cancelAndJoin() }
    }

    companion object {
        /** Long enough for a busy machine; nothing waits for it where all is well. */
        val PATIENCE = 30.seconds
    }
}
