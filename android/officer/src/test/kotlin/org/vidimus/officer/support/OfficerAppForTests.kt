package org.vidimus.officer.support

import android.Manifest
import android.animation.ValueAnimator
import android.provider.Settings
import org.robolectric.Shadows.shadowOf
import org.robolectric.util.ReflectionHelpers
import org.vidimus.app.OfficerScreen
import org.vidimus.officer.OfficerApplication
import org.vidimus.shell.OfficerCore
import org.vidimus.shell.support.StandInOfficerCore

/** The officer's app, with a stand-in for the core, whose screens the test chooses. */
internal open class OfficerAppForTests : OfficerApplication() {
    /** Every core that was begun, the newest last. */
    val cores = mutableListOf<StandInOfficerCore>()

    val core: StandInOfficerCore get() = cores.last()

    /** What each core begins with. */
    var first: OfficerScreen = OfficerScreen.Opening

    override fun startReader(): OfficerCore =
        StandInOfficerCore().also {
            cores += it
            it.comes(first)
        }

    /** The core that a phone has. */
    protected fun startReal(): OfficerCore = super.startReader()

    override fun onCreate() {
        super.onCreate()
        // A phone grants what the manifest asks for without asking anyone. Robolectric does not.
        shadowOf(this).grantPermissions(Manifest.permission.HIDE_OVERLAY_WINDOWS)
        // As where someone has removed animations: one without an end would keep a test's clock
        // busy for ever.
        Settings.Global.putFloat(contentResolver, Settings.Global.ANIMATOR_DURATION_SCALE, 0f)
        ReflectionHelpers.callStaticMethod<Unit>(
            ValueAnimator::class.java,
            "setDurationScale",
            ReflectionHelpers.ClassParameter.from(Float::class.javaPrimitiveType, 0f),
        )
    }
}
