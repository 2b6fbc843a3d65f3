package org.vidimus.android

import org.junit.Test
import java.security.KeyPairGenerator
import java.security.Signature
import java.security.SignatureException
import java.security.spec.ECGenParameterSpec
import kotlin.test.assertContentEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

/** DER on one side, `r` and `s` on the other. */
class EcdsaSignatureTest {
    @Test
    fun `two hundred real signatures verify in the other form`() {
        val pair = KeyPairGenerator.getInstance("EC").apply { initialize(ECGenParameterSpec("secp256r1")) }.generateKeyPair()
        repeat(200) { round ->
            val message = byteArrayOf(round.toByte())
            val der = Signature.getInstance("SHA256withECDSA").sign(pair.private, message)
            val check = Signature.getInstance("SHA256withECDSAinP1363Format")
            check.initVerify(pair.public)
            check.update(message)
            assertTrue(check.verify(EcdsaSignature.fromDer(der)))
        }
    }

    @Test
    fun `a short number is padded in front, a long one loses the zero of its sign`() {
        val short = der(integer(0x01), integer(0x7f, 0x02))
        assertContentEquals(ByteArray(31) + 1 + ByteArray(30) + byteArrayOf(0x7f, 2), EcdsaSignature.fromDer(short))
        val largest = ByteArray(32) { 0xff.toByte() }
        val long = byteArrayOf(0x02, 33, 0) + largest
        assertContentEquals(largest + largest, EcdsaSignature.fromDer(byteArrayOf(0x30, 70) + long + long))
    }

    @Test
    fun `whatever DER does not allow is no signature`() {
        val one = integer(1)
        val malformed =
            mapOf(
                "nothing" to byteArrayOf(),
                "a tag alone" to byteArrayOf(0x30),
                "an empty sequence" to der(),
                "one number" to der(one),
                "three numbers" to der(one, one, one),
                "bytes behind it" to der(one, one) + 0,
                "a length that is too long" to byteArrayOf(0x30, 7, 2, 1, 1, 2, 1, 1),
                "a length that is too short" to byteArrayOf(0x30, 5, 2, 1, 1, 2, 1, 1),
                "a long form of a length" to byteArrayOf(0x30, 0x81.toByte(), 6, 2, 1, 1, 2, 1, 1),
                "an indefinite length" to byteArrayOf(0x30, 0x80.toByte(), 2, 1, 1, 2, 1, 1, 0, 0),
                "a set" to byteArrayOf(0x31, 6, 2, 1, 1, 2, 1, 1),
                "a string" to byteArrayOf(0x30, 6, 4, 1, 1, 2, 1, 1),
                "an empty number" to byteArrayOf(0x30, 5, 2, 0, 2, 1, 1),
                "a negative number" to der(integer(0x80), one),
                "zero" to der(integer(0), one),
                "zero as the second" to der(one, integer(0)),
                "a zero in front that changes nothing" to der(integer(0, 0x7f), one),
                "two zeros in front" to der(integer(0, 0, 0x80), one),
                "33 digits" to der(byteArrayOf(2, 33, 1) + ByteArray(32), one),
                "34 digits" to der(byteArrayOf(2, 34, 0, 0xff.toByte()) + ByteArray(32), one),
                "a number that goes on behind the end" to byteArrayOf(0x30, 6, 2, 1, 1, 2, 2, 1),
            )
        for ((what, bytes) in malformed) {
            assertFailsWith<SignatureException>(what) { EcdsaSignature.fromDer(bytes) }
        }
    }

    @Test
    fun `a signature that is cut short anywhere is none`() {
        val whole = der(integer(0x7f, 0x02), integer(0, 0x80))
        for (length in whole.indices) {
            assertFailsWith<SignatureException>("$length") { EcdsaSignature.fromDer(whole.copyOf(length)) }
        }
    }

    private fun Signature.sign(
        key: java.security.PrivateKey,
        message: ByteArray,
    ): ByteArray {
        initSign(key)
        update(message)
        return sign()
    }

    private fun integer(vararg digits: Int): ByteArray = byteArrayOf(2, digits.size.toByte()) + ByteArray(digits.size) { digits[it].toByte() }

    private fun der(vararg parts: ByteArray): ByteArray {
        val content = parts.fold(byteArrayOf()) { all, part -> all + part }
        return byteArrayOf(0x30, content.size.toByte()) + content
    }
}
