package org.vidimus.app

import android.app.Application
import kotlinx.coroutines.CoroutineScope
import org.vidimus.android.RefreshSchedule
import org.vidimus.android.RefreshWorker
import org.vidimus.android.WalletHome

/** One wallet for the process, and its refresh in the background. */
internal open class App :
    Application(),
    WalletHome.Provider,
    RefreshWorker.Scheduler {
    override val walletHome: WalletHome by lazy { WalletHome(this) }

    override val refreshSchedule: RefreshSchedule by lazy { RefreshSchedule(this) }

    override fun onCreate() {
        super.onCreate()
        keepFresh()
    }

    /** Lets the status be refreshed while nobody looks. */
    protected open fun keepFresh() {
        refreshSchedule.start()
    }

    /** A driver for one task of the app, until [scope] ends. */
    open fun driver(scope: CoroutineScope): Driver {
        val phone = AndroidPhone(this, walletHome) { Authority.of(resources) }
        return PhoneDriver(phone, scope)
    }
}
