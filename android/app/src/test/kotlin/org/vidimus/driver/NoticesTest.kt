package org.vidimus.driver

import android.app.Notification
import android.app.NotificationManager
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Color
import android.os.Looper
import android.service.notification.StatusBarNotification
import android.view.ContextThemeWrapper
import android.view.View
import android.widget.FrameLayout
import androidx.work.Configuration
import androidx.work.CoroutineWorker
import androidx.work.ListenableWorker.Result
import androidx.work.NetworkType
import androidx.work.WorkInfo
import androidx.work.WorkManager
import androidx.work.testing.SynchronousExecutor
import androidx.work.testing.TestListenableWorkerBuilder
import androidx.work.testing.WorkManagerTestInitHelper
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode
import org.vidimus.LicenseStatus
import org.vidimus.RefreshScope
import org.vidimus.Wallet
import org.vidimus.android.RefreshWorker
import org.vidimus.driver.support.RealApp
import org.vidimus.shell.Language
import org.vidimus.shell.Texts
import org.vidimus.shell.Word
import org.vidimus.support.Authority
import org.vidimus.support.Registered
import java.io.File
import java.time.LocalDate
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlin.time.Clock
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes

/**
 * What a driver is told who does not look at the app: the real core, the real authority, and no
 * phone.
 *
 * Its graphics are those of the other tests on the real core. With others it would have a class
 * loader by itself, whose objects the library does not find once another one has loaded it.
 */
@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(application = RealApp::class)
internal class NoticesTest {
    private val app: RealApp get() = RuntimeEnvironment.getApplication() as RealApp
    private val system get() = app.getSystemService(NotificationManager::class.java)
    private lateinit var authority: Authority
    private lateinit var registered: Registered

    @Before
    fun start() {
        authority = Authority()
        app.server = authority
        val configuration = Configuration.Builder().setExecutor(SynchronousExecutor()).build()
        WorkManagerTestInitHelper.initializeTestWorkManager(app, configuration)
    }

    @After
    fun stop() {
        WorkManagerTestInitHelper.closeWorkDatabase()
        authority.close()
    }

    @Test
    @Config(qualifiers = "w412dp-h915dp-xhdpi")
    fun `a license that was suspended while no one looked is told once, in words that say nothing of it`() {
        enrolls()
        assertEquals(Result.success(), refreshes())
        assertEquals(emptyList(), shown())

        authority.setStatus(registered.id, LicenseStatus.SUSPENDED)
        hears()
        assertEquals(Result.success(), refreshes())
        val texts = Texts(Language.ENGLISH)
        val told = shown().single().notification
        assertEquals(texts[Word.APP_NAME], told.extras.getString(Notification.EXTRA_TITLE))
        assertEquals(texts[Word.NOTICE_NEWS], told.extras.getString(Notification.EXTRA_TEXT))
        assertEquals(Notification.VISIBILITY_PUBLIC, told.visibility)
        val all = told.extras.keySet().mapNotNull { told.extras.getCharSequence(it)?.toString() }
        assertTrue(all.none { texts[Word.STATE_SUSPENDED] in it || "Nakamura" in it }, "$all")
        draw(told)

        // As a second process does, or the same worker once more.
        system.cancelAll()
        assertEquals(Result.success(), refreshes())
        assertEquals(Result.success(), asks())
        assertEquals(emptyList(), shown())
    }

    /**
     * Leaves a picture of a notification, by Android's own template, without the frame that a phone
     * puts around it: `target/pictures/notification.png`. The README has it.
     */
    private fun draw(notification: Notification) {
        val themed = ContextThemeWrapper(app, android.R.style.Theme_DeviceDefault_DayNight)
        val builder = Notification.Builder.recoverBuilder(themed, notification)
        val frame = FrameLayout(themed)
        frame.addView(builder.createContentView().apply(themed, frame))
        val (width, height) = listOf(WIDTH, HEIGHT).map { (it * app.resources.displayMetrics.density).toInt() }
        frame.measure(View.MeasureSpec.makeMeasureSpec(width, View.MeasureSpec.EXACTLY), View.MeasureSpec.makeMeasureSpec(height, View.MeasureSpec.EXACTLY))
        frame.layout(0, 0, frame.measuredWidth, frame.measuredHeight)
        val picture = Bitmap.createBitmap(frame.measuredWidth, frame.measuredHeight, Bitmap.Config.ARGB_8888)
        picture.eraseColor(Color.WHITE)
        frame.draw(Canvas(picture))
        val file = File("target/pictures/notification.png").apply { parentFile?.mkdirs() }
        file.outputStream().use { picture.compress(Bitmap.CompressFormat.PNG, 100, it) }
        val pixels = IntArray(picture.width * picture.height)
        picture.getPixels(pixels, 0, picture.width, 0, 0, picture.width, picture.height)
        assertTrue(pixels.toSet().size > 20, "letters have soft edges")
    }

    @Test
    fun `a notification opens the app at its license`() {
        val license = enrolls()
        refreshes()
        authority.setStatus(registered.id, LicenseStatus.REVOKED)
        hears()
        refreshes()
        val opens = shadowOf(shown().single().notification.contentIntent)
        assertTrue(opens.isActivity && opens.isImmutable)
        assertEquals(MainActivity::class.java.name, opens.savedIntent.component?.className)
        assertEquals(license, opens.savedIntent.license)
    }

    @Test
    fun `who looks at the app is told by the page alone, and afterwards again by the phone`() {
        enrolls()
        refreshes()
        app.seen()
        authority.setStatus(registered.id, LicenseStatus.SUSPENDED)
        hears()
        refreshes()
        assertEquals(emptyList(), shown())

        app.left()
        asks()
        assertEquals(1, shown().size)
        app.seen()
        assertEquals(emptyList(), shown(), "what was told is seen")
    }

    @Test
    fun `who wants no notifications gets none, and nothing counts as told`() {
        enrolls()
        refreshes()
        shadowOf(system).setNotificationsEnabled(false)
        authority.setStatus(registered.id, LicenseStatus.SUSPENDED)
        hears()
        refreshes()
        assertEquals(emptyList(), shown())

        shadowOf(system).setNotificationsEnabled(true)
        refreshes()
        assertEquals(1, shown().size)
    }

    @Test
    @Config(qualifiers = "ar")
    fun `it is told in the driver's language, and so is its kind in the phone's settings`() {
        enrolls()
        refreshes()
        authority.setStatus(registered.id, LicenseStatus.SUSPENDED)
        hears()
        refreshes()
        val texts = Texts(Language.ARABIC)
        assertEquals(texts[Word.NOTICE_NEWS], shown().single().notification.extras.getString(Notification.EXTRA_TEXT))
        assertEquals(texts[Word.NOTICE_CHANNEL], system.getNotificationChannel(LicenseNotices.CHANNEL).name)
    }

    @Test
    fun `an end that comes near is planned ahead, without a network`() {
        // Seven days before its end is tomorrow; three days without a status come later.
        enrolls(Authority.DRIVER.replace("2035-05-31", "${LocalDate.now().plusDays(8)}"))
        refreshes()
        val next = planned().single()
        val after = next.initialDelayMillis.milliseconds
        assertTrue(after > 0.days && after < 2.days, "$after")
        assertEquals(NetworkType.NOT_REQUIRED, next.constraints.requiredNetworkType)

        // What comes newly takes its place.
        refreshes()
        assertEquals(1, planned().size)
    }

    @Test
    fun `without an end in sight it is asked again after three days of silence`() {
        enrolls()
        refreshes()
        val after = planned().single().initialDelayMillis.milliseconds
        assertTrue(after > 2.days && after <= 3.days, "$after")
    }

    @Test
    fun `the work plans itself anew instead of cancelling itself, and never at once`() {
        enrolls()
        app.noticeSchedule.at(Clock.System.now() - 1.days)
        val first = planned().single()
        assertEquals(15.minutes, first.initialDelayMillis.milliseconds)
        assertEquals(Result.success(), asks())
        val all = work().associate { it.id to it.state }
        assertEquals(2, all.size)
        assertFalse(all.getValue(first.id) == WorkInfo.State.CANCELLED, "$all")
    }

    @Test
    fun `what is planned is void where nothing is to be told any more`() {
        app.noticeSchedule.at(Clock.System.now() + 1.days)
        assertEquals(1, planned().size)
        app.noticeSchedule.at(null)
        assertEquals(emptyList(), planned())
    }

    @Test
    fun `when the app is left the system asks at once, and plans what comes next`() {
        enrolls()
        app.noticeSchedule.now()
        val end = System.nanoTime() + PATIENCE
        while (planned().singleOrNull()?.initialDelayMillis?.milliseconds.let { it == null || it < 2.days }) {
            check(System.nanoTime() < end) { "nothing is planned: ${work()}" }
            shadowOf(Looper.getMainLooper()).idle()
            Thread.sleep(10)
        }
    }

    @Test
    fun `without a wallet there is nothing to tell, and none is made`() {
        assertEquals(Result.failure(), asks())
        assertFalse(app.walletHome.directory.toFile().exists())
        assertEquals(emptyList(), shown())
    }

    private fun enrolls(driver: String = Authority.DRIVER): String =
        runBlocking {
            registered = authority.register(driver)
            val home = app.walletHome
            Wallet.create(home.directory, authority.rootKey, authority.issuer, home.keys, home.network, home.bootId).use {
                it.enroll(it.readOffer(registered.offer), registered.txCode)
            }
        }

    /** The wallet gets what is new, which by itself it would ask for later. */
    private fun hears(): Unit = runBlocking { app.walletHome.use { it.refresh(RefreshScope.NOW) } }

    private fun refreshes(): Result = run(TestListenableWorkerBuilder.from(app, RefreshWorker::class.java).build())

    private fun asks(): Result = run(TestListenableWorkerBuilder.from(app, NoticeWorker::class.java).build())

    private fun run(worker: CoroutineWorker): Result = runBlocking { worker.doWork() }

    private fun shown(): List<StatusBarNotification> = system.activeNotifications.toList()

    private fun work(): List<WorkInfo> = WorkManager.getInstance(app).getWorkInfosForUniqueWork(NoticeSchedule.NAME).get()

    private fun planned(): List<WorkInfo> = work().filterNot { it.state.isFinished }

    private companion object {
        /** In nanoseconds: long enough for a busy machine. */
        const val PATIENCE = 30_000_000_000L

        /** Of a phone, in dp. */
        const val WIDTH = 412

        /** Of a notification that is not opened, in dp. */
        const val HEIGHT = 88
    }
}
