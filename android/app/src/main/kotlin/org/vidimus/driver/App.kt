package org.vidimus.driver

import android.app.Application
import org.vidimus.TrustedAuthority
import org.vidimus.Wallet
import org.vidimus.android.ReaderHome
import org.vidimus.android.RefreshSchedule
import org.vidimus.android.RefreshWorker
import org.vidimus.android.WalletHome
import org.vidimus.app.DriverApp
import org.vidimus.reader.ReaderApplication
import org.vidimus.reader.ReaderSetup
import org.vidimus.reader.texts
import org.vidimus.shell.Core
import org.vidimus.shell.Word
import org.vidimus.shell.asCore

/**
 * One home of the wallet for the process, its refresh in the background and what that brings, and
 * beside it the home of a reader, with which a driver checks the licenses of others.
 */
internal open class App :
    Application(),
    WalletHome.Provider,
    RefreshWorker.Scheduler,
    RefreshWorker.Listener,
    ReaderApplication {
    override val walletHome: WalletHome by lazy { WalletHome(this) }

    override val readerHome: ReaderHome by lazy { ReaderHome(this) }

    /** A driver accounts to no one for a check, so its log has nothing personal. */
    override val readerSetup: ReaderSetup
        get() =
            ReaderSetup(
                authorities = listOf(TrustedAuthority(authority.rootKey, authority.address, emptyList())),
                keepsNumbers = false,
                name = texts()[Word.APP_NAME],
            )

    override val authorityPage: String get() = getString(R.string.authority_page)

    override val refreshSchedule: RefreshSchedule by lazy { RefreshSchedule(this) }

    /** What tells the driver that there is news. */
    val notices: LicenseNotices by lazy { LicenseNotices(this) }

    val noticeSchedule: NoticeSchedule by lazy { NoticeSchedule(this) }

    override suspend fun refreshed(wallet: Wallet) {
        noticeSchedule.at(notices.tell(wallet))
    }

    /** The driver looks at the licenses. */
    fun seen() {
        notices.seen()
    }

    /** The driver looks away: what comes next is told. */
    fun left() {
        notices.left()
        planNotices()
    }

    /** Lets the system ask what is to be told, and when. */
    protected open fun planNotices() {
        noticeSchedule.now()
    }

    /** Whose licenses are kept. */
    open val authority: Authority get() = Authority.of(resources)

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
): DriverApp =
    DriverApp.start(
        directory,
        authority.rootKey,
        authority.address,
        keys,
        hasLock,
        saved,
        network,
        bootId,
        authority.signInRedirect,
    )
