package org.vidimus.reader

import android.app.admin.DevicePolicyManager
import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.provider.Settings
import org.vidimus.app.Place

/**
 * Opens a page outside of the app; the next best one where a maker has left it out.
 *
 * @param authorityPage where the authority answers questions
 */
public fun Context.leaveFor(
    place: Place,
    authorityPage: String,
) {
    for (page in place.pages(packageName, authorityPage)) {
        try {
            startActivity(page.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
            return
        } catch (_: ActivityNotFoundException) {
            continue
        }
    }
}

/**
 * Pages outside the app, the best first.
 *
 * @param authorityPage where the authority answers a driver's questions
 */
internal fun Place.pages(
    packageName: String,
    authorityPage: String,
): List<Intent> =
    when (this) {
        Place.CLOCK -> {
            listOf(Intent(Settings.ACTION_DATE_SETTINGS), Intent(Settings.ACTION_SETTINGS))
        }

        Place.LOCK -> {
            listOf(
                Intent(DevicePolicyManager.ACTION_SET_NEW_PASSWORD),
                Intent(Settings.ACTION_SECURITY_SETTINGS),
                Intent(Settings.ACTION_SETTINGS),
            )
        }

        Place.STORAGE -> {
            listOf(Intent(Settings.ACTION_INTERNAL_STORAGE_SETTINGS), Intent(Settings.ACTION_SETTINGS))
        }

        Place.STORE -> {
            // A browser, where the phone has no store.
            listOf(
                view("market://details?id=$packageName"),
                view("https://play.google.com/store/apps/details?id=$packageName"),
            )
        }

        Place.AUTHORITY -> {
            // Anyone who changes what travels in clear could write what the authority says.
            listOf(view(authorityPage)).filter { it.scheme == "https" }
        }

        Place.APP -> {
            val page = Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, Uri.fromParts("package", packageName, null))
            listOf(page, Intent(Settings.ACTION_SETTINGS))
        }

        Place.LANGUAGE -> {
            // Languages of one app are in the settings since Android 13.
            val page = Intent(Settings.ACTION_APP_LOCALE_SETTINGS, Uri.fromParts("package", packageName, null))
            listOf(page, Intent(Settings.ACTION_LOCALE_SETTINGS), Intent(Settings.ACTION_SETTINGS))
        }

        Place.NOTIFICATIONS -> {
            val page = Intent(Settings.ACTION_APP_NOTIFICATION_SETTINGS)
            listOf(page.putExtra(Settings.EXTRA_APP_PACKAGE, packageName), Intent(Settings.ACTION_SETTINGS))
        }

        // It is in the driver's app itself, which opens it.
        Place.CHECK -> {
            emptyList()
        }
    }

private fun view(address: String) = Intent(Intent.ACTION_VIEW, Uri.parse(address))
