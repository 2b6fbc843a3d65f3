package org.vidimus.android

import android.content.Context
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
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
import org.vidimus.WalletException
import org.vidimus.android.support.Authority
import org.vidimus.android.support.FakeKeystore
import java.io.File
import kotlin.io.path.isDirectory
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertSame
import kotlin.test.assertTrue

/** A wallet on Android's keys: the real Rust library, the real authority. */
@RunWith(RobolectricTestRunner::class)
class WalletHomeTest {
    private val device = FakeKeystore()
    private val context: Context get() = RuntimeEnvironment.getApplication()
    private val keys = AndroidKeyStore(context)
    private val home = WalletHome(context, keys)

    @After
    fun close() {
        runBlocking { home.close() }
        device.close()
    }

    @Test
    fun `a license is enrolled on hardware keys, shown, and accepted by a reader`() {
        val license = enrolled()
        val wallet = runBlocking { home.open() }
        val held = device.kept.keys.filter { it.startsWith("vidimus.holder.") }
        assertTrue(held.isNotEmpty(), "the holder key is elsewhere")
        val frame = runBlocking { wallet.present(license).use { it.frames().first() } }
        val reader = Verifier(authority.rootKey).apply { setTrustList(checkNotNull(runBlocking { wallet.trustList() })) }
        assertIs<Verdict.Accept>(reader.check(frame.text))
    }

    @Test
    fun `it lies where no backup looks`() {
        runBlocking { home.create(authority.rootKey, authority.issuer) }
        assertTrue(home.directory.startsWith(context.noBackupFilesDir.toPath()))
        assertTrue(home.directory.isDirectory())
        val others = context.filesDir.walk().filter(File::isFile) + context.cacheDir.walk().filter(File::isFile)
        assertEquals(emptyList(), others.toList())
    }

    @Test
    fun `in one process it is opened once, for the app and for whoever borrows it`() =
        runBlocking {
            home.create(authority.rootKey, authority.issuer)
            home.close()
            val opened = (1..4).map { async { home.open() } }.awaitAll()
            assertEquals(1, opened.distinct().size)
            home.use { assertSame(opened.first(), it) }
            opened.first().licenses()
            Unit
        }

    @Test
    fun `who borrows it keeps it open after the app has closed it, and the last one closes it`() =
        runBlocking {
            val wallet = home.create(authority.rootKey, authority.issuer)
            val goOn = CompletableDeferred<Unit>()
            val borrowed = CompletableDeferred<Unit>()
            val worker =
                async {
                    home.use {
                        borrowed.complete(Unit)
                        goOn.await()
                        it.licenses().size
                    }
                }
            borrowed.await()
            home.close()
            goOn.complete(Unit)
            assertEquals(0, worker.await())
            assertFailsWith<WalletException.Closed> { wallet.licenses() }
            assertNotEquals(wallet, home.use { it })
        }

    @Test
    fun `who cannot wait lets go of it, and neither a worker nor who opens it next meets a closed one`() =
        runBlocking {
            val wallet = home.create(authority.rootKey, authority.issuer)
            home.use {
                home.release()
                assertEquals(emptyList(), it.licenses())
            }
            assertFailsWith<WalletException.Closed> { wallet.licenses() }
            // Each release comes before the opening after it, however busy the home is.
            val others = List(4) { async(Dispatchers.Default) { repeat(20) { home.use { it.licenses() } } } }
            repeat(20) {
                val opened = home.open()
                assertEquals(emptyList(), opened.licenses())
                home.release()
            }
            assertEquals(emptyList(), home.open().licenses())
            others.awaitAll()
            Unit
        }

    @Test
    fun `one that somebody has closed on its own is opened anew, for the app and for a worker`() =
        runBlocking {
            home.create(authority.rootKey, authority.issuer).close()
            assertEquals(emptyList(), home.open().licenses())
            home.open().close()
            assertEquals(emptyList(), home.use { it.licenses() })
        }

    @Test
    fun `another process may have it open at the same time`() {
        val license = enrolled()
        // Two homes share nothing but the folder and the keys, as two processes do.
        val worker = WalletHome(context, AndroidKeyStore(context))
        runBlocking {
            authority.suspend(registeredIds.getValue(license))
            worker.use { it.refresh(RefreshScope.NOW) }
            assertEquals(LicenseStatus.SUSPENDED, home.open().licenses().single().status.state)
        }
    }

    @Test
    fun `without a wallet it says so, and a second one is not made over the first`() =
        runBlocking {
            val none = assertFailsWith<WalletException.Vault> { home.open() }
            assertEquals(VaultProblem.NOT_FOUND, none.reason)
            home.create(authority.rootKey, authority.issuer)
            val taken = assertFailsWith<WalletException.Vault> { home.create(authority.rootKey, authority.issuer) }
            assertEquals(VaultProblem.ALREADY_EXISTS, taken.reason)
        }

    @Test
    fun `a wallet whose file is gone is damaged, and one that went with the app is to be got again`(): Unit =
        runBlocking {
            home.create(authority.rootKey, authority.issuer)
            home.close()
            val vault = File(home.directory.toFile(), "vault")
            assertTrue(File(vault, "wallet.sqlite").delete())
            val gone = assertFailsWith<WalletException.Vault> { home.open() }
            assertEquals(VaultProblem.DAMAGED, gone.reason)
            val refused = assertFailsWith<WalletException.Vault> { home.create(authority.rootKey, authority.issuer) }
            assertEquals(VaultProblem.DAMAGED, refused.reason)
            assertTrue(home.directory.toFile().deleteRecursively())
            val before = assertFailsWith<WalletException.Vault> { home.open() }
            assertEquals(VaultProblem.HAD_BEFORE, before.reason)
            val wallet = home.create(authority.rootKey, authority.issuer)
            assertTrue(wallet.status.value.missesLicense)
        }

    @Test
    fun `a locked phone and a destroyed key have their names, and a wallet can be set aside for a new one`() =
        runBlocking {
            home.create(authority.rootKey, authority.issuer)
            home.close()
            device.lock()
            val locked = assertFailsWith<WalletException.KeyStore> { home.open() }
            assertEquals(KeyStoreProblem.LOCKED, locked.reason)
            device.unlock()
            device.invalidated += "vidimus.wrapping"
            val gone = assertFailsWith<WalletException.Vault> { home.open() }
            assertEquals(VaultProblem.KEY_INVALIDATED, gone.reason)
            File(context.noBackupFilesDir, "vidimus-keys/anchor").writeText("x")
            val aside = home.setAside()
            assertTrue(aside.isDirectory())
            assertEquals(emptyList(), home.create(authority.rootKey, authority.issuer).licenses())
            home.close()
            assertEquals(emptyList(), home.open().licenses(), "it does not open again")
            assertEquals(setOf("vidimus.wrapping", "vidimus.wrapping.2"), device.kept.keys.toSet())
        }

    @Test
    fun `who has begun anew can begin anew once more`() =
        runBlocking {
            for (key in listOf("vidimus.wrapping", "vidimus.wrapping.2", "vidimus.wrapping.3")) {
                home.create(authority.rootKey, authority.issuer)
                home.close()
                device.invalidated += key
                val gone = assertFailsWith<WalletException.Vault>(key) { home.open() }
                assertEquals(VaultProblem.KEY_INVALIDATED, gone.reason, key)
                home.setAside()
            }
        }

    @Test
    fun `a damaged number without a wallet is in nobody's way`() =
        runBlocking {
            keys.raiseAnchor(3)
            File(context.noBackupFilesDir, "vidimus-keys/anchor").writeText("x")
            val damaged = assertFailsWith<WalletException.KeyStore> { home.create(authority.rootKey, authority.issuer) }
            assertEquals(KeyStoreProblem.FAILED, damaged.reason)
            // As after a death between the wallet and its number.
            home.directory.toFile().deleteRecursively()
            val none = assertFailsWith<WalletException.Vault> { home.setAside() }
            assertEquals(VaultProblem.NOT_FOUND, none.reason)
            assertEquals(emptyList(), home.create(authority.rootKey, authority.issuer).licenses())
        }

    private fun enrolled(): String =
        runBlocking {
            val registered = authority.register()
            val wallet = home.create(authority.rootKey, authority.issuer)
            val license = wallet.enroll(wallet.readOffer(registered.offer), registered.txCode)
            registeredIds[license] = registered.id
            license
        }

    companion object {
        private lateinit var authority: Authority
        private val registeredIds = HashMap<String, String>()

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
