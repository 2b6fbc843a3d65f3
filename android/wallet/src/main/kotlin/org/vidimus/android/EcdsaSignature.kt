package org.vidimus.android

import java.security.SignatureException

/**
 * The two forms of an ECDSA signature on P-256: DER as the Android Keystore gives it, and `r`, `s`
 * of 32 bytes each.
 */
internal object EcdsaSignature {
    private const val SEQUENCE = 0x30
    private const val INTEGER = 0x02
    private const val COORDINATE = 32

    /** Two integers of 33 bytes with a tag and a length each: lengths are of one byte. */
    private const val LONGEST = 70

    /**
     * `r` and `s` out of DER, which must be the one encoding that DER allows.
     *
     * @throws SignatureException for anything else, and for a number that is zero or longer than 32
     * bytes
     */
    fun fromDer(der: ByteArray): ByteArray {
        val fixed = ByteArray(2 * COORDINATE)
        require(der.size >= 2 && der.byte(0) == SEQUENCE)
        val length = der.byte(1)
        require(length <= LONGEST && length == der.size - 2)
        val second = der.copyInteger(at = 2, fixed, end = COORDINATE)
        val end = der.copyInteger(at = second, fixed, end = 2 * COORDINATE)
        require(end == der.size)
        return fixed
    }

    /**
     * Copies the integer that begins [at] so that it ends before [end] in [fixed]; returns where
     * the next one begins.
     */
    private fun ByteArray.copyInteger(
        at: Int,
        fixed: ByteArray,
        end: Int,
    ): Int {
        require(at + 2 < size && byte(at) == INTEGER)
        val length = byte(at + 1)
        val first = at + 2
        val next = first + length
        require(length in 1..COORDINATE + 1 && next <= size)
        // A zero in front is there to keep the number positive, and for nothing else.
        val padded = byte(first) == 0
        require(if (padded) length > 1 && byte(first + 1) >= SIGN else byte(first) < SIGN)
        val digits = if (padded) first + 1 else first
        require(next - digits <= COORDINATE)
        copyInto(fixed, end - (next - digits), digits, next)
        return next
    }

    private fun ByteArray.byte(index: Int): Int = this[index].toInt() and 0xff

    private fun require(holds: Boolean) {
        if (!holds) throw SignatureException("not a signature in DER")
    }

    private const val SIGN = 0x80
}
