package org.vidimus.driver

import android.app.Application
import org.vidimus.android.RefreshSchedule
import org.vidimus.android.RefreshWorker
import org.vidimus.android.WalletHome
import org.vidimus.app.DriverApp
import org.vidimus.shell.Core
import org.vidimus.shell.asCore

/** One home of the wallet for the process, and its refresh in the background. */
internal open class App :
    Application(),
    WalletHome.Provider,
    RefreshWorker.Scheduler {
    override val walletHome: WalletHome by lazy { WalletHome(this) }

    override val refreshSchedule: RefreshSchedule by lazy { RefreshSchedule(this) }

    /** Whose licenses are kept. */
    protected open val authority: Authority get() = Authority.of(resources)

    override fun onCreate() {
        super.onCreate()
        keepFresh()
    }

    /** Lets the status be refreshed while no one looks. */
    protected open fun keepFresh() {
        refreshSchedule.start()
    }

    /**
     * Begins the driver's app on the wallet of this phone.
     *
     * @param saved what was kept where the system ended it
     */
    open fun start(
        hasLock: Boolean,
        saved: ByteArray?,
    ): Core = walletHome.startDriverApp(authority, hasLock, saved).asCore()
}

private fun WalletHome.startDriverApp(
    authority: Authority,
    hasLock: Boolean,
    saved: ByteArray?,
): DriverApp = DriverApp.start(directory, authority.rootKey, authority.address, keys, hasLock, saved, network, bootId)
