package org.vidimus.app

import android.app.Activity
import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import org.vidimus.models.Actions
import org.vidimus.models.DriverModel
import org.vidimus.models.Screen
import org.vidimus.models.TroubleAction
import org.vidimus.models.Word

/** What the activity draws from, and tells. Tests put one of their own in its place, whose screens they choose. */
internal interface Driver : Actions {
    val screen: StateFlow<Screen>
    val leave: Flow<TroubleAction>

    /** The activity whose window is seen. */
    fun inFront(activity: Activity)

    fun left()

    suspend fun foreground()
}

/** The model of the driver, on the real phone. */
internal class PhoneDriver private constructor(
    private val phone: AndroidPhone,
    private val model: DriverModel,
) : Driver,
    Actions by model {
    constructor(phone: AndroidPhone, scope: CoroutineScope) : this(phone, DriverModel(phone, scope)) {
        phone.reason = { if (screen.value is Screen.Settings) Word.SETTINGS_REMOVE_TITLE else Word.SHOW_UNLOCKING }
        model.start()
    }

    override val screen: StateFlow<Screen> get() = model.screen
    override val leave: Flow<TroubleAction> get() = model.leave

    override fun inFront(activity: Activity) = phone.inFront(activity)

    override fun left() = model.left()

    override suspend fun foreground() = model.foreground()
}

/** Keeps the driver while its activity is made anew: turned round, put in the dark, or given another language. */
internal class DriverHolder : ViewModel() {
    private var driver: Driver? = null

    fun driver(app: App): Driver = driver ?: app.driver(viewModelScope).also { driver = it }
}
