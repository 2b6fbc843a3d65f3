package org.vidimus.android

import android.os.Build
import android.security.KeyStoreException
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.StrongBoxUnavailableException
import android.security.keystore.UserNotAuthenticatedException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.util.ReflectionHelpers
import org.vidimus.DeviceException
import org.vidimus.android.support.FakeKeystore
import java.security.NoSuchAlgorithmException
import java.security.ProviderException
import javax.crypto.AEADBadTagException
import javax.crypto.IllegalBlockSizeException
import kotlin.reflect.KClass
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs

/** What the Android Keystore throws, and what the wallet is told. */
@RunWith(RobolectricTestRunner::class)
class KeystoreErrorsTest {
    private val device = FakeKeystore()
    private val keys = AndroidKeyStore(RuntimeEnvironment.getApplication(), "test", WrappingPolicy.HARDWARE_ONLY, SystemKeystore { false })
    private val dataKey = ByteArray(32) { it.toByte() }

    @After
    fun close() {
        device.close()
        // The tests after this one are in the same framework.
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", RuntimeEnvironment.getApiLevel())
    }

    @Test
    fun `a locked device is locked, until it is not`() {
        val wrapped = prepared()
        device.lock()
        assertFailsWith<DeviceException.Locked> { runBlocking { keys.unwrap(wrapped) } }
        assertFailsWith<DeviceException.Locked> { runBlocking { keys.wrap(dataKey) } }
        assertFailsWith<DeviceException.Locked> { runBlocking { keys.sign("one", byteArrayOf()) } }
        device.unlock()
        assertContentEquals(dataKey, runBlocking { keys.unwrap(wrapped) })
        assertEquals(64, runBlocking { keys.sign("one", byteArrayOf()) }.size)
    }

    @Test
    fun `a key that the device has destroyed is invalidated, not absent`() {
        val wrapped = prepared()
        device.invalidated += listOf("test.wrapping", "test.holder.one")
        assertFailsWith<DeviceException.Invalidated> { runBlocking { keys.unwrap(wrapped) } }
        assertFailsWith<DeviceException.Invalidated> { runBlocking { keys.sign("one", byteArrayOf()) } }
        // It can be taken away, which is how a license with it is removed.
        runBlocking { keys.deleteHolderKey("one") }
        device.invalidated.clear()
        assertFailsWith<DeviceException.NotFound> { runBlocking { keys.sign("one", byteArrayOf()) } }
    }

    @Test
    fun `a key that the device can read no more is dead where a new one works`() {
        val wrapped = prepared()
        device.unreadable += listOf("test.wrapping", "test.holder.one")
        assertFailsWith<DeviceException.Invalidated> { runBlocking { keys.unwrap(wrapped) } }
        assertFailsWith<DeviceException.Invalidated> { runBlocking { keys.sign("one", byteArrayOf()) } }
        val new = runBlocking { keys.wrap(dataKey) }
        assertContentEquals(dataKey, runBlocking { keys.unwrap(new) })
        val kept = setOf("test.wrapping", "test.wrapping.2", "test.holder.one")
        assertEquals(kept, device.kept.keys.toSet(), "a probe stays, or a key that is not one is gone")
    }

    @Test
    fun `where a new key does not work either, the Keystore has failed or the device is locked`() {
        val wrapped = prepared()
        device.unreadable += listOf("test.wrapping", "test.holder.one")
        device.makingFailure = { ProviderException("busy") }
        assertFailsWith<DeviceException.Failed> { runBlocking { keys.unwrap(wrapped) } }
        assertFailsWith<DeviceException.Failed> { runBlocking { keys.wrap(dataKey) } }
        assertFailsWith<DeviceException.Failed> { runBlocking { keys.sign("one", byteArrayOf()) } }
        device.makingFailure = null
        device.lock()
        assertFailsWith<DeviceException.Locked> { runBlocking { keys.unwrap(wrapped) } }
        assertFailsWith<DeviceException.Locked> { runBlocking { keys.wrap(dataKey) } }
        assertFailsWith<DeviceException.Locked> { runBlocking { keys.sign("one", byteArrayOf()) } }
        assertEquals(setOf("test.wrapping", "test.holder.one"), device.kept.keys.toSet())
    }

    @Test
    fun `a failure that passes is never taken for a dead key`() {
        val wrapped = prepared()
        val calls: List<suspend () -> Any> =
            listOf({ keys.unwrap(wrapped) }, { keys.wrap(dataKey) }, { keys.sign("one", dataKey) })
        for (call in calls) {
            device.useFailure = {
                device.useFailure = null
                ProviderException("once")
            }
            assertFailsWith<DeviceException.Failed> { runBlocking { call() } }
            runBlocking { call() }
        }
        assertEquals(setOf("test.wrapping", "test.holder.one"), device.kept.keys.toSet())
    }

    @Test
    fun `a key in StrongBox is held against a new one in StrongBox`() {
        device.strongBoxFailure = null
        val context = RuntimeEnvironment.getApplication()
        val keys = AndroidKeyStore(context, "test", WrappingPolicy.HARDWARE_ONLY, SystemKeystore { true })
        val wrapped = runBlocking { keys.wrap(dataKey) }
        device.unreadable += "test.wrapping"
        // Before Android 12 no one says where it is.
        for (version in listOf(Build.VERSION_CODES.R, RuntimeEnvironment.getApiLevel())) {
            ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", version)
            device.strongBoxFailure = { StrongBoxUnavailableException() }
            assertFailsWith<DeviceException.Failed>("$version") { runBlocking { keys.unwrap(wrapped) } }
            device.strongBoxFailure = null
            assertFailsWith<DeviceException.Invalidated>("$version") { runBlocking { keys.unwrap(wrapped) } }
        }
        assertEquals(setOf("test.wrapping"), device.kept.keys.toSet())
    }

    @Test
    fun `each exception of the system has its meaning, however deep it lies`() {
        val meanings: Map<Exception, KClass<out DeviceException>> =
            mapOf(
                UserNotAuthenticatedException() to DeviceException.Locked::class,
                KeyPermanentlyInvalidatedException() to DeviceException.Invalidated::class,
                AEADBadTagException() to DeviceException.Refused::class,
                NoSuchAlgorithmException() to DeviceException.Unavailable::class,
                KeyStoreException(NOT_AUTHENTICATED, "secret") to DeviceException.Locked::class,
                KeyStoreException(UNINITIALIZED, "secret") to DeviceException.Locked::class,
                KeyStoreException(CORRUPTED, "secret") to DeviceException.Invalidated::class,
                KeyStoreException(NOT_FOUND, "secret") to DeviceException.NotFound::class,
                KeyStoreException(SYSTEM_ERROR, "secret") to DeviceException.Failed::class,
                ProviderException("secret") to DeviceException.Failed::class,
            )
        for ((thrown, meant) in meanings) {
            assertEquals(meant, asDeviceException(thrown)::class, "$thrown")
            val wrapped = IllegalBlockSizeException("secret").apply { initCause(ProviderException(thrown)) }
            assertEquals(meant, asDeviceException(wrapped)::class, "$thrown, wrapped")
        }
    }

    @Test
    fun `before Android 13 the system's numbers are not looked at`() {
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", Build.VERSION_CODES.S)
        assertIs<DeviceException.Failed>(asDeviceException(KeyStoreException(NOT_FOUND, "secret")))
    }

    @Test
    fun `a chain of causes that leads back to itself ends`() {
        val one = ProviderException("one")
        one.initCause(ProviderException("two", one))
        assertIs<DeviceException.Failed>(asDeviceException(one))
    }

    @Test
    fun `a cancellation is no failure of the keys, and what is thrown says nothing of its own`() {
        assertFailsWith<CancellationException> { answering { throw CancellationException() } }
        val failure = assertFailsWith<DeviceException.Failed> { answering { error("Zoe's license") } }
        assertEquals("" to null, failure.message to failure.cause)
    }

    private fun prepared(): ByteArray =
        runBlocking {
            keys.createHolderKey("one")
            keys.wrap(dataKey)
        }

    /** The system's own numbers, which it gives to apps as other ones. */
    private companion object {
        const val NOT_AUTHENTICATED = -26
        const val UNINITIALIZED = 3
        const val SYSTEM_ERROR = 4
        const val NOT_FOUND = 7
        const val CORRUPTED = 8
    }
}
