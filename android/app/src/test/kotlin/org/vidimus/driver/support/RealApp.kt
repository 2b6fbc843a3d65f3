package org.vidimus.driver.support

import org.vidimus.android.ReaderHome
import org.vidimus.android.WalletHome
import org.vidimus.driver.App
import org.vidimus.driver.Authority
import org.vidimus.shell.Core
import org.vidimus.shell.OfficerCore
import org.vidimus.support.JcaKeyStore

/**
 * The app on the real core and a real authority. Only the keys are not Android's: Robolectric has
 * no Keystore.
 */
internal class RealApp : AppForTests() {
    lateinit var server: org.vidimus.support.Authority

    private val keys = JcaKeyStore()

    override val walletHome: WalletHome by lazy { WalletHome(this, keys) }

    override val readerHome: ReaderHome by lazy { ReaderHome(this, JcaKeyStore()) }

    override val authority: Authority get() = Authority(server.issuer, server.rootKey)

    override fun start(
        hasLock: Boolean,
        saved: ByteArray?,
    ): Core = startReal(hasLock, saved)

    override fun startReader(): OfficerCore = startRealReader()
}
