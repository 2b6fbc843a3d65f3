package org.vidimus.android

import android.content.Context
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.After
import org.junit.AfterClass
import org.junit.BeforeClass
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.vidimus.KeyStoreProblem
import org.vidimus.LicenseStatus
import org.vidimus.RefreshScope
import org.vidimus.VaultProblem
import org.vidimus.Verdict
import org.vidimus.Verifier
import org.vidimus.Wallet
import org.vidimus.WalletException
import org.vidimus.android.support.FakeKeystore
import org.vidimus.android.support.make
import org.vidimus.app.Action
import org.vidimus.app.DriverApp
import org.vidimus.app.Screen
import org.vidimus.app.Trouble
import org.vidimus.app.TroubleAction
import org.vidimus.support.Authority
import java.io.File
import kotlin.io.path.exists
import kotlin.io.path.isDirectory
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** A wallet on Android's keys: the real Rust library, the real authority. */
@RunWith(RobolectricTestRunner::class)
class WalletHomeTest {
    private val device = FakeKeystore()
    private val context: Context get() = RuntimeEnvironment.getApplication()
    private val keys = AndroidKeyStore(context)
    private val home = WalletHome(context, keys)

    @After
    fun close() {
        device.close()
    }

    @Test
    fun `a license is enrolled on hardware keys, shown, and accepted by a reader`() =
        runBlocking {
            val (license, _) = enrolled()
            val held = device.kept.keys.filter { it.startsWith("vidimus.holder.") }
            assertTrue(held.isNotEmpty(), "the holder key is elsewhere")
            home.use { wallet ->
                val frame = wallet.present(license).use { it.frames().first() }
                val reader = Verifier(authority.rootKey).apply { setTrustList(checkNotNull(wallet.trustList())) }
                assertIs<Verdict.Accept>(reader.check(frame.text))
            }
            Unit
        }

    @Test
    fun `it lies where no backup looks`() {
        runBlocking { home.make(authority).close() }
        assertTrue(home.directory.startsWith(context.noBackupFilesDir.toPath()))
        assertTrue(home.directory.isDirectory())
        val others = context.filesDir.walk().filter(File::isFile) + context.cacheDir.walk().filter(File::isFile)
        assertEquals(emptyList(), others.toList())
    }

    @Test
    fun `who uses it closes it, also where that fails or is cancelled`(): Unit =
        runBlocking {
            home.make(authority).close()
            val used = mutableListOf<Wallet>()
            home.use { used += it }
            assertFailsWith<IllegalStateException> {
                home.use {
                    used += it
                    error("a fault of the worker")
                }
            }
            val inside = CompletableDeferred<Unit>()
            val worker =
                launch {
                    home.use {
                        used += it
                        inside.complete(Unit)
                        awaitCancellation()
                    }
                }
            inside.await()
            worker.cancelAndJoin()
            assertEquals(3, used.distinct().size)
            for (wallet in used) assertFailsWith<WalletException.Closed> { wallet.licenses() }
        }

    @Test
    fun `the driver's app has it open while workers use it, in this process and in another`() {
        runBlocking {
            val (license, id) = enrolled()
            val app = app()
            assertEquals(license, app.sees<Screen.License>().v1.card.id)
            authority.setStatus(id, LicenseStatus.SUSPENDED)
            // Two homes share nothing but the folder and the keys, as two processes do.
            val workers = listOf(home, WalletHome(context, AndroidKeyStore(context)))
            workers.map { worker -> async(Dispatchers.Default) { worker.use { it.refresh(RefreshScope.NOW) } } }.awaitAll()
            assertEquals(LicenseStatus.SUSPENDED, home.use { it.licenses().single().status.state })
            // It was open all the time, and reads what the workers wrote.
            app.send(Action.Seen(true))
            app.sees<Screen.License> { screen -> screen.v1.troubles.any { it.trouble == Trouble.SUSPENDED } }
            app.end()
        }
    }

    @Test
    fun `without a wallet it says so, and makes none`() =
        runBlocking {
            val none = assertFailsWith<WalletException.Vault> { home.use {} }
            assertEquals(VaultProblem.NOT_FOUND, none.reason)
            assertFalse(home.directory.exists())
            val app = app()
            app.sees<Screen.Welcome>()
            assertEquals(emptyList(), home.use { it.licenses() }, "the app makes it, with the folders that it needs")
            app.end()
        }

    @Test
    fun `a wallet whose file is gone is damaged, and one that went with the app is to be got again`(): Unit =
        runBlocking {
            home.make(authority).close()
            val vault = File(home.directory.toFile(), "vault")
            assertTrue(File(vault, "wallet.sqlite").delete())
            val gone = assertFailsWith<WalletException.Vault> { home.use {} }
            assertEquals(VaultProblem.DAMAGED, gone.reason)
            app().isBlockedBy(Trouble.DAMAGED).end()
            assertTrue(home.directory.toFile().deleteRecursively())
            val before = assertFailsWith<WalletException.Vault> { home.use {} }
            assertEquals(VaultProblem.HAD_BEFORE, before.reason)
            val app = app()
            app.sees<Screen.Welcome> { it.v1.title.key == "welcome.again.title" }
            app.end()
        }

    @Test
    fun `a locked phone and a destroyed key have their names, and the driver begins anew, as often as it takes`() =
        runBlocking {
            home.make(authority).close()
            device.lock()
            val locked = assertFailsWith<WalletException.KeyStore> { home.use {} }
            assertEquals(KeyStoreProblem.LOCKED, locked.reason)
            app().isBlockedBy(Trouble.DEVICE_LOCKED).end()
            device.unlock()
            for (key in listOf("vidimus.wrapping", "vidimus.wrapping.2", "vidimus.wrapping.3")) {
                device.invalidated += key
                val gone = assertFailsWith<WalletException.Vault>(key) { home.use {} }
                assertEquals(VaultProblem.KEY_INVALIDATED, gone.reason, key)
                beginsAnew()
            }
            val keys = (1..4).map { if (it == 1) "vidimus.wrapping" else "vidimus.wrapping.$it" }
            assertEquals(keys.toSet(), device.kept.keys.toSet(), "no wallet loses the key that it was wrapped under")
        }

    @Test
    fun `a damaged number goes aside with its wallet, and alone where the wallet is gone already`() =
        runBlocking {
            val anchor = File(context.noBackupFilesDir, "vidimus-keys/anchor")
            home.make(authority).close()
            anchor.writeText("x")
            beginsAnew()
            assertEquals("x", File("$anchor.damaged-1").readText(), "nothing is deleted")

            // As after a death between the two.
            anchor.writeText("y")
            assertTrue(home.directory.toFile().deleteRecursively())
            beginsAnew()
            assertEquals("y", File("$anchor.damaged-2").readText())
            assertEquals(emptyList(), home.use { it.licenses() })
        }

    /**
     * The driver's app cannot open the wallet, offers a new beginning, and what is made then opens
     * again.
     */
    private suspend fun beginsAnew() {
        val app = app().isBlockedBy(Trouble.KEY_INVALIDATED)
        app.send(Action.Act(TroubleAction.BEGIN_ANEW))
        app.sees<Screen.Welcome>()
        app.end()
        assertEquals(emptyList(), home.use { it.licenses() })
    }

    private fun app(): DriverApp = DriverApp.start(home.directory, authority.rootKey, authority.issuer, home.keys, hasLock = true, network = home.network, bootId = home.bootId)

    private suspend fun DriverApp.isBlockedBy(trouble: Trouble): DriverApp {
        sees<Screen.Blocked> { it.v1.story.trouble == trouble && !it.v1.working }
        return this
    }

    private suspend inline fun <reified S : Screen> DriverApp.sees(crossinline test: (S) -> Boolean = { true }): S = withTimeout(30.seconds) { updates.map { it.screen }.first { it is S && test(it) } } as S

    /** A license in a wallet that is closed, and the name that the authority has for it. */
    private suspend fun enrolled(): Pair<String, String> {
        val registered = authority.register()
        val license = home.make(authority).use { it.enroll(it.readOffer(registered.offer), registered.txCode) }
        return license to registered.id
    }

    companion object {
        private lateinit var authority: Authority

        @BeforeClass
        @JvmStatic
        fun serve() {
            authority = Authority()
        }

        @AfterClass
        @JvmStatic
        fun stop() = authority.close()
    }
}
