package org.vidimus.driver

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.os.Bundle

/**
 * Opens a page in the system's browser, over this app where the browser can do that (a Custom Tab).
 * `false` where there is no browser.
 */
internal fun Context.openInBrowser(address: String): Boolean {
    val page = browserIntent(Uri.parse(address))
    // What is no window of the app begins a task.
    if (this !is Activity) page.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK)
    return try {
        startActivity(page)
        true
    } catch (_: ActivityNotFoundException) {
        false
    }
}

/**
 * A session of none makes a Custom Tab of it in each browser that knows them; the others do not look
 * at it. That is all that `androidx.browser` would put in.
 */
internal fun browserIntent(page: Uri): Intent =
    Intent(Intent.ACTION_VIEW, page)
        .addCategory(Intent.CATEGORY_BROWSABLE)
        .putExtras(Bundle().apply { putBinder(CUSTOM_TAB, null) })

private const val CUSTOM_TAB = "android.support.customtabs.extra.SESSION"
