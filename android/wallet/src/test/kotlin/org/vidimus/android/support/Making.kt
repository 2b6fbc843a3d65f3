package org.vidimus.android.support

import org.vidimus.Wallet
import org.vidimus.android.WalletHome
import org.vidimus.support.Authority

/** Makes a wallet of this authority, as the driver's app does where there is none. */
suspend fun WalletHome.make(
    authority: Authority,
    address: String = authority.issuer,
): Wallet = Wallet.create(directory, authority.rootKey, address, keys, network, bootId)
