package org.vidimus.android

import android.content.Context
import android.provider.Settings
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import kotlin.test.assertContentEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull

@RunWith(RobolectricTestRunner::class)
class BootCountTest {
    private val context: Context get() = RuntimeEnvironment.getApplication()

    @Test
    fun `each start of the phone has a name of its own, and without a count there is none`() {
        assertNull(bootId(context))
        val resolver = context.contentResolver
        Settings.Global.putInt(resolver, Settings.Global.BOOT_COUNT, 258)
        val one = assertNotNull(bootId(context))
        assertContentEquals(ByteArray(14) + byteArrayOf(1, 2), one)
        Settings.Global.putInt(resolver, Settings.Global.BOOT_COUNT, 259)
        assertContentEquals(ByteArray(14) + byteArrayOf(1, 3), bootId(context))
    }
}
