package org.vidimus.android

import android.os.Build
import java.text.DecimalFormatSymbols
import java.util.Locale

private val lock = Any()

/**
 * Makes a key pair where the dates of its certificate can be read back.
 *
 * Before Android 10 the system writes the dates of a new key's certificate in the digits of the
 * phone's language, reads them in those of English, and fails in Arabic, Bengali and others
 * ("Unparseable date"). The dates that a [android.security.keystore.KeyGenParameterSpec] sets are
 * written the same way, so the language in which the whole process writes dates and numbers
 * changes, for as long as this takes: some 100 ms, once for each license. The language of texts
 * stays.
 */
internal fun <T> withLatinDates(make: () -> T): T {
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) return make()
    return synchronized(lock) {
        val usual = Locale.getDefault(Locale.Category.FORMAT)
        if (DecimalFormatSymbols.getInstance(usual).zeroDigit == '0') return make()
        Locale.setDefault(Locale.Category.FORMAT, Locale.US)
        try {
            make()
        } finally {
            // The driver may have chosen another language meanwhile: that one stays.
            if (Locale.getDefault(Locale.Category.FORMAT) == Locale.US) {
                Locale.setDefault(Locale.Category.FORMAT, usual)
            }
        }
    }
}
