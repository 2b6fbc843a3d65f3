import org.vidimus.*
import java.nio.file.Path

suspend fun show(home: Path, root: ByteArray, authority: String, offer: String, code: String, draw: (ByteArray) -> Unit) {
    val keys = FileKeyStore(home.resolve("keys")) // on a phone: a KeyStore of your own
    Wallet.create(home.resolve("wallet"), root, authority, keys).use { wallet ->
        val license = wallet.enroll(wallet.readOffer(offer), code)
        wallet.present(license).use { presentation ->
            presentation.frames().collect { frame ->
                draw(frame.symbol.png()) // a new QR every ten seconds, for five minutes
            }
        }
    }
}

fun judge(reader: Verifier, scanned: String): String =
    when (val verdict = reader.check(scanned)) {
        is Verdict.Accept -> "may drive ${verdict.license.categories.map { it.code }}"
        is Verdict.Caution -> "in doubt: ${verdict.findings.reasons}"
        is Verdict.Refuse -> "refused: ${verdict.findings.reasons}"
    }
