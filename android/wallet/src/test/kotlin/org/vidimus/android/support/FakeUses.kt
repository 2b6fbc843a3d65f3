package org.vidimus.android.support

import android.security.keystore.KeyProperties
import java.io.InputStream
import java.io.OutputStream
import java.security.AlgorithmParameters
import java.security.Key
import java.security.KeyStoreSpi
import java.security.PrivateKey
import java.security.PublicKey
import java.security.SecureRandom
import java.security.Signature
import java.security.SignatureSpi
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import javax.crypto.Cipher
import javax.crypto.CipherSpi

internal class FakeStoreSpi(
    private val device: FakeKeystore,
) : KeyStoreSpi() {
    override fun engineLoad(
        stream: InputStream?,
        password: CharArray?,
    ) = Unit

    override fun engineGetKey(
        alias: String,
        password: CharArray?,
    ): Key? = device.get(alias)

    override fun engineContainsAlias(alias: String): Boolean = !device.isDown && alias in device.kept.keys

    override fun engineAliases(): Enumeration<String> = Collections.enumeration(device.kept.keys)

    override fun engineDeleteEntry(alias: String) {
        device.kept.remove(alias)
    }

    override fun engineSize(): Int = device.kept.size

    override fun engineIsKeyEntry(alias: String): Boolean = engineContainsAlias(alias)

    override fun engineIsCertificateEntry(alias: String): Boolean = false

    override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null

    override fun engineGetCertificate(alias: String): Certificate? = null

    override fun engineGetCreationDate(alias: String): Date? = null

    override fun engineGetCertificateAlias(certificate: Certificate?): String? = null

    override fun engineSetKeyEntry(
        alias: String?,
        key: Key?,
        password: CharArray?,
        chain: Array<out Certificate>?,
    ): Unit = throw UnsupportedOperationException()

    override fun engineSetKeyEntry(
        alias: String?,
        key: ByteArray?,
        chain: Array<out Certificate>?,
    ): Unit = throw UnsupportedOperationException()

    override fun engineSetCertificateEntry(
        alias: String?,
        certificate: Certificate?,
    ): Unit = throw UnsupportedOperationException()

    override fun engineStore(
        stream: OutputStream?,
        password: CharArray?,
    ): Unit = throw UnsupportedOperationException()
}

internal class FakeCipherSpi(
    private val device: FakeKeystore,
) : CipherSpi() {
    private val real = Cipher.getInstance("AES/GCM/NoPadding", device.cryptography)

    override fun engineInit(
        mode: Int,
        key: Key?,
        random: SecureRandom?,
    ) {
        check(mode == Cipher.ENCRYPT_MODE)
        real.init(mode, device.use(key, KeyProperties.PURPOSE_ENCRYPT))
    }

    override fun engineInit(
        mode: Int,
        key: Key?,
        parameters: AlgorithmParameterSpec?,
        random: SecureRandom?,
    ) {
        // The real one lets no one choose the nonce of an encryption.
        check(mode == Cipher.DECRYPT_MODE)
        real.init(mode, device.use(key, KeyProperties.PURPOSE_DECRYPT), parameters)
    }

    override fun engineInit(
        mode: Int,
        key: Key?,
        parameters: AlgorithmParameters?,
        random: SecureRandom?,
    ): Unit = throw UnsupportedOperationException()

    override fun engineUpdate(
        input: ByteArray?,
        offset: Int,
        length: Int,
    ): ByteArray? = real.update(input, offset, length)

    override fun engineUpdate(
        input: ByteArray?,
        offset: Int,
        length: Int,
        output: ByteArray?,
        at: Int,
    ): Int = real.update(input, offset, length, output, at)

    override fun engineDoFinal(
        input: ByteArray?,
        offset: Int,
        length: Int,
    ): ByteArray = real.doFinal(input, offset, length)

    override fun engineDoFinal(
        input: ByteArray?,
        offset: Int,
        length: Int,
        output: ByteArray?,
        at: Int,
    ): Int = real.doFinal(input, offset, length, output, at)

    override fun engineGetIV(): ByteArray = real.iv

    override fun engineGetBlockSize(): Int = real.blockSize

    override fun engineGetOutputSize(length: Int): Int = real.getOutputSize(length)

    override fun engineGetParameters(): AlgorithmParameters = real.parameters

    override fun engineSetMode(mode: String?) = Unit

    override fun engineSetPadding(padding: String?) = Unit
}

internal class FakeSignatureSpi(
    private val device: FakeKeystore,
) : SignatureSpi() {
    private val real = Signature.getInstance("SHA256withECDSA", device.cryptography)

    override fun engineInitSign(key: PrivateKey?) = real.initSign(device.use(key, KeyProperties.PURPOSE_SIGN) as PrivateKey)

    override fun engineInitVerify(key: PublicKey?): Unit = throw UnsupportedOperationException()

    override fun engineUpdate(byte: Byte) = real.update(byte)

    override fun engineUpdate(
        bytes: ByteArray?,
        offset: Int,
        length: Int,
    ) = real.update(bytes, offset, length)

    override fun engineSign(): ByteArray = real.sign()

    override fun engineVerify(signature: ByteArray?): Boolean = throw UnsupportedOperationException()

    @Deprecated("abstract in the class above")
    override fun engineSetParameter(
        name: String?,
        value: Any?,
    ): Unit = throw UnsupportedOperationException()

    @Deprecated("abstract in the class above")
    override fun engineGetParameter(name: String?): Any = throw UnsupportedOperationException()
}
