package org.vidimus.reader

import android.content.ActivityNotFoundException
import android.os.Bundle
import android.view.MotionEvent
import androidx.activity.ComponentActivity
import androidx.activity.OnBackPressedCallback
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.activity.result.contract.ActivityResultContracts.CreateDocument
import androidx.compose.runtime.getValue
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.lifecycleScope
import kotlinx.coroutines.launch
import org.vidimus.app.OfficerAction
import org.vidimus.app.OfficerAsk
import org.vidimus.app.OfficerScreen
import org.vidimus.app.OfficerUpdate
import org.vidimus.screens.officer.OfficerScreens
import org.vidimus.shell.OfficerShell

/**
 * A window in which licenses are checked: an officer's app, or a part of the driver's. Its
 * application is a [ReaderApplication].
 *
 * The core says what is on the screen. The window keeps a license out of pictures, a question
 * bright, and takes everything personal off the screen as soon as it is out of sight.
 *
 * @param isInside whether its first page has a way back, to the page of the app that opened it
 */
public abstract class ReaderActivity(
    private val isInside: Boolean,
) : ComponentActivity() {
    private lateinit var held: ReaderHolder.Held
    private lateinit var phoneWindow: PhoneWindow

    /** The app that checks, behind this window. */
    public val shell: OfficerShell get() = held.shell

    private val back =
        object : OnBackPressedCallback(false) {
            override fun handleOnBackPressed() = shell.send(OfficerAction.Back)
        }

    private val place =
        registerForActivityResult(CreateDocument(LOG)) { held.phone.write(it) }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        held = ViewModelProvider(this)[ReaderHolder::class.java].held(application as ReaderApplication, this)
        onBackPressedDispatcher.addCallback(this, back)
        phoneWindow = PhoneWindow(this)
        // Before anything is drawn, and not only while it is seen: what is personal leaves no
        // picture behind.
        lifecycleScope.launch {
            shell.updates.collect { update ->
                phoneWindow.show(update.isPersonal, staysOn = update.staysOn, isBright = update.screen.isScanned)
                back.isEnabled = !update.screen.isFirst
                tell(update.screen)
            }
        }
        val leave = if (isInside) ::finish else null
        setContent {
            val update by shell.updates.collectAsStateWithLifecycle()
            PhoneScreens(
                phoneWindow.isDrawnOver,
            ) { texts, host -> OfficerScreens(update.screen, shell, texts, host, leave) }
        }
    }

    override fun dispatchTouchEvent(event: MotionEvent): Boolean {
        phoneWindow.touched(event)
        return super.dispatchTouchEvent(event)
    }

    override fun onStart() {
        super.onStart()
        held.phone.inFront(this)
        shell.appSeen()
    }

    override fun onStop() {
        super.onStop()
        if (!isChangingConfigurations) shell.appLeft()
    }

    /** Asks for a place for a file of this [name]; whether the phone has a page that asks. */
    internal fun chooseWhere(name: String): Boolean =
        try {
            place.launch(name)
            true
        } catch (_: ActivityNotFoundException) {
            false
        }

    /** Tells a verdict that is news, once, also where the window is made anew with it. */
    private fun tell(screen: OfficerScreen) {
        when (screen) {
            // Another app counts from the first again.
            is OfficerScreen.Opening -> {
                held.told = 0u
            }

            is OfficerScreen.Verdict -> {
                if (screen.v1.announcement <= held.told) return
                held.told = screen.v1.announcement
                window.decorView.tell(screen.v1.sign.tone)
            }

            else -> {}
        }
    }

    private companion object {
        /** A file of JSON lines. */
        const val LOG = "application/jsonl"
    }
}

/** Whether there is nothing before it: going back leaves the window. */
internal val OfficerScreen.isFirst: Boolean
    get() =
        when (this) {
            is OfficerScreen.Opening, is OfficerScreen.Start, is OfficerScreen.Blocked -> true
            is OfficerScreen.Look, is OfficerScreen.Two, is OfficerScreen.Verdict -> false
            is OfficerScreen.Doubt, is OfficerScreen.Log -> false
        }

/** Whether the driver's phone is to scan it. */
private val OfficerScreen.isScanned: Boolean get() = this is OfficerScreen.Doubt && v1.qr != null

/** A camera is held up, or someone reads: no one touches the phone meanwhile. */
private val OfficerUpdate.staysOn: Boolean
    get() =
        screen is OfficerScreen.Verdict || screen is OfficerScreen.Doubt ||
            effects.any { it.ask is OfficerAsk.Camera }
