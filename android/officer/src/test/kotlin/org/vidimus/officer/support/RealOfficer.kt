package org.vidimus.officer.support

import org.vidimus.NetworkAccess
import org.vidimus.TrustedAuthority
import org.vidimus.android.ReaderHome
import org.vidimus.shell.OfficerCore
import org.vidimus.support.Authority
import org.vidimus.support.JcaKeyStore

/**
 * The officer's app on the real core and a real authority. Only the keys are not Android's:
 * Robolectric has no Keystore.
 */
internal class RealOfficer : OfficerAppForTests() {
    lateinit var server: Authority

    var network: NetworkAccess = NetworkAccess.BuiltIn()

    override val readerHome: ReaderHome by lazy { ReaderHome(this, JcaKeyStore(), network) }

    override val authority: TrustedAuthority get() = TrustedAuthority(server.rootKey, server.issuer, emptyList())

    override fun startReader(): OfficerCore = startReal()
}
