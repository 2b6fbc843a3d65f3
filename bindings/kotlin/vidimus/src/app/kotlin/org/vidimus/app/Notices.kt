package org.vidimus.app

import org.vidimus.Wallet
import org.vidimus.WalletException
import org.vidimus.coreDueNotices

/**
 * What to tell a driver who does not look at the app: call it after a refresh in the background.
 * What it gives counts as told from then on, also for other processes, so tell it. While the
 * driver looks at the app, [DriverApp] notes by itself what was seen.
 *
 * A notice says nothing of the driver: a phone shows it while it is locked. Its text is
 * `notice.news` of the table of texts.
 *
 * @param plans whether the system is asked to show what is planned at its time; without it a later
 * call tells it
 * @throws WalletException where the wallet cannot be read or written
 */
public suspend fun Wallet.dueNotices(plans: Boolean = false): DueNotices =
    lifetime.call { core -> coreDueNotices(core, plans) }
