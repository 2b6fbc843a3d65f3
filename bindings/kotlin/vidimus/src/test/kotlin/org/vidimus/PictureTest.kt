package org.vidimus

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.vidimus.support.Authority
import org.vidimus.support.Environment
import org.vidimus.support.Phone
import org.vidimus.support.picture
import org.vidimus.support.reader
import org.vidimus.support.scan
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import kotlin.io.path.createDirectories
import kotlin.io.path.moveTo
import kotlin.io.path.writeBytes
import kotlin.io.path.writeText
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs

class PictureTest {
    @Test
    fun `a token's picture is read by another program, judged, and left for the other language`(): Unit =
        runBlocking {
            val name = "Müller 𠮷 الحسيني"
            Authority().use { authority ->
                Phone(authority).use { phone ->
                    val driver = Authority.DRIVER.replace("Nakamura-Østergård", name)
                    val (wallet, id) = phone.enrolled(authority.register(driver))
                    wallet.use {
                        val frame = wallet.present(id).use { it.frame() }
                        val png = frame.symbol.png()
                        val trustList = checkNotNull(wallet.trustList())
                        assertEquals(frame.text, scan(png))
                        authority.reader(wallet).use { assertIs<Verdict.Accept>(it.check(scan(png))) }
                        leave("root.cose") { it.writeBytes(authority.rootKey) }
                        leave("trust-list.cose") { it.writeBytes(trustList) }
                        leave("at.txt") { it.writeText("${frame.issuedAt.epochSeconds}") }
                        leave("name.txt") { it.writeText(name) }
                        leave("picture.png") { it.writeBytes(png) }
                    }
                }
            }
        }

    @Test
    fun `the modules are those of the picture, with light ones around`() {
        Verifier(ROOT).use { verifier ->
            val challenge = verifier.ask("Patrol 7")
            val symbol = checkNotNull(challenge.symbol)
            val picture = picture(symbol.png(scale = 1))
            assertEquals(symbol.size + 8, picture.width)
            for (y in -4..<symbol.size + 4) {
                for (x in -4..<symbol.size + 4) {
                    val dark = picture.getRGB(x + 4, y + 4) and 0xff < 128
                    assertEquals(dark, symbol.isDark(x, y), "$x, $y")
                }
            }
            assertEquals(challenge.text, scan(symbol.png()))
            for (scale in listOf(0, -1, 33)) assertFailsWith<WalletException.InvalidArgument> { symbol.png(scale) }
        }
    }

    private fun leave(
        name: String,
        write: (Path) -> Unit,
    ) {
        val folder = Environment.exchange.resolve("kotlin").createDirectories()
        val unfinished = folder.resolve("$name.new")
        write(unfinished)
        unfinished.moveTo(folder.resolve(name), ATOMIC_MOVE)
    }

    private companion object {
        val ROOT = Environment.vectors.resolve("root.cose").toFile().readBytes()
    }
}
