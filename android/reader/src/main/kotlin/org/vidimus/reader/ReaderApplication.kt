package org.vidimus.reader

import org.vidimus.TrustedAuthority
import org.vidimus.android.ReaderHome
import org.vidimus.app.OfficerApp
import org.vidimus.shell.OfficerCore
import org.vidimus.shell.asCore

/** An application that checks licenses: a [ReaderActivity] asks it for what is its own. */
public interface ReaderApplication {
    /** The reader's home on this phone, one for the process. */
    public val readerHome: ReaderHome

    /** Whom it trusts, and how it checks. */
    public val readerSetup: ReaderSetup

    /** Where the authority answers questions; it must be HTTPS. */
    public val authorityPage: String

    /** Begins the app that checks licenses, on the reader's book of this phone. */
    public fun startReader(): OfficerCore = readerHome.start(readerSetup).asCore()
}

/**
 * Whom a reader trusts, and how it checks.
 *
 * @property authorities whose licenses it accepts
 * @property keepsNumbers whether its log keeps the number of a license, as an officer's must
 * @property name the name under which it asks a driver's phone, at most 64 bytes
 */
public class ReaderSetup(
    public val authorities: List<TrustedAuthority>,
    public val keepsNumbers: Boolean,
    public val name: String,
)

/** Begins the app that checks licenses, on the book of this home. Its questions are not signed. */
private fun ReaderHome.start(setup: ReaderSetup): OfficerApp =
    OfficerApp.start(
        directory = directory,
        authorities = setup.authorities,
        keys = keys,
        keepsNumbers = setup.keepsNumbers,
        name = setup.name,
        network = network,
        bootId = bootId,
    )
