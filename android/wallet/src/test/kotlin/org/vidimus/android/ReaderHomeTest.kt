package org.vidimus.android

import android.content.Context
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.After
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.vidimus.TrustedAuthority
import org.vidimus.android.support.FakeKeystore
import org.vidimus.app.Action
import org.vidimus.app.DriverApp
import org.vidimus.app.OfficerAction
import org.vidimus.app.OfficerApp
import org.vidimus.app.OfficerScreen
import org.vidimus.app.Screen
import org.vidimus.support.Authority
import kotlin.io.path.isDirectory
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

/** A reader's book on Android's keys, beside a wallet: the real Rust library and authority. */
@RunWith(RobolectricTestRunner::class)
class ReaderHomeTest {
    private val device = FakeKeystore()
    private val context: Context get() = RuntimeEnvironment.getApplication()
    private val authority = Authority()
    private val reader = ReaderHome(context)
    private val wallet = WalletHome(context)

    @After
    fun close() {
        authority.close()
        device.close()
    }

    @Test
    fun `a book and a wallet on one phone open again, each by its keys`() =
        runBlocking {
            repeat(2) {
                checker().use { book ->
                    book.send(OfficerAction.Seen)
                    book.opens()
                    driver().use { it.opens() }
                }
            }
            val names = device.kept.keys.filter { it.endsWith(".wrapping") }
            assertEquals(setOf("vidimus.wrapping", "vidimus-reader_reader.wrapping"), names.toSet())
        }

    @Test
    fun `a book whose key was destroyed says so, and the wallet beside it opens`() =
        runBlocking {
            driver().use { it.opens() }
            checker().use { it.opens() }
            device.kept.remove("vidimus-reader_reader.wrapping")

            checker().use { assertIs<OfficerScreen.Blocked>(it.settled()) }
            driver().use { it.opens() }
        }

    @Test
    fun `it lies where no backup looks, and not in the wallet's folder`() {
        runBlocking { checker().use { it.opens() } }
        assertTrue(reader.directory.startsWith(context.noBackupFilesDir.toPath()))
        assertTrue(reader.directory.isDirectory())
        assertTrue(!reader.directory.startsWith(wallet.directory) && !wallet.directory.startsWith(reader.directory))
    }

    private fun checker(): OfficerApp =
        OfficerApp.start(
            directory = reader.directory,
            authorities = listOf(TrustedAuthority(authority.rootKey, authority.issuer, emptyList())),
            keys = reader.keys,
            keepsNumbers = true,
            name = "Post 12",
            network = reader.network,
            bootId = reader.bootId,
        )

    private fun driver(): DriverApp = DriverApp.start(wallet.directory, authority.rootKey, authority.issuer, wallet.keys, true, null, wallet.network, wallet.bootId).also { it.send(Action.Seen(true)) }

    private suspend fun OfficerApp.settled(): OfficerScreen = withTimeout(30.seconds) { updates.first { it.screen !is OfficerScreen.Opening } }.screen

    private suspend fun OfficerApp.opens() {
        assertIs<OfficerScreen.Start>(settled())
    }

    private suspend fun DriverApp.opens() {
        assertIs<Screen.Welcome>(withTimeout(30.seconds) { updates.first { it.screen !is Screen.Opening } }.screen)
    }
}
