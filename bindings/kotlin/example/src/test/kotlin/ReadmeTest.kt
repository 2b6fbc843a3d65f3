import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import org.vidimus.FileKeyStore
import org.vidimus.Reason
import org.vidimus.TrustedAuthority
import org.vidimus.Wallet
import org.vidimus.png
import org.vidimus.support.Authority
import org.vidimus.support.scan
import java.nio.file.Path
import java.util.jar.JarFile
import kotlin.io.path.Path
import kotlin.io.path.readLines
import kotlin.io.path.readText
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

/** What a stranger does with the published jars and the README alone. */
class ReadmeTest {
    private val readme = Path("../README.md")

    @Test
    fun `the README shows the example that is compiled here`() {
        val shown = Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL).findAll(readme.readText())
        val example = Path("src/main/kotlin/Example.kt").readText()
        assertTrue(example in shown.map { it.groupValues[1] })
        assertTrue(example.substringAfter("suspend fun read").lines().size in 10..21, "a reader in 20 lines")
    }

    @Test
    fun `the README has at most 100 lines`() = assertTrue(readme.readLines().size <= 100)

    @Test
    fun `the library comes out of the packaged jar`() {
        val jars = listOf(Wallet::class, Reason::class).map { it.java.protectionDomain.codeSource.location.path }
        val name = if (System.getProperty("vidimus.flavour") == "wallet") "vidimus-wallet" else "vidimus"
        assertEquals(listOf("$name-", "$name-ffi-"), jars.map { it.substringAfterLast('/').replace(Regex("\\d.*jar"), "") })
        val library = checkNotNull(Wallet::class.java.classLoader.getResource("linux-x86-64/libvidimus_ffi.so"))
        assertEquals("jar", library.protocol)
        assertEquals(null, System.getProperty("jna.library.path"))
    }

    @Test
    fun `the driver's app is in the jars, but where the flavour is that of the wallet alone`() {
        val flavour = checkNotNull(System.getProperty("vidimus.flavour"))
        val classes =
            listOf(Wallet::class, Reason::class).flatMap { inJar ->
                val jar = JarFile(inJar.java.protectionDomain.codeSource.location.path)
                jar.use { entries -> entries.entries().toList().map { it.name } }
            }
        assertTrue("org/vidimus/Wallet.class" in classes)
        val app = classes.filter { it.startsWith("org/vidimus/app/") || "DriverApp" in it }
        if (flavour == "wallet") assertEquals(emptyList(), app) else assertTrue("org/vidimus/app/DriverApp.class" in app)
    }

    @Test
    fun `the example enrolls, shows a QR, and a reader judges it`(
        @TempDir home: Path,
    ): Unit =
        runBlocking {
            Authority().use { authority ->
                val registered = authority.register()
                val pictures = mutableListOf<ByteArray>()
                assertFailsWith<Seen> {
                    show(home, authority.rootKey, authority.issuer, registered.offer, registered.txCode) { picture ->
                        pictures.add(picture)
                        throw Seen()
                    }
                }
                val code = scan(pictures.single())
                val trusted = TrustedAuthority(authority.rootKey, authority.issuer, emptyList())
                assertEquals(listOf("may drive"), told(home, trusted, listOf(code)))
                val again = told(home, trusted, listOf(code), listOf("https://example.org")).single()
                assertTrue(again.startsWith("[REPLAYED"), again)
            }
        }

    @Test
    fun `the reader of the example shows the face`(
        @TempDir home: Path,
    ): Unit =
        runBlocking {
            Authority().use { authority ->
                val registered = authority.register()
                Wallet.create(home.resolve("wallet"), authority.rootKey, authority.issuer, FileKeyStore(home.resolve("keys"))).use { wallet ->
                    val license = wallet.enroll(wallet.readOffer(registered.offer), registered.txCode)
                    val shown =
                        wallet.present(license).use { presentation ->
                            presentation.showFace(true)
                            presentation.frame()
                        }
                    val pictures = (listOf(shown.symbol) + shown.face).map { listOf(scan(it.png())) }
                    val trusted = TrustedAuthority(authority.rootKey, authority.issuer, emptyList())
                    val bytes = checkNotNull(wallet.portrait(license)).size
                    assertEquals(listOf("may drive", "the face, $bytes bytes"), told(home, trusted, *pictures.toTypedArray()))
                }
            }
        }

    /** What the example's reader tells of these pictures. */
    private suspend fun told(
        home: Path,
        authority: TrustedAuthority,
        vararg pictures: List<String>,
    ): List<String> {
        val left = ArrayDeque(pictures.toList())
        return buildList { read(home, authority, { left.removeFirstOrNull() }, ::add) }
    }

    private class Seen : Exception()
}
