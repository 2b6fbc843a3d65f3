package org.vidimus.desktop

import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.RGBLuminanceSource
import com.google.zxing.ReaderException
import com.google.zxing.common.HybridBinarizer
import com.google.zxing.qrcode.QRCodeReader
import org.vidimus.Challenge
import org.vidimus.QrSymbol
import org.vidimus.Verdict
import org.vidimus.Verifier
import org.vidimus.code
import org.vidimus.findings
import org.vidimus.isDark

/**
 * An officer with a reader and no network: a root key, a trust list, and what the eyes see.
 *
 * @param trustList the newest that there is; `null` before the phone has one
 */
internal class Officer(
    rootKey: ByteArray,
    private val trustList: suspend () -> ByteArray?,
) : AutoCloseable {
    private val verifier = Verifier(rootKey)

    /** What must be answered next; `null`: any license that is shown is judged. */
    var question: Challenge? = null
        private set

    fun askByQr(): Challenge = verifier.ask(NAME).also { question = it }

    fun askByDigits(): Challenge = verifier.askByDigits().also { question = it }

    fun askNothing() {
        question = null
    }

    /**
     * Looks at the QR that is on the phone's screen, as a camera would, and judges what it says.
     */
    suspend fun judge(symbol: QrSymbol): Judgement {
        val text = symbol.scanned() ?: return Judgement("Unreadable", "no QR was found", Tint.BAD)
        trustList()?.let(verifier::setTrustList)
        val verdict = verifier.check(text, question)
        val reasons = verdict.findings.reasons.joinToString { it.code }
        return when (verdict) {
            is Verdict.Accept -> Judgement("Accept", reasons, Tint.GOOD)
            is Verdict.Caution -> Judgement("Caution", reasons, Tint.CAUTION)
            is Verdict.Refuse -> Judgement("Refuse", reasons, Tint.BAD)
        }
    }

    override fun close() = verifier.close()

    private companion object {
        const val NAME = "Officer at the desk"
    }
}

/** What the officer says: a word, and the stable names of the reasons. */
internal data class Judgement(
    val word: String,
    val reasons: String,
    val tint: Tint,
)

/** The text of a symbol, read from its picture. */
private fun QrSymbol.scanned(): String? {
    val scale = 4
    val quiet = 4
    val side = (size + 2 * quiet) * scale
    val pixels =
        IntArray(side * side) { at ->
            val dark = isDark(at % side / scale - quiet, at / side / scale - quiet)
            if (dark) 0xFF000000.toInt() else 0xFFFFFFFF.toInt()
        }
    return try {
        val picture = BinaryBitmap(HybridBinarizer(RGBLuminanceSource(side, side, pixels)))
        // Nothing is around it: without this the reader looks for corners, and takes wrong ones in
        // two codes of a hundred.
        QRCodeReader().decode(picture, mapOf(DecodeHintType.PURE_BARCODE to true)).text
    } catch (_: ReaderException) {
        null
    }
}
