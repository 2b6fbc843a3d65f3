package org.vidimus.android

import android.content.Context
import org.vidimus.DeviceKeys
import org.vidimus.NetworkAccess
import java.io.File
import java.nio.file.Path

/**
 * Where a phone's reader lives, and what opens it: the reader's book, which holds the lists of the
 * authorities, what was scanned, and the log of the checks. Make one for the process.
 *
 * Its folder is beside that of a wallet, out of backups and transfers to another phone, and its
 * keys have another name: a phone may hold both, and each opens without the other.
 *
 * @property keys the keys that open the book
 * @property network how the authorities are reached
 * @param context any of the app's
 */
public class ReaderHome(
    context: Context,
    public val keys: DeviceKeys = AndroidKeyStore(context, NAME),
    public val network: NetworkAccess = NetworkAccess.BuiltIn(),
) {
    /** Names this start of the phone; `null` where Android does not count them. */
    public val bootId: ByteArray? by lazy { bootId(context.applicationContext) }

    /** The book's folder. Nothing else is to be put there. */
    public val directory: Path by lazy { File(context.applicationContext.noBackupFilesDir, "$FOLDER/$BOOK").toPath() }

    private companion object {
        const val NAME = "vidimus-reader"
        const val FOLDER = "vidimus"
        const val BOOK = "reader"
    }
}
