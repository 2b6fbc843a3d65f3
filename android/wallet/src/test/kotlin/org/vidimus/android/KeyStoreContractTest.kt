package org.vidimus.android

import android.content.Context
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.vidimus.KeyStore
import org.vidimus.WalletException
import org.vidimus.android.support.FakeKeystore
import org.vidimus.checkKeyStoreContract
import org.vidimus.lend
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith

/** The suite that every key store passes in Rust, on the Android Keystore's. */
@RunWith(RobolectricTestRunner::class)
class KeyStoreContractTest {
    private val device = FakeKeystore()
    private val context: Context get() = RuntimeEnvironment.getApplication()

    @After
    fun close() = device.close()

    @Test
    fun `with a trusted environment it keeps every promise`() {
        check(store("device"), store("stranger"))
        assertEquals(Protection.TRUSTED_ENVIRONMENT, store("device").wrappingProtection())
    }

    @Test
    fun `with StrongBox it keeps every promise`() {
        device.strongBoxFailure = null
        check(store("device", strongBox = true), store("stranger", strongBox = true))
        assertEquals(Protection.STRONGBOX, store("device").wrappingProtection())
        assertEquals(Protection.STRONGBOX, store("device").holderProtection("holder-2"))
    }

    @Test
    fun `in software, where that is allowed, it keeps every promise without holder keys`() {
        device.level = Protection.SOFTWARE
        check(store("device", WrappingPolicy.SOFTWARE_ALLOWED), store("stranger", WrappingPolicy.SOFTWARE_ALLOWED))
        assertEquals(Protection.SOFTWARE, store("device").wrappingProtection())
    }

    @Test
    fun `the suite finds a fault`() {
        val broken =
            object : KeyStore by store("device") {
                override suspend fun deleteHolderKey(name: String) = Unit
            }
        assertFailsWith<WalletException.Internal> { check(broken, store("stranger")) }
    }

    private fun store(
        name: String,
        policy: WrappingPolicy = WrappingPolicy.HARDWARE_ONLY,
        strongBox: Boolean = false,
    ) = AndroidKeyStore(context, name, policy, SystemKeystore { strongBox })

    private fun check(
        one: KeyStore,
        other: KeyStore,
    ): Unit = runBlocking { one.lend { device -> other.lend { stranger -> checkKeyStoreContract(device, stranger) } } }
}
