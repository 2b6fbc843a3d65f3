package org.vidimus.officer.support

import android.content.ContentResolver
import android.net.Uri
import android.provider.DocumentsContract
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import java.util.concurrent.CopyOnWriteArrayList

/** Remembers what is deleted in the apps that keep files. Robolectric has none of them. */
@Implements(DocumentsContract::class)
internal object DeletedFiles {
    val deleted = CopyOnWriteArrayList<Uri>()

    @Suppress("UNUSED_PARAMETER")
    @Implementation
    @JvmStatic
    fun deleteDocument(
        content: ContentResolver,
        documentUri: Uri,
    ): Boolean = deleted.add(documentUri)
}
