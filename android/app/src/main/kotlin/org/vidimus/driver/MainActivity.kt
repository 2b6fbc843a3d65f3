package org.vidimus.driver

import android.content.Intent
import android.os.Build
import android.os.Bundle
import android.view.MotionEvent
import androidx.activity.ComponentActivity
import androidx.activity.OnBackPressedCallback
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.compose.runtime.getValue
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.lifecycleScope
import kotlinx.coroutines.launch
import org.vidimus.app.Action
import org.vidimus.app.Ask
import org.vidimus.app.Screen
import org.vidimus.app.ShowPhase
import org.vidimus.app.Update
import org.vidimus.reader.PhoneScreens
import org.vidimus.reader.PhoneWindow
import org.vidimus.screens.DriverScreens
import org.vidimus.shell.Shell

/** The driver's window: the screens, and what the system has to do for them. */
internal class MainActivity : ComponentActivity() {
    private lateinit var held: DriverHolder.Held

    private val app: App get() = application as App

    /** The driver's app behind this window. */
    val shell: Shell get() = held.shell

    /**
     * This window is covered by the page that asks for the PIN: the app is not told that it was
     * left.
     */
    private var isCovered = false

    private lateinit var phoneWindow: PhoneWindow

    /** Nothing of the system's or of another app is over it. */
    private var isInFront = false

    /** Another app was drawn over this window when it was touched last. */
    val isDrawnOver: Boolean get() = phoneWindow.isDrawnOver

    private val toward = Toward { shell.send(it) }

    private val question by lazy { NoticeQuestion(this) }

    private val mayNotify = registerForActivityResult(RequestPermission()) { }

    private val back =
        object : OnBackPressedCallback(false) {
            override fun handleOnBackPressed() = shell.send(Action.Back)
        }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        // Android gives a state back where it has ended the app, and none where the driver has
        // closed it, also by wiping it away while its process was gone already. The state itself
        // holds nothing of ours.
        val wasEnded = savedInstanceState != null
        held = ViewModelProvider(this)[DriverHolder::class.java].held(app, wasEnded)
        onBackPressedDispatcher.addCallback(this, back)
        phoneWindow = PhoneWindow(this)
        // Before anything is drawn, and not only while it is seen: what is personal leaves no
        // picture behind.
        lifecycleScope.launch {
            shell.updates.collect { update ->
                phoneWindow.show(update)
                back.isEnabled = !update.screen.isFirst
                // The page is gone, and this window did not come back.
                if (isCovered && !update.asksLock) leave()
                toward.follow(update.screen)
                askToNotify(update)
            }
        }
        setContent {
            val update by shell.updates.collectAsStateWithLifecycle()
            PhoneScreens(phoneWindow.isDrawnOver) { texts, host -> DriverScreens(update.screen, shell, texts, host) }
        }
        // An activity that is made anew has its link still, which was read already.
        if (!wasEnded) read(intent)
    }

    override fun onStart() {
        super.onStart()
        isCovered = false
        app.seen()
        held.phone.inFront(this)
        shell.appSeen()
    }

    override fun onResume() {
        super.onResume()
        isInFront = true
        askToNotify(shell.updates.value)
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        read(intent)
    }

    override fun dispatchTouchEvent(event: MotionEvent): Boolean {
        phoneWindow.touched(event)
        // Android drops a touch only where another app's window lies over the finger. Beside it the
        // question may be covered while its button is free.
        if (isDrawnOver && shell.updates.value.screen.asksConsent) return true
        return super.dispatchTouchEvent(event)
    }

    override fun onPause() {
        super.onPause()
        isInFront = false
        // Here, since an activity that the driver opens right after it may begin before this one is
        // destroyed.
        forgetIfFinished()
    }

    override fun onStop() {
        super.onStop()
        if (isChangingConfigurations) return
        if (isAskedForPin()) isCovered = true else leave()
    }

    override fun onDestroy() {
        super.onDestroy()
        // Wiped away from the list of recent apps: it was paused long before.
        forgetIfFinished()
    }

    private fun forgetIfFinished() {
        if (isFinishing) held.phone.forget()
    }

    private fun leave() {
        isCovered = false
        toward.end()
        shell.appLeft()
        app.left()
    }

    /** Before Android 11 the PIN is asked for on a page of the system's own, which covers ours. */
    private fun isAskedForPin(): Boolean = Build.VERSION.SDK_INT < Build.VERSION_CODES.R && shell.updates.value.asksLock

    private fun read(intent: Intent) {
        intent.text(getString(R.string.authority_host), app.authority.signInRedirect)?.let(shell::link)
        intent.license?.let {
            toward.begin(it)
            toward.follow(shell.updates.value.screen)
        }
    }

    /** Once a license is there, and in front of the driver: before that there is nothing to tell. */
    private fun askToNotify(update: Update) {
        if (update.screen !is Screen.License || !isInFront || !question.isOpen) return
        question.asked()
        mayNotify.launch(NoticeQuestion.PERMISSION)
    }
}

/** The brightest light is for as long as a code is to be scanned. */
private fun PhoneWindow.show(update: Update) {
    val screen = update.screen
    val isLive = screen is Screen.Show && screen.v1.phase is ShowPhase.Live
    show(update.isPersonal, staysOn = isLive, isBright = isLive)
}

/** Whether there is nothing before it: going back leaves the app. */
internal val Screen.isFirst: Boolean
    get() =
        when (this) {
            is Screen.Opening, is Screen.License, is Screen.Blocked -> true
            is Screen.Welcome -> !v1.mayGoBack
            is Screen.Scan, is Screen.Offer, is Screen.SignIn, is Screen.Show, is Screen.Answer -> false
            is Screen.History, is Screen.Settings -> false
        }

private val Update.asksLock: Boolean get() = effects.any { it.ask is Ask.Unlock }

/** Whether a tap on it gives something out of hand, or takes something in. */
private val Screen.asksConsent: Boolean get() = this is Screen.Answer || this is Screen.Offer || this is Screen.Settings
