package org.vidimus.app

import android.app.admin.DevicePolicyManager
import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.provider.Settings
import org.vidimus.models.TroubleAction

/** Opens the page for what the app itself cannot do; the next best one where a maker has left it out. */
internal fun Context.leaveFor(action: TroubleAction) {
    for (page in action.pages(packageName, resources.getString(R.string.authority_page))) {
        try {
            startActivity(page.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
            return
        } catch (_: ActivityNotFoundException) {
            continue
        }
    }
}

/**
 * Pages outside the app, the best first. What is done within it has none.
 *
 * @param authorityPage where the authority answers a driver's questions
 */
internal fun TroubleAction.pages(
    packageName: String,
    authorityPage: String,
): List<Intent> =
    when (this) {
        TroubleAction.SET_CLOCK -> {
            listOf(Intent(Settings.ACTION_DATE_SETTINGS), Intent(Settings.ACTION_SETTINGS))
        }

        TroubleAction.SET_LOCK -> {
            listOf(
                Intent(DevicePolicyManager.ACTION_SET_NEW_PASSWORD),
                Intent(Settings.ACTION_SECURITY_SETTINGS),
                Intent(Settings.ACTION_SETTINGS),
            )
        }

        TroubleAction.FREE_STORAGE -> {
            listOf(Intent(Settings.ACTION_INTERNAL_STORAGE_SETTINGS), Intent(Settings.ACTION_SETTINGS))
        }

        TroubleAction.UPDATE_APP -> {
            // A browser, where the phone has no store.
            listOf(
                view("market://details?id=$packageName"),
                view("https://play.google.com/store/apps/details?id=$packageName"),
            )
        }

        TroubleAction.ASK_AUTHORITY -> {
            // Whoever changes what travels in clear could write what the authority says.
            listOf(view(authorityPage)).filter { it.scheme == "https" }
        }

        TroubleAction.RETRY,
        TroubleAction.REFRESH,
        TroubleAction.BEGIN_ANEW,
        TroubleAction.UNLOCK,
        -> {
            emptyList()
        }
    }

private fun view(address: String) = Intent(Intent.ACTION_VIEW, Uri.parse(address))
