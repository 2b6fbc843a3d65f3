package org.vidimus.officer

import android.app.Application
import org.vidimus.TrustedAuthority
import org.vidimus.android.ReaderHome
import org.vidimus.reader.ReaderApplication
import org.vidimus.reader.ReaderSetup

/**
 * An officer's reader: it trusts the authority that the build took in, and its log has the numbers
 * of the licenses, since an officer accounts for each check.
 */
internal open class OfficerApplication :
    Application(),
    ReaderApplication {
    override val readerHome: ReaderHome by lazy { ReaderHome(this) }

    /** Whom it trusts. */
    protected open val authority: TrustedAuthority
        get() {
            val rootKey = resources.openRawResource(R.raw.root).use { it.readBytes() }
            return TrustedAuthority(rootKey, getString(R.string.authority), emptyList())
        }

    override val readerSetup: ReaderSetup
        get() = ReaderSetup(listOf(authority), keepsNumbers = true, name = getString(R.string.reader))

    override val authorityPage: String get() = getString(R.string.authority_page)
}
