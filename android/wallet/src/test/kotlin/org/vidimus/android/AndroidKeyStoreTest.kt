package org.vidimus.android

import android.content.Context
import android.content.pm.PackageManager
import android.os.Build
import android.security.keystore.StrongBoxUnavailableException
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.util.ReflectionHelpers
import org.vidimus.DeviceException
import org.vidimus.HolderAlgorithm
import org.vidimus.android.support.FakeKeystore
import java.io.File
import java.security.ProviderException
import java.util.Locale
import kotlin.concurrent.thread
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Where keys are made, what is refused, and what errors mean. */
@RunWith(RobolectricTestRunner::class)
class AndroidKeyStoreTest {
    private val device = FakeKeystore()
    private val context: Context get() = RuntimeEnvironment.getApplication()
    private val dataKey = ByteArray(32) { it.toByte() }

    @After
    fun close() {
        device.close()
        // The tests after this one are in the same framework.
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", RuntimeEnvironment.getApiLevel())
    }

    @Test
    fun `StrongBox is taken where the phone says that it has one`() {
        device.strongBoxFailure = null
        runBlocking { AndroidKeyStore(context, "without").createHolderKey("one") }
        assertEquals(Protection.TRUSTED_ENVIRONMENT, protection("without.holder.one"))

        shadowOf(context.packageManager).setSystemFeature(PackageManager.FEATURE_STRONGBOX_KEYSTORE, true)
        val with = AndroidKeyStore(context, "with")
        runBlocking {
            with.createHolderKey("one")
            with.wrap(dataKey)
        }
        assertEquals(Protection.STRONGBOX, protection("with.holder.one"))
        assertEquals(Protection.STRONGBOX, protection("with.wrapping"))
    }

    @Test
    fun `a StrongBox that has no room, or fails in other words, leads to the trusted environment`() {
        for ((name, failure) in mapOf("full" to { StrongBoxUnavailableException() }, "odd" to { ProviderException("-1") })) {
            device.strongBoxFailure = failure
            val keys = store(name, strongBox = true)
            val wrapped =
                runBlocking {
                    keys.createHolderKey("one")
                    keys.wrap(dataKey)
                }
            assertEquals(Protection.TRUSTED_ENVIRONMENT, keys.holderProtection("one"))
            assertEquals(Protection.TRUSTED_ENVIRONMENT, keys.wrappingProtection())
            assertContentEquals(dataKey, runBlocking { keys.unwrap(wrapped) })
        }
    }

    @Test
    fun `a key that was made in software without a word is no holder key, and does not stay`() {
        device.level = Protection.SOFTWARE
        val keys = store()
        assertNull(keys.holderAlgorithm)
        assertFailsWith<DeviceException.Unavailable> { runBlocking { keys.createHolderKey("one") } }
        assertFailsWith<DeviceException.Unavailable> { runBlocking { keys.wrap(dataKey) } }
        assertTrue(device.kept.isEmpty(), "a key in software stays")
    }

    @Test
    fun `Android 11 and older tell hardware from software, too`() {
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", Build.VERSION_CODES.R)
        assertEquals(HolderAlgorithm.P256, store("hardware").holderAlgorithm)
        device.level = Protection.SOFTWARE
        assertNull(store("software").holderAlgorithm)
    }

    @Test
    fun `a Keystore that is down before Android 12 has failed, and no key is missed or replaced`() {
        for (version in listOf(Build.VERSION_CODES.Q, Build.VERSION_CODES.R)) {
            ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", version)
            val keys = store("on-$version")
            val wrapped = runBlocking { keys.wrap(dataKey) }
            runBlocking { keys.createHolderKey("one") }
            device.isDown = true
            assertFailsWith<DeviceException.Failed> { runBlocking { keys.unwrap(wrapped) } }
            assertFailsWith<DeviceException.Failed> { runBlocking { keys.wrap(dataKey) } }
            assertFailsWith<DeviceException.Failed> { runBlocking { keys.sign("one", dataKey) } }
            assertFailsWith<DeviceException.Failed> { runBlocking { keys.createHolderKey("one") } }
            assertFailsWith<DeviceException.Failed> { runBlocking { keys.deleteHolderKey("one") } }
            assertFailsWith<DeviceException.Failed> { keys.wrappingProtection() }
            device.isDown = false
            assertContentEquals(dataKey, runBlocking { keys.unwrap(wrapped) })
            // It answers: a key that is not there is not there.
            assertFailsWith<DeviceException.NotFound> { runBlocking { keys.sign("two", dataKey) } }
            assertEquals(setOf("on-$version.wrapping", "on-$version.holder.one"), device.kept.keys.toSet())
            device.kept.clear()
        }
    }

    @Test
    fun `a key that the device has destroyed can be deleted`() {
        val keys = store()
        runBlocking { keys.createHolderKey("one") }
        device.invalidated += "test.holder.one"
        assertFailsWith<DeviceException.Invalidated> { runBlocking { keys.sign("one", dataKey) } }
        runBlocking { keys.deleteHolderKey("one") }
        assertTrue(device.kept.isEmpty())
    }

    @Test
    fun `one holder key that cannot be read does not keep the wallet locked`() {
        runBlocking { store().createHolderKey("one") }
        device.invalidated += "test.holder.one"
        assertEquals(HolderAlgorithm.P256, store().holderAlgorithm)
    }

    @Test
    fun `a wrapping key in software needs a policy that allows it, each time`() {
        device.level = Protection.SOFTWARE
        val allowing = store(policy = WrappingPolicy.SOFTWARE_ALLOWED)
        val wrapped = runBlocking { allowing.wrap(dataKey) }
        assertNull(allowing.holderAlgorithm)
        // A vault depends on it: it can be opened, but no new one is made with it.
        assertFailsWith<DeviceException.Unavailable> { runBlocking { store().wrap(dataKey) } }
        assertContentEquals(dataKey, runBlocking { store().unwrap(wrapped) })
    }

    @Test
    fun `the kind of holder keys is asked of the hardware once, and leaves no key behind`() {
        val keys = store()
        assertEquals(HolderAlgorithm.P256, keys.holderAlgorithm)
        assertTrue(device.kept.isEmpty())
        device.level = Protection.SOFTWARE
        assertEquals(HolderAlgorithm.P256, keys.holderAlgorithm)
    }

    @Test
    fun `a hardware that gives no answer is asked again, not done without`() {
        val keys = store()
        device.makingFailure = { ProviderException("busy") }
        assertFailsWith<DeviceException.Failed> { keys.holderAlgorithm }
        device.makingFailure = null
        assertEquals(HolderAlgorithm.P256, keys.holderAlgorithm)
    }

    @Test
    fun `a key that stands says what the hardware makes, without another one`() {
        runBlocking { store().createHolderKey("one") }
        device.makingFailure = { error("makes a key") }
        assertEquals(HolderAlgorithm.P256, store().holderAlgorithm)
    }

    @Test
    fun `a holder key wants an unlocked phone where the system knows one, a wrapping key never, and neither a finger`() {
        // Android 12 to 14 do not know a phone that a weak face has unlocked.
        val wants = mapOf(26 to false, 27 to false, 28 to true, 30 to true, 31 to false, 34 to false, 35 to true)
        for ((version, wanted) in wants) {
            ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", version)
            runBlocking {
                store().wrap(dataKey)
                store().createHolderKey("one")
            }
            val wishes = device.kept.mapValues { it.value.wish }
            assertEquals(setOf("test.wrapping", "test.holder.one"), wishes.keys)
            assertEquals(wanted, wishes.getValue("test.holder.one").isUnlockedDeviceRequired, "$version")
            assertFalse(wishes.getValue("test.wrapping").isUnlockedDeviceRequired, "a worker opens the vault, $version")
            assertTrue(wishes.values.none { it.isUserAuthenticationRequired })
            device.kept.clear()
        }
    }

    @Test
    fun `while the phone is locked a key that wants it unlocked is locked, not dead, and the vault opens`() {
        for (version in listOf(Build.VERSION_CODES.P, Build.VERSION_CODES.R, RuntimeEnvironment.getApiLevel())) {
            ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", version)
            device.kept.clear()
            val keys = store()
            val wrapped = runBlocking { keys.wrap(dataKey) }
            runBlocking { keys.createHolderKey("one") }
            device.isPhoneLocked = true
            assertFailsWith<DeviceException.Locked>("$version") { runBlocking { keys.sign("one", dataKey) } }
            assertContentEquals(dataKey, runBlocking { keys.unwrap(wrapped) })
            device.isPhoneLocked = false
            assertEquals(64, runBlocking { keys.sign("one", dataKey) }.size)
            assertEquals(setOf("test.wrapping", "test.holder.one"), device.kept.keys.toSet(), "no probe stays")
        }
    }

    @Test
    fun `Android 8 and 9 make a key also where the language has digits of its own, and keep the language`() {
        val usual = Locale.getDefault(Locale.Category.FORMAT)
        try {
            for (tag in listOf("ar-EG", "bn-BD", "fa-IR", "en-US", "zh-CN")) {
                val language = Locale.forLanguageTag(tag)
                Locale.setDefault(Locale.Category.FORMAT, language)
                for (version in listOf(26, 27, 28, 29)) {
                    ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", version)
                    assertEquals(65, runBlocking { store().createHolderKey("$version-${tag.lowercase()}") }.size)
                    assertEquals(language, Locale.getDefault(Locale.Category.FORMAT), "$version")
                }
                device.makingFailure = { ProviderException("busy") }
                ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", 28)
                assertFailsWith<DeviceException.Failed> { runBlocking { store().createHolderKey("none") } }
                assertEquals(language, Locale.getDefault(Locale.Category.FORMAT), "after a failure")
                device.makingFailure = null
            }
        } finally {
            Locale.setDefault(Locale.Category.FORMAT, usual)
        }
    }

    @Test
    fun `a language that the driver chooses while a key is made stays`() {
        val usual = Locale.getDefault(Locale.Category.FORMAT)
        try {
            ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", 28)
            Locale.setDefault(Locale.Category.FORMAT, Locale.forLanguageTag("ar-EG"))
            withLatinDates { Locale.setDefault(Locale.Category.FORMAT, Locale.FRANCE) }
            assertEquals(Locale.FRANCE, Locale.getDefault(Locale.Category.FORMAT))
        } finally {
            Locale.setDefault(Locale.Category.FORMAT, usual)
        }
    }

    @Test
    fun `eight threads that want one name get one key`() {
        val made = mutableListOf<Result<ByteArray>>()
        val threads =
            (1..8).map {
                thread {
                    val result = runCatching { runBlocking { store().createHolderKey("one") } }
                    synchronized(made) { made += result }
                }
            }
        threads.forEach(Thread::join)
        assertEquals(8, made.size)
        assertEquals(1, made.count { it.isSuccess })
        assertTrue(made.filter { it.isFailure }.all { it.exceptionOrNull() is DeviceException.Refused })
    }

    @Test
    fun `the first wrapping of eight threads makes one key`() {
        val wrapped = mutableListOf<ByteArray>()
        val threads =
            (1..8).map {
                thread {
                    val one = runBlocking { store().wrap(dataKey) }
                    synchronized(wrapped) { wrapped += one }
                }
            }
        threads.forEach(Thread::join)
        assertEquals(8, wrapped.size)
        for (one in wrapped) assertContentEquals(dataKey, runBlocking { store().unwrap(one) })
    }

    @Test
    fun `a wrapping key that the device has destroyed is followed by another, and both stay`() {
        val keys = store()
        val old = runBlocking { keys.wrap(dataKey) }
        device.invalidated += "test.wrapping"
        val threads = (1..8).map { thread { runBlocking { store().wrap(dataKey) } } }
        threads.forEach(Thread::join)
        val new = runBlocking { keys.wrap(dataKey) }
        assertEquals(setOf("test.wrapping", "test.wrapping.2"), device.kept.keys.toSet())
        assertEquals(Protection.TRUSTED_ENVIRONMENT, keys.wrappingProtection())
        assertContentEquals(dataKey, runBlocking { keys.unwrap(new) })
        assertFailsWith<DeviceException.Invalidated> { runBlocking { keys.unwrap(old) } }
        // What neither has sealed may have been sealed by the one that was destroyed.
        assertFailsWith<DeviceException.Invalidated> { runBlocking { keys.unwrap(ByteArray(old.size)) } }
        device.invalidated.clear()
        for (wrapped in listOf(old, new)) assertContentEquals(dataKey, runBlocking { keys.unwrap(wrapped) })
        assertFailsWith<DeviceException.Refused> { runBlocking { keys.unwrap(ByteArray(old.size)) } }
    }

    @Test
    fun `a wrapping key that cannot be used now is no reason for another`() {
        val keys = store()
        val wrapped = runBlocking { keys.wrap(dataKey) }
        device.lock()
        assertFailsWith<DeviceException.Locked> { runBlocking { keys.wrap(dataKey) } }
        device.useFailure = { ProviderException("busy") }
        assertFailsWith<DeviceException.Failed> { runBlocking { keys.wrap(dataKey) } }
        device.unlock()
        assertEquals(setOf("test.wrapping"), device.kept.keys.toSet())
        // Of two, the one that is locked may be the right one.
        device.invalidated += "test.wrapping"
        runBlocking { keys.wrap(dataKey) }
        device.lock()
        assertFailsWith<DeviceException.Locked> { runBlocking { keys.unwrap(wrapped) } }
    }

    @Test
    fun `a wrapping key that fails at once does not stay`() {
        device.useFailure = { ProviderException("broken") }
        assertFailsWith<DeviceException.Failed> { runBlocking { store().wrap(dataKey) } }
        assertTrue(device.kept.isEmpty(), "nothing was wrapped under it")
    }

    @Test
    fun `before Android 12 a Keystore that is down makes no key after one that is destroyed`() {
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", Build.VERSION_CODES.R)
        runBlocking { store().wrap(dataKey) }
        device.invalidated += "test.wrapping"
        val wrapped = runBlocking { store().wrap(dataKey) }
        device.isDown = true
        assertFailsWith<DeviceException.Failed> { runBlocking { store().wrap(dataKey) } }
        device.isDown = false
        assertContentEquals(dataKey, runBlocking { store().unwrap(wrapped) })
        assertEquals(setOf("test.wrapping", "test.wrapping.2"), device.kept.keys.toSet())
    }

    @Test
    fun `a damaged number has a name, and goes aside with its wallet`() {
        val keys = store()
        runBlocking {
            keys.raiseAnchor(3)
            keys.setDamagedAnchorAside()
            assertEquals(3, keys.readAnchor(), "a good one stays")
            File(context.noBackupFilesDir, "test-keys/anchor").writeText("x")
            assertFailsWith<DeviceException.Invalidated> { keys.readAnchor() }
            assertFailsWith<DeviceException.Invalidated> { keys.raiseAnchor(4) }
            keys.setDamagedAnchorAside()
            assertNull(keys.readAnchor())
            keys.raiseAnchor(4)
            assertEquals(4, store().readAnchor())
            assertFailsWith<DeviceException.Refused> { keys.raiseAnchor(-1) }
        }
    }

    @Test
    fun `a named store has other aliases, another folder and another number`() {
        val keys = store()
        val book = keys.named("reader")
        runBlocking {
            keys.wrap(dataKey)
            book.wrap(dataKey)
            book.createHolderKey("one")
            book.raiseAnchor(7)
            assertNull(keys.readAnchor())
            assertEquals(7, store().named("reader").readAnchor())
            assertFailsWith<DeviceException.NotFound> { keys.sign("one", dataKey) }
        }
        assertEquals(setOf("test.wrapping", "test_reader.wrapping", "test_reader.holder.one"), device.kept.keys.toSet())
        assertTrue(File(context.noBackupFilesDir, "test_reader-keys/anchor").exists())
        for (name in listOf("", "..", "a_b", "A", "a".repeat(65))) {
            assertFailsWith<DeviceException.Refused> { keys.named(name) }
        }
    }

    @Test
    fun `a name that would leave the folder is none`() {
        for (name in listOf("", "..", "a/b", "A", "a".repeat(65))) {
            assertFailsWith<IllegalArgumentException> { AndroidKeyStore(context, name) }
        }
    }

    private fun protection(alias: String) = device.kept.getValue(alias).protection

    private fun store(
        name: String = "test",
        strongBox: Boolean = false,
        policy: WrappingPolicy = WrappingPolicy.HARDWARE_ONLY,
    ) = AndroidKeyStore(context, name, policy, SystemKeystore({ device.isPhoneLocked }) { strongBox })
}
