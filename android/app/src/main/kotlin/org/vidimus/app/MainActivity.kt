package org.vidimus.app

import android.content.Intent
import android.os.Build
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.OnBackPressedCallback
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.ViewModelProvider
import androidx.lifecycle.lifecycleScope
import androidx.lifecycle.repeatOnLifecycle
import kotlinx.coroutines.launch
import org.vidimus.models.Screen
import org.vidimus.models.ShowState

/** The app's only window: the driver's screens, and what the system has to do for them. */
internal class MainActivity : ComponentActivity() {
    private lateinit var driver: Driver
    private val back =
        object : OnBackPressedCallback(false) {
            override fun handleOnBackPressed() = driver.back()
        }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        refuseOverlays()
        driver = ViewModelProvider(this)[DriverHolder::class.java].driver(application as App)
        onBackPressedDispatcher.addCallback(this, back)
        val window = ShownWindow(this)
        // Before anything is drawn, and not only while it is seen: what is personal leaves no picture behind.
        lifecycleScope.launch {
            driver.screen.collect { screen ->
                window.apply(screen)
                back.isEnabled = !screen.isFirst
            }
        }
        lifecycleScope.launch {
            repeatOnLifecycle(Lifecycle.State.STARTED) {
                launch { driver.leave.collect(::leaveFor) }
                driver.foreground()
            }
        }
        setContent {
            val screen by driver.screen.collectAsState()
            AndroidDriverApp(screen, driver)
        }
        // An activity that is made anew has its link still, which was read already.
        if (savedInstanceState == null) read(intent)
    }

    override fun onStart() {
        super.onStart()
        driver.inFront(this)
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        read(intent)
    }

    override fun onStop() {
        super.onStop()
        if (!isChangingConfigurations && !isAskedForPin()) driver.left()
    }

    /** What another app draws over this one neither hides a question nor leads a finger. */
    private fun refuseOverlays() {
        window.decorView.filterTouchesWhenObscured = true
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) window.setHideOverlayWindows(true)
    }

    /** Before Android 11 the PIN is asked for on a page of the system's own, which covers ours. */
    private fun isAskedForPin(): Boolean =
        Build.VERSION.SDK_INT < Build.VERSION_CODES.R &&
            (driver.screen.value as? Screen.Show)?.state is ShowState.Unlocking

    private fun read(intent: Intent) {
        intent.offer?.let(driver::scanned)
    }
}

/** The scheme of an offer's link, as OpenID for Verifiable Credential Issuance names it. */
private const val OFFER = "openid-credential-offer"

/** More is no offer that a wallet reads. */
private const val LONGEST = 16 * 1024

/** The offer that a link brought. Any app can send one: it is read like one that was typed. */
private val Intent.offer: String?
    get() =
        data
            ?.takeIf { action == Intent.ACTION_VIEW && it.scheme == OFFER && !isFromHistory }
            ?.toString()
            ?.takeIf { it.length <= LONGEST }

/** From the list of recent apps the system gives the link of that time once more: it was read then. */
private val Intent.isFromHistory: Boolean get() = flags and Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY != 0
