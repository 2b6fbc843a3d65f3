package org.vidimus.driver.support

import android.Manifest
import android.animation.ValueAnimator
import android.provider.Settings
import org.robolectric.Shadows.shadowOf
import org.robolectric.util.ReflectionHelpers
import org.vidimus.WalletException
import org.vidimus.app.OfficerScreen
import org.vidimus.app.Screen
import org.vidimus.driver.App
import org.vidimus.shell.Core
import org.vidimus.shell.OfficerCore
import org.vidimus.shell.support.StandInCore
import org.vidimus.shell.support.StandInOfficerCore

/** The app, with a stand-in for the core, whose screens the test chooses. */
internal open class AppForTests : App() {
    /** Every core that was begun, the newest last. */
    val cores = mutableListOf<StandInCore>()

    val core: StandInCore get() = cores.last()

    /** What each core begins with. */
    var first: Screen = Screen.Opening

    /** Every app that checks licenses and was begun, the newest last. */
    val readers = mutableListOf<StandInOfficerCore>()

    /** How often an app cannot be started before one can. */
    var fails: Int = 0

    override fun start(
        hasLock: Boolean,
        saved: ByteArray?,
    ): Core {
        if (fails-- > 0) throw WalletException.Internal()
        return StandInCore(saved).also {
            cores += it
            it.symbol = Samples.symbol
            it.comes(screen = first)
        }
    }

    override fun startReader(): OfficerCore =
        StandInOfficerCore().also {
            readers += it
            it.comes(OfficerScreen.Opening)
        }

    /** The core that a phone has. */
    protected fun startReal(
        hasLock: Boolean,
        saved: ByteArray?,
    ): Core = super.start(hasLock, saved)

    override fun onCreate() {
        super.onCreate()
        // A phone grants what the manifest asks for without asking the driver. Robolectric does
        // not.
        shadowOf(this).grantPermissions(Manifest.permission.HIDE_OVERLAY_WINDOWS)
        // As where the driver has said yes: the question is a page of the system's.
        shadowOf(this).grantPermissions(Manifest.permission.POST_NOTIFICATIONS)
        // As where a driver has removed animations: one without an end would keep a test's clock
        // busy for ever.
        setAnimations(0f)
    }

    /** How long animations last, of their usual duration: the system tells each process. */
    fun setAnimations(scale: Float) {
        Settings.Global.putFloat(contentResolver, Settings.Global.ANIMATOR_DURATION_SCALE, scale)
        ReflectionHelpers.callStaticMethod<Unit>(
            ValueAnimator::class.java,
            "setDurationScale",
            ReflectionHelpers.ClassParameter.from(Float::class.javaPrimitiveType, scale),
        )
    }

    /** The app that checks licenses as a phone has it. */
    protected fun startRealReader(): OfficerCore = super.startReader()

    // There is no wallet to refresh.
    override fun keepFresh() = Unit

    /** How often the system was asked to see what there is to tell. */
    var plans: Int = 0

    override fun planNotices() {
        plans++
    }
}
