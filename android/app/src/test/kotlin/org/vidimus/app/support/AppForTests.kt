package org.vidimus.app.support

import android.Manifest
import android.animation.ValueAnimator
import android.app.Activity
import android.provider.Settings
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.receiveAsFlow
import org.robolectric.Shadows.shadowOf
import org.robolectric.util.ReflectionHelpers
import org.vidimus.app.App
import org.vidimus.app.Driver
import org.vidimus.models.Actions
import org.vidimus.models.Screen
import org.vidimus.models.TroubleAction
import java.lang.reflect.Proxy

/** The app, with a driver whose screens the test chooses. */
internal class AppForTests : App() {
    val driver = DriverForTests()

    override fun driver(scope: CoroutineScope): Driver = driver

    override fun onCreate() {
        super.onCreate()
        // What the manifest asks for a phone gives at once where nobody is to be asked; Robolectric does not.
        shadowOf(this).grantPermissions(Manifest.permission.HIDE_OVERLAY_WINDOWS)
        // As where a driver has removed animations: one without an end would keep a test's clock busy for ever.
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

    // There is no wallet to refresh.
    override fun keepFresh() = Unit
}

/** Shows what it is told, and remembers what was done. */
internal class DriverForTests private constructor(
    val done: MutableList<String>,
) : Driver,
    Actions by recording(done) {
    constructor() : this(mutableListOf())

    private val leaving = Channel<TroubleAction>(Channel.BUFFERED)

    override val screen = MutableStateFlow<Screen>(Screen.Opening)
    override val leave: Flow<TroubleAction> = leaving.receiveAsFlow()

    /** Whether the app is on the screen. */
    var isInForeground = false
        private set

    fun leaveFor(action: TroubleAction) {
        leaving.trySend(action)
    }

    override fun inFront(activity: Activity) = Unit

    override fun left() {
        done += "left"
    }

    override suspend fun foreground() {
        isInForeground = true
        try {
            awaitCancellation()
        } finally {
            isInForeground = false
        }
    }
}

private fun recording(done: MutableList<String>): Actions =
    Proxy.newProxyInstance(Actions::class.java.classLoader, arrayOf(Actions::class.java)) { _, method, arguments ->
        done += (listOf(method.name) + arguments.orEmpty().toList()).joinToString(" ")
        null
    } as Actions
