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

suspend fun read(home: Path, authority: TrustedAuthority, picture: suspend () -> List<String>?, tell: (String) -> Unit) {
    ReaderBook.open(home, FileKeyStore(home.resolve("keys")), keepsNumbers = true).use { book ->
        book.trust(authority)
        book.refresh() // trust list and statuses; checking needs no network
        val look = book.look() // one for each camera and each question
        while (true) {
            val texts = picture() ?: break // all codes that the camera sees now
            look.take(texts).mapNotNull(::said).forEach(tell)
        }
    }
}

fun said(sight: Sight): String? =
    when (sight) {
        is Sight.Verdict -> sight.checked.verdict.let { if (it is Verdict.Accept) "may drive" else "${it.findings.reasons}" }
        is Sight.Portrait -> "the face, ${sight.jpeg.size} bytes"
        is Sight.TwoLicenses, is Sight.OtherCode -> "one license, please"
        else -> null
    }
