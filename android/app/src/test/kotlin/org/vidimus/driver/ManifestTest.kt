package org.vidimus.driver

import android.content.Context
import android.content.Intent
import android.content.pm.ApplicationInfo
import android.content.pm.PackageManager
import android.content.res.Configuration
import android.net.Uri
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
import kotlin.test.assertTrue

/** The merged manifest and the resources, as the phone reads them. */
@RunWith(RobolectricTestRunner::class)
internal class ManifestTest {
    private val context: Context get() = RuntimeEnvironment.getApplication()
    private val packages: PackageManager get() = context.packageManager

    @Test
    fun `others can start one activity, and nothing else without the system's permission`() {
        val everything =
            PackageManager.GET_ACTIVITIES or PackageManager.GET_SERVICES or
                PackageManager.GET_RECEIVERS or PackageManager.GET_PROVIDERS
        val parts = packages.getPackageInfo(context.packageName, everything)
        assertEquals(
            listOf(MainActivity::class.java.name),
            parts.activities
                .orEmpty()
                .filter { it.exported }
                .map { it.name },
        )
        assertEquals(emptyList(), parts.providers.orEmpty().filter { it.exported }.map { it.name })
        assertEquals(emptyList(), parts.receivers.orEmpty().filter { it.exported }.map { it.name })
        val services = parts.services.orEmpty().filter { it.exported }
        assertTrue(services.isNotEmpty(), "WorkManager's service is exported to the system")
        for (service in services) assertEquals("android.permission.BIND_JOB_SERVICE", service.permission, service.name)
    }

    @Test
    fun `no other app's task takes an activity in, and nothing is drawn over it`() {
        val all = packages.getPackageInfo(context.packageName, PackageManager.GET_ACTIVITIES or PackageManager.GET_PERMISSIONS)
        for (window in listOf(MainActivity::class.java.name, CheckActivity::class.java.name)) {
            val activity = all.activities.orEmpty().single { it.name == window }
            assertTrue(activity.taskAffinity.isNullOrEmpty(), "${activity.taskAffinity}")
        }
        assertTrue("android.permission.HIDE_OVERLAY_WINDOWS" in all.requestedPermissions.orEmpty())
    }

    @Test
    fun `links of an offer and of the authority's host lead to the app, other addresses do not`() {
        fun taken(link: String): List<String> {
            val intent = Intent(Intent.ACTION_VIEW, Uri.parse(link)).addCategory(Intent.CATEGORY_BROWSABLE)
            val found = packages.queryIntentActivities(intent, PackageManager.MATCH_DEFAULT_ONLY)
            return found.map { it.activityInfo.name }
        }
        for (link in listOf(
            "openid-credential-offer://?x=y",
            "https://licenses.example/add?credential_offer_uri=x",
            "https://licenses.example/offers/abc",
            "https://licenses.example/answer#DLQ1:AB",
            "https://licenses.example/signed-in?code=1",
            "vidimus:/signed-in?code=1",
        )) {
            assertEquals(listOf(MainActivity::class.java.name), taken(link), link)
        }
        for (link in listOf(
            "https://licenses.example/offer",
            "https://licenses.example/help",
            "https://licenses.example/add/more",
            "http://licenses.example/add?credential_offer_uri=x",
            "https://other.example/add?credential_offer_uri=x",
        )) {
            assertEquals(emptyList(), taken(link), link)
        }
    }

    @Test
    fun `the host whose links open the app is the one that the settings lead to`() {
        val page = Uri.parse(context.getString(R.string.authority_page))
        assertEquals(context.getString(R.string.authority_host), page.host)
    }

    @Test
    fun `nothing is backed up, and nothing travels in clear`() {
        val flags = packages.getApplicationInfo(context.packageName, 0).flags
        assertEquals(0, flags and ApplicationInfo.FLAG_ALLOW_BACKUP)
        assertEquals(0, flags and ApplicationInfo.FLAG_USES_CLEARTEXT_TRAFFIC)
    }

    @Test
    fun `the launcher calls the app what the app calls itself, in each language`() {
        for (language in Language.entries) {
            val configuration = Configuration(context.resources.configuration)
            configuration.setLocale(Locale.forLanguageTag(language.tag))
            val localized = context.createConfigurationContext(configuration)
            assertEquals(Texts(language)[Word.APP_NAME], localized.getString(R.string.app_name), language.tag)
            assertEquals(language, localized.texts().language)
        }
    }

    @Test
    fun `an authority is compiled in, and an icon`() {
        val authority = Authority.of(context.resources)
        assertEquals("http://127.0.0.1:8080", authority.address)
        assertEquals(40, authority.rootKey.size)
        assertEquals(R.mipmap.ic_launcher, context.applicationInfo.icon)
    }
}
