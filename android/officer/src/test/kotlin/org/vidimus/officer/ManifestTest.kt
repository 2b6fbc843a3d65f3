package org.vidimus.officer

import android.content.Context
import android.content.pm.ApplicationInfo
import android.content.pm.PackageManager
import android.content.res.Configuration
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.vidimus.reader.texts
import org.vidimus.shell.Language
import org.vidimus.shell.Texts
import org.vidimus.shell.Word
import java.util.Locale
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** The merged manifest and the resources, as the phone reads them. */
@RunWith(RobolectricTestRunner::class)
internal class ManifestTest {
    private val context: Context get() = RuntimeEnvironment.getApplication()
    private val packages: PackageManager get() = context.packageManager

    @Test
    fun `there is one window and nothing that works out of sight`() {
        val everything =
            PackageManager.GET_ACTIVITIES or PackageManager.GET_SERVICES or
                PackageManager.GET_RECEIVERS or PackageManager.GET_PROVIDERS
        val parts = packages.getPackageInfo(context.packageName, everything)
        val window = parts.activities.orEmpty().single()
        assertEquals(OfficerActivity::class.java.name, window.name)
        assertTrue(window.exported)
        assertTrue(window.taskAffinity.isNullOrEmpty(), "${window.taskAffinity}")
        assertEquals(emptyList(), parts.services.orEmpty().map { it.name })
        assertEquals(emptyList(), parts.receivers.orEmpty().map { it.name })
        val provider = parts.providers.orEmpty().single()
        assertFalse(provider.exported)
        assertEquals("org.vidimus.officer.androidx-startup", provider.authority)
    }

    @Test
    fun `it asks for the network, the camera and a window without overlays, and for nothing of a wallet's`() {
        val asked = packages.getPackageInfo(context.packageName, PackageManager.GET_PERMISSIONS).requestedPermissions
        assertEquals(
            setOf(
                "android.permission.INTERNET",
                "android.permission.CAMERA",
                "android.permission.HIDE_OVERLAY_WINDOWS",
                "org.vidimus.officer.DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION",
            ),
            asked.orEmpty().toSet(),
        )
    }

    @Test
    fun `nothing is backed up, and nothing travels in clear`() {
        val flags = packages.getApplicationInfo(context.packageName, 0).flags
        assertEquals(0, flags and ApplicationInfo.FLAG_ALLOW_BACKUP)
        assertEquals(0, flags and ApplicationInfo.FLAG_USES_CLEARTEXT_TRAFFIC)
    }

    @Test
    fun `the launcher calls the app what its first page says, in each language`() {
        for (language in Language.entries) {
            val configuration = Configuration(context.resources.configuration)
            configuration.setLocale(Locale.forLanguageTag(language.tag))
            val localized = context.createConfigurationContext(configuration)
            assertEquals(Texts(language)[Word.OFFICER_TITLE], localized.getString(R.string.app_name), language.tag)
            assertEquals(language, localized.texts().language)
        }
    }

    @Test
    fun `an authority is compiled in, a name to ask under, and an icon`() {
        val setup = (context as OfficerApplication).readerSetup
        val authority = setup.authorities.single()
        assertEquals("http://127.0.0.1:8080", authority.address)
        assertEquals(40, authority.rootKey.size)
        assertTrue(setup.keepsNumbers)
        assertTrue(setup.name.encodeToByteArray().size in 1..64)
        assertEquals(R.mipmap.ic_launcher, context.applicationInfo.icon)
    }
}
