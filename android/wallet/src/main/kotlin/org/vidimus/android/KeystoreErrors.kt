package org.vidimus.android

import android.os.Build
import android.security.KeyStoreException
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.UserNotAuthenticatedException
import androidx.annotation.RequiresApi
import kotlinx.coroutines.CancellationException
import org.vidimus.DeviceException
import java.security.NoSuchAlgorithmException
import javax.crypto.AEADBadTagException

/**
 * What the Android Keystore gives, or one of the closed list of errors: its own texts go nowhere.
 */
@Suppress("TooGenericExceptionCaught")
internal inline fun <T> answering(call: () -> T): T =
    try {
        call()
    } catch (known: DeviceException) {
        throw known
    } catch (cancelled: CancellationException) {
        throw cancelled
    } catch (failure: Exception) {
        throw asDeviceException(failure)
    }

/**
 * The system wraps what it has to say, by version in other exceptions: the first cause that is
 * known counts.
 */
internal fun asDeviceException(failure: Throwable): DeviceException =
    generateSequence(failure) { it.cause }
        .take(DEEPEST)
        .firstNotNullOfOrNull(::known) ?: DeviceException.Failed()

/** A number that is damaged comes back as little as a destroyed key: only a new beginning helps. */
private fun known(failure: Throwable): DeviceException? =
    when {
        failure is UserNotAuthenticatedException -> DeviceException.Locked()
        failure is KeyPermanentlyInvalidatedException -> DeviceException.Invalidated()
        failure is AnchorDamagedException -> DeviceException.Invalidated()
        failure is AEADBadTagException -> DeviceException.Refused()
        failure is NoSuchAlgorithmException -> DeviceException.Unavailable()
        Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU && failure is KeyStoreException -> ofNumber(failure)
        else -> null
    }

/** From Android 13 on the Keystore says by a number what is wrong. */
@RequiresApi(Build.VERSION_CODES.TIRAMISU)
private fun ofNumber(failure: KeyStoreException): DeviceException? =
    when (failure.numericErrorCode) {
        KeyStoreException.ERROR_USER_AUTHENTICATION_REQUIRED,
        KeyStoreException.ERROR_KEYSTORE_UNINITIALIZED,
        -> DeviceException.Locked()

        KeyStoreException.ERROR_KEY_CORRUPTED -> DeviceException.Invalidated()

        KeyStoreException.ERROR_KEY_DOES_NOT_EXIST -> DeviceException.NotFound()

        else -> null
    }

/** How far a chain of causes is followed: one may lead back to itself. */
private const val DEEPEST = 8
