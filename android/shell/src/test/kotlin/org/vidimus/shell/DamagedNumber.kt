package org.vidimus.shell

import org.vidimus.DeviceException
import org.vidimus.KeyStore
import org.vidimus.support.JcaKeyStore

/** A good key store whose number can be damaged, until it is set aside. */
class DamagedNumber(
    private val good: KeyStore = JcaKeyStore(),
) : KeyStore by good {
    @Volatile
    var isDamaged = false

    override suspend fun readAnchor(): Long? = if (isDamaged) throw DeviceException.Invalidated() else good.readAnchor()

    override suspend fun raiseAnchor(epoch: Long) {
        if (isDamaged) throw DeviceException.Invalidated()
        good.raiseAnchor(epoch)
    }

    override suspend fun setDamagedAnchorAside() {
        isDamaged = false
    }
}
