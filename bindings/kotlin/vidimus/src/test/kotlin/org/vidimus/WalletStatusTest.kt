package org.vidimus

import app.cash.turbine.test
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Test
import org.vidimus.support.Authority
import org.vidimus.support.JdkTransport
import org.vidimus.support.Phone
import java.nio.file.Path
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.copyToRecursively
import kotlin.io.path.createTempDirectory
import kotlin.io.path.deleteRecursively
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Clock
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

class WalletStatusTest {
    @Test
    fun `the status follows enrolling, refreshing and removing`(): Unit =
        runBlocking {
            Phone(authority).use { phone ->
                phone.create().use { wallet ->
                    wallet.status.test(timeout = 20.seconds) {
                        val empty = awaitItem()
                        assertTrue(empty.licenses.isEmpty() && empty.health.damaged.isEmpty())
                        assertFalse(empty.health.rolledBack)
                        assertNull(empty.lastRefresh)

                        val registered = authority.register()
                        val id = wallet.enroll(wallet.readOffer(registered.offer), registered.txCode)
                        val enrolled = awaitItem()
                        assertEquals(id, enrolled.licenses.single().id)
                        assertEquals(LicenseStatus.VALID, enrolled.licenses.single().status.state)

                        authority.setStatus(registered.id, LicenseStatus.SUSPENDED)
                        val report = wallet.refresh(RefreshScope.NOW)
                        val refreshed = awaitItem()
                        assertEquals(LicenseStatus.SUSPENDED, refreshed.licenses.single().status.state)
                        val last = checkNotNull(refreshed.lastRefresh)
                        assertEquals(report, last.report)
                        assertTrue((Clock.System.now() - last.at).absoluteValue < 1.minutes)

                        wallet.remove(id)
                        val removed = awaitItem()
                        assertTrue(removed.licenses.isEmpty())
                        assertEquals(last, removed.lastRefresh)
                    }
                }
            }
        }

    @OptIn(ExperimentalPathApi::class)
    @Test
    fun `an older copy that was put in place shows, until a refresh`(): Unit =
        runBlocking {
            val backup = createTempDirectory("vidimus-backup").resolve("wallet")
            Phone(authority).use { phone ->
                val registered = authority.register()
                val (wallet, _) = phone.enrolled(registered)
                wallet.close()
                phone.directory.copy(backup)
                authority.setStatus(registered.id, LicenseStatus.SUSPENDED)
                phone.open().use { it.refresh(RefreshScope.NOW) }
                phone.directory.deleteRecursively()
                backup.copy(phone.directory)
                phone.open().use { restored ->
                    val status = restored.status.value
                    assertTrue(status.health.rolledBack)
                    assertEquals(LicenseStatus.UNKNOWN, status.licenses.single().status.state)
                    restored.refresh(RefreshScope.NOW)
                    assertFalse(restored.status.value.health.rolledBack)
                    assertEquals(LicenseStatus.SUSPENDED, restored.status.value.licenses.single().status.state)
                }
            }
            backup.parent.deleteRecursively()
        }

    @Test
    fun `a refresh without a network says so, and its status keeps its age`(): Unit =
        runBlocking {
            val transport = JdkTransport()
            Phone(authority).use { phone ->
                val (first, _) = phone.enrolled()
                val before = first.status.value.licenses.single().status.asOf
                first.close()
                phone.open(network = transport).use { wallet ->
                    transport.before = { throw DeviceException.Unreachable() }
                    val failure = wallet.refresh(RefreshScope.NOW).failures.first()
                    assertEquals(NetworkProblem.UNREACHABLE, (failure.error as WalletException.Network).reason)
                    assertEquals(before, wallet.status.value.licenses.single().status.asOf)
                    assertNotNull(wallet.status.value.lastRefresh)
                }
            }
        }

    @Test
    fun `an answer that cannot cross is a broken one`(): Unit =
        runBlocking {
            val transport = JdkTransport()
            Phone(authority).use { phone ->
                phone.enrolled().first.close()
                phone.open(network = transport).use { wallet ->
                    transport.after = { _, answer -> answer.copy(headers = listOf(HttpHeader("etag", "\ud800"))) }
                    val report = withTimeout(10.seconds) { wallet.refresh(RefreshScope.NOW) }
                    val error = report.failures.first().error
                    assertEquals(NetworkProblem.BROKEN, (error as WalletException.Network).reason)
                }
            }
        }

    @Test
    fun `an app in the foreground keeps its wallet fresh until it is left or closed`(): Unit =
        runBlocking {
            Phone(authority).use { phone ->
                val (wallet, _) = phone.enrolled()
                val left = launch { wallet.keepFresh() }
                withTimeout(10.seconds) { while (wallet.status.value.lastRefresh == null) delay(10) }
                left.cancel()
                left.join()
                assertTrue(left.isCancelled)
                val closed = launch { wallet.keepFresh() }
                delay(100)
                wallet.close()
                closed.cancel()
                wallet.keepFresh()
            }
        }

    @Test
    fun `a wallet is made once, opened where it is, and set aside without losing anything`(): Unit =
        runBlocking {
            Phone(authority).use { phone ->
                val missing = assertFailsWith<WalletException.Vault> { phone.open() }
                assertEquals(VaultProblem.NOT_FOUND, missing.reason)
                phone.create().close()
                val there = assertFailsWith<WalletException.Vault> { phone.create() }
                assertEquals(VaultProblem.ALREADY_EXISTS, there.reason)
                val aside = Wallet.setAside(phone.directory)
                assertTrue(aside.toFile().exists())
                phone.create().close()
            }
        }

    @OptIn(ExperimentalPathApi::class)
    private fun Path.copy(to: Path) {
        copyToRecursively(to, followLinks = false, overwrite = true)
    }

    private companion object {
        val authority = Authority()

        @JvmStatic
        @AfterAll
        fun close() = authority.close()
    }
}
