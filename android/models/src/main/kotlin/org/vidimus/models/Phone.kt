package org.vidimus.models

import org.vidimus.Wallet
import kotlin.time.Clock
import kotlin.time.TimeSource

/** What models need of a phone. Each system brings its own; a desktop has one too. */
public interface Phone {
    /**
     * Opens the wallet of this phone, or makes it where there is none.
     *
     * @throws org.vidimus.WalletException as [Wallet.open] and [Wallet.create]
     */
    public suspend fun openWallet(): Wallet

    /**
     * Lets go of what [openWallet] gave, and returns at once. It closes it, unless the phone lends the wallet to others
     * as well: a refresh in the background goes on then.
     */
    public fun releaseWallet(wallet: Wallet): Unit = wallet.close()

    /**
     * Moves the wallet's files aside, so that [openWallet] makes a new one. Nothing is deleted.
     *
     * @throws org.vidimus.WalletException as [Wallet.setAside]
     */
    public suspend fun setWalletAside()

    /** Asks the phone's lock for its owner. */
    public suspend fun unlock(): LockOutcome

    /** Whether the phone has a screen lock. */
    public val hasLock: Boolean

    /** Time that nobody sets, for countdowns and ages. On a phone it goes on in deep sleep. */
    public val elapsed: TimeSource.WithComparableMarks

    /** The wall clock, for what is shown before the wallet knows better. */
    public val clock: Clock get() = Clock.System

    /** The app's version. */
    public val version: String

    /** The libraries inside, and their licences. */
    public val notices: List<Notice>
}
