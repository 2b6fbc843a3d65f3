package org.vidimus.driver

import android.app.Activity
import android.content.Context
import android.content.Intent
import org.vidimus.reader.ReaderActivity

/** A driver checks the license of another, as an officer does. */
internal class CheckActivity : ReaderActivity(isInside = true)

/** Opens it over the window that is in front: going back leads there again. */
internal fun Context.openCheck() {
    val page = Intent(this, CheckActivity::class.java).addFlags(Intent.FLAG_ACTIVITY_SINGLE_TOP)
    startActivity(if (this is Activity) page else page.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
}
