package org.vidimus.android

import android.app.Application
import android.content.Context
import androidx.work.Configuration
import androidx.work.CoroutineWorker
import androidx.work.ListenableWorker.Result
import androidx.work.NetworkType
import androidx.work.WorkInfo
import androidx.work.WorkManager
import androidx.work.testing.SynchronousExecutor
import androidx.work.testing.TestListenableWorkerBuilder
import androidx.work.testing.WorkManagerTestInitHelper
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import org.junit.After
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import org.vidimus.StorageProblem
import org.vidimus.Wallet
import org.vidimus.WalletException
import org.vidimus.android.support.FakeKeystore
import org.vidimus.android.support.make
import org.vidimus.support.Authority
import java.net.InetAddress
import java.net.ServerSocket
import kotlin.io.path.exists
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/** An app with a wallet, which hears what a refresh has brought. */
class RefreshedApplication :
    Application(),
    WalletHome.Provider,
    RefreshWorker.Listener {
    override val walletHome: WalletHome by lazy { WalletHome(this) }

    /** What it saw in the wallet of each refresh. */
    val heard = mutableListOf<Int>()

    /** What it cannot write. */
    var fault: WalletException? = null

    override suspend fun refreshed(wallet: Wallet) {
        heard += wallet.status.value.licenses.size
        fault?.let { throw it }
    }
}

/** When the system is asked to refresh, and what a worker does then. */
@RunWith(RobolectricTestRunner::class)
@Config(application = RefreshedApplication::class)
class RefreshTest {
    private val device = FakeKeystore()
    private val application get() = RuntimeEnvironment.getApplication() as RefreshedApplication
    private val home get() = application.walletHome
    private val work get() = WorkManager.getInstance(application)
    private val schedule get() = RefreshSchedule(application)

    @Before
    fun start() {
        val configuration =
            Configuration
                .Builder()
                .setExecutor(SynchronousExecutor())
                .build()
        WorkManagerTestInitHelper.initializeTestWorkManager(application, configuration)
    }

    @After
    fun close() {
        WorkManagerTestInitHelper.closeWorkDatabase()
        device.close()
    }

    @Test
    fun `it is periodic, wants a network, and is there once however often it is started`() {
        repeat(3) { schedule.start() }
        val info = waiting(RefreshSchedule.PERIODIC).single()
        assertEquals(6.hours, checkNotNull(info.periodicityInfo).repeatIntervalMillis.milliseconds)
        assertEquals(NetworkType.CONNECTED, info.constraints.requiredNetworkType)
        RefreshSchedule(application, 1.hours).start()
        assertEquals(1.hours, checkNotNull(waiting(RefreshSchedule.PERIODIC).single().periodicityInfo).repeatIntervalMillis.milliseconds)
        assertFailsWith<IllegalArgumentException> { RefreshSchedule(application, 15.minutes - 1.milliseconds) }
    }

    @Test
    fun `the wallet's own pause is kept to the system's limits`() {
        for ((wished, granted) in mapOf(1.seconds to 15.minutes, 15.minutes to 15.minutes, 2.hours to 2.hours)) {
            schedule.next(wished)
            assertEquals(granted, waiting(RefreshSchedule.NEXT).single().initialDelayMillis.milliseconds)
            assertEquals(NetworkType.CONNECTED, waiting(RefreshSchedule.NEXT).single().constraints.requiredNetworkType)
        }
        // The periodic one comes before: what was asked for earlier stays.
        schedule.next(30.days)
        assertEquals(2.hours, waiting(RefreshSchedule.NEXT).single().initialDelayMillis.milliseconds)
        schedule.stop()
        assertEquals(emptyList(), waiting(RefreshSchedule.NEXT))
        assertEquals(emptyList(), waiting(RefreshSchedule.PERIODIC))
    }

    @Test
    fun `a worker refreshes, and asks to come again when the wallet says`() {
        Authority().use { authority ->
            val license =
                runBlocking {
                    home.make(authority).use { wallet ->
                        val registered = authority.register()
                        wallet.enroll(wallet.readOffer(registered.offer), registered.txCode)
                    }
                }
            assertTrue(license.isNotEmpty())
        }
        // The authority is gone: what fails is in the report, with the pause that the wallet has
        // chosen.
        assertEquals(Result.success(), run(worker()))
        assertEquals(listOf(1), application.heard, "also a refresh that reached no one is heard of")
        val next = waiting(RefreshSchedule.NEXT)
        val granted = next.single().initialDelayMillis.milliseconds
        assertTrue(granted in 15.minutes..6.hours, "$granted")
    }

    @Test
    fun `what could not be told has the work tried again, and where there is no wallet nothing is heard`() {
        assertEquals(Result.success(), run(worker()))
        assertEquals(emptyList(), application.heard)
        created()
        application.fault = WalletException.Storage(StorageProblem.FULL)
        assertEquals(Result.retry(), run(worker()))
        application.fault = null
        assertEquals(Result.success(), run(worker()))
        assertEquals(listOf(0, 0), application.heard)
    }

    @Test
    fun `one that had been asked for follows itself, instead of cancelling itself`() {
        created()
        val first = work.enqueueAndFind()
        assertEquals(Result.success(), run(worker(RefreshSchedule.NEXT)))
        val states = work.getWorkInfosForUniqueWork(RefreshSchedule.NEXT).get().associate { it.id to it.state }
        assertEquals(2, states.size)
        assertTrue(states.getValue(first) != WorkInfo.State.CANCELLED, "$states")
    }

    @Test
    fun `without a wallet all is well and none is made, on a locked phone it is tried again, and what is lost is left alone`() {
        assertEquals(Result.success(), run(worker()))
        assertFalse(home.directory.exists(), "a worker makes no wallet")
        created()
        device.lock()
        assertEquals(Result.retry(), run(worker()))
        device.unlock()
        device.invalidated += "vidimus.wrapping"
        assertEquals(Result.failure(), run(worker()))
        device.invalidated -= "vidimus.wrapping"
        // As after the app's data went, while its keys stayed.
        assertTrue(home.directory.toFile().deleteRecursively())
        assertEquals(Result.success(), run(worker()))
        assertFalse(home.directory.exists())
        assertEquals(emptyList(), waiting(RefreshSchedule.NEXT))
    }

    @Test
    fun `when the system stops the work, the request under way stops as well`() {
        ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { silent ->
            runBlocking {
                Authority().use { home.make(it, "http://127.0.0.1:${silent.localPort}").close() }
                val working = async(Dispatchers.Default) { worker().doWork() }
                val request = withContext(Dispatchers.IO) { silent.apply { soTimeout = LONG }.accept() }
                withContext(Dispatchers.IO) {
                    request.soTimeout = LONG
                    assertTrue(request.getInputStream().read() > 0, "nothing was asked")
                    working.cancel()
                    // Until the other side has hung up; one that does not runs into the time limit.
                    request.getInputStream().readAllBytes()
                }
                withTimeout(LONG.milliseconds) { working.join() }
                assertTrue(working.isCancelled)
                // The worker has let go of the wallet.
                Wallet.setAside(home.directory)
            }
        }
    }

    private fun created() = runBlocking { Authority().use { home.make(it).close() } }

    private fun waiting(name: String): List<WorkInfo> = work.getWorkInfosForUniqueWork(name).get().filterNot { it.state.isFinished }

    private fun worker(vararg tags: String): CoroutineWorker = TestListenableWorkerBuilder.from(application as Context, RefreshWorker::class.java).setTags(tags.toList()).build()

    private fun run(worker: CoroutineWorker): Result = runBlocking { worker.doWork() }

    private fun WorkManager.enqueueAndFind() = schedule.next(1.hours).let { waiting(RefreshSchedule.NEXT).single().id }

    private companion object {
        /** In milliseconds: for what takes none, on a busy machine. */
        const val LONG = 20_000
    }
}
