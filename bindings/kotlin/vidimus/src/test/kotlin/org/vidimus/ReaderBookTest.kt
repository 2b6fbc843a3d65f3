package org.vidimus

import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Test
import org.vidimus.support.Authority
import org.vidimus.support.JcaKeyStore
import org.vidimus.support.Phone
import org.vidimus.support.damageOverflow
import org.vidimus.support.reader
import org.vidimus.support.scan
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.days

/** A reader's book and its looks, on the real core and the real authority. */
class ReaderBookTest {
    private val keys = JcaKeyStore()

    @Test
    fun `a look accepts, and joins the face from frames of which a third is lost`() =
        withBook { phone, wallet, id, book ->
            val presentation = wallet.present(id)
            assertEquals(emptyList(), presentation.frame().face, "the driver has not said so")
            presentation.showFace(true)
            val shown = presentation.frame()
            val code = scan(shown.symbol.png())
            val face = shown.face.map { scan(it.png()) }
            assertTrue(face.size in 2..16, "${face.size}")
            book.look().use { look ->
                val accepted = assertIs<Sight.Verdict>(look.take(listOf(code)).single())
                assertIs<Verdict.Accept>(accepted.checked.verdict)
                assertTrue(accepted.announce && accepted.seenForS == 0L)
                assertEquals(emptyList(), accepted.checked.troubles)
                assertIs<Sight.Same>(look.take(listOf(code)).single())
                val seen = mutableListOf<Sight>()
                for (pass in 0..2) {
                    for ((place, text) in face.withIndex()) if ((place + pass) % 3 != 0) seen += look.take(listOf(text))
                }
                val progress = seen.filterIsInstance<Sight.Face>().map { it.progress }
                assertEquals((1..face.size).toList(), progress.map { it.read })
                assertTrue(progress.all { it.count == face.size })
                val portrait = assertIs<Sight.Portrait>(seen.last { it !is Sight.Same })
                assertContentEquals(wallet.portrait(id), portrait.jpeg)
                assertEquals(1, seen.count { it is Sight.Portrait })
                assertIs<Sight.OtherCode>(book.look().use { it.take(listOf("https://example.org")) }.single())
            }
            assertEquals(listOf(CheckOutcome.ACCEPT), book.log().entries.map { it.outcome }, "one look, one entry")
            assertTrue(phone.directory.toFile().exists())
        }

    @Test
    fun `what was seen before a restart is refused after it`() =
        withBook { phone, wallet, id, book ->
            val code = wallet.present(id).use { it.frame().text }
            assertIs<Verdict.Accept>(book.check(code).verdict)
            book.close()
            open(phone).use { again ->
                assertEquals(Reason.REPLAYED, assertIs<Verdict.Refuse>(again.check(code).verdict).findings.reasons.first())
            }
            val kept =
                phone.authority.reader(wallet).use { reader ->
                    assertIs<Verdict.Accept>(reader.check(code))
                    reader.remembered()
                }
            phone.authority.reader(wallet).use { reader ->
                assertFailsWith<WalletException.InvalidArgument> { reader.remember(kept.copyOf(kept.size - 1)) }
                reader.remember(kept)
                assertEquals(listOf(Reason.REPLAYED), reader.check(code).findings.reasons)
            }
        }

    @Test
    fun `a signed challenge shows the driver a proven name, and its answer is accepted`() =
        withPhone { phone, wallet, id ->
            val secret = authority.addReader("Patrol 7")
            assertTrue(wallet.refresh(RefreshScope.NOW).failures.isEmpty())
            open(phone, secret).use { book ->
                book.trustAndRefresh()
                val challenge = book.ask("Patrol 7", wantsFace = true)
                assertEquals(challenge.text, scan(checkNotNull(challenge.symbol).png()))
                val request = wallet.readChallenge(challenge.text)
                assertEquals("Patrol 7", request.provenName)
                assertTrue(request.wantsFace)
                book.look(challenge).use { look ->
                    val unasked = wallet.present(id).use { it.frame().text }
                    assertIs<Sight.NotAnAnswer>(look.take(listOf(unasked)).single())
                    val answer = wallet.answer(id, request).use { it.frame().text }
                    val sight = assertIs<Sight.Verdict>(look.take(listOf(answer)).single())
                    assertEquals(true, assertIs<Verdict.Accept>(sight.checked.verdict).findings.token?.challenged)
                }
                val digits = book.askByDigits()
                assertTrue(Regex("[0-9]{8}").matches(digits.text) && digits.symbol == null)
                val foreign = Challenge("ff", digits.text, null)
                val failure = assertFailsWith<WalletException.Reader> { book.check("DL1:", foreign) }
                assertEquals(ReaderProblem.NO_SUCH_CHALLENGE, failure.reason)
            }
        }

    @Test
    fun `of two licenses in one picture none is judged`() =
        withBook { _, wallet, id, book ->
            val registered = authority.register()
            val other = wallet.enroll(wallet.readOffer(registered.offer), registered.txCode)
            val codes = listOf(id, other).map { license -> wallet.present(license).use { it.frame().text } }
            book.look().use { look ->
                assertIs<Sight.TwoLicenses>(look.take(codes).single())
                assertEquals(emptyList(), book.log().entries)
                val alone = assertIs<Sight.Verdict>(look.take(codes.take(1)).single())
                assertIs<Verdict.Accept>(alone.checked.verdict)
            }
        }

    @Test
    fun `a book with a damaged row opens, names it, and is mended`() =
        withBook { phone, wallet, _, book ->
            // So many addresses that the row needs more than one page of the file.
            val many = (1..40).map { "${authority.issuer}/status/bundle/${"x".repeat(150)}/$it" }
            val id = book.trust(trusted.copy(bundles = many))
            book.close()
            phone.directory.resolve("reader").damageOverflow()
            open(phone).use { damaged ->
                val status = damaged.status()
                assertEquals(listOf(id), status.damagedAuthorities)
                assertFalse(status.mayCheck)
                assertTrue(Damage.ROW in damaged.examine().damaged)
                val failure = assertFailsWith<WalletException.Reader> { damaged.check("DL1:") }
                assertEquals(ReaderProblem.NO_AUTHORITY, failure.reason)
                damaged.trustAndRefresh()
                assertEquals(emptyList(), damaged.status().damagedAuthorities)
            }
            assertEquals(emptyList(), wallet.examine().damaged, "the wallet is another file")
        }

    @Test
    fun `a wallet and a book share a key store, and neither moves the other's number`() =
        withPhone { phone, wallet, id ->
            val before = assertNotNull(keys.readAnchor())
            open(phone).use { book ->
                assertNull(book.status().authorities.singleOrNull())
                assertFalse(book.status().mayCheck)
                book.trustAndRefresh()
                val status = book.status()
                val held = status.authorities.single()
                assertTrue(status.mayCheck && held.address == authority.issuer)
                assertTrue(checkNotNull(held.listAge) < 1.days && checkNotNull(held.bundles.single().age) < 1.days)
                assertEquals(before, keys.readAnchor())
                assertNotNull(keys.named("reader").readAnchor())
                assertIs<Verdict.Accept>(book.check(wallet.present(id).use { it.frame().text }).verdict)
                book.distrust(held.id)
                assertEquals(emptyList(), book.status().authorities)
            }
            wallet.close()
            phone.open().use { again -> assertEquals(id, again.licenses().single().id) }
            open(phone).close()
        }

    @Test
    fun `the log is read, exported with a signature, and forgotten`() =
        withPhone { phone, wallet, id ->
            val first = wallet.present(id).use { it.frame().text }
            open(phone, ByteArray(32) { 7 }).use { officer ->
                officer.trustAndRefresh()
                officer.check(first)
                officer.check(first)
                val log = officer.log()
                assertTrue(log.intact)
                assertEquals(listOf(CheckOutcome.REFUSE, CheckOutcome.ACCEPT), log.entries.map { it.outcome })
                assertTrue(log.entries.all { checkNotNull(it.number).startsWith("ZZ-4711-0815") })
                val lines = officer.exportedLog().decodeToString().lines().filter(String::isNotEmpty)
                assertEquals(3, lines.size)
                assertTrue("\"accept\"" in lines[0] && "\"replayed\"" in lines[1] && "\"signed_by\"" in lines[2])
                assertEquals(0, officer.forgetLog(1))
                assertEquals(2, officer.forgetLog(0))
                assertEquals(emptyList(), officer.log().entries)
            }
            ReaderBook.open(phone.directory, keys).use { citizen ->
                // What is signed in one second is one code.
                delay(1100)
                assertIs<Verdict.Accept>(citizen.check(wallet.present(id).use { it.frame().text }).verdict)
                assertNull(citizen.log(1).entries.single().number)
                assertFalse("signed_by" in citizen.exportedLog().decodeToString())
            }
        }

    private val trusted get() = TrustedAuthority(authority.rootKey, authority.issuer, emptyList())

    private suspend fun ReaderBook.trustAndRefresh() {
        trust(trusted)
        val report = refresh(RefreshScope.NOW)
        assertEquals(emptyList(), report.failures)
        assertTrue(report.requests > 0)
    }

    private suspend fun open(
        phone: Phone,
        readerKey: ByteArray? = null,
    ): ReaderBook = ReaderBook.open(phone.directory, keys, keepsNumbers = true, readerKey)

    private fun withPhone(test: suspend (Phone, Wallet, String) -> Unit): Unit =
        runBlocking {
            Phone(authority, keys).use { phone ->
                val (wallet, id) = phone.enrolled()
                wallet.use { test(phone, wallet, id) }
            }
        }

    private fun withBook(test: suspend (Phone, Wallet, String, ReaderBook) -> Unit): Unit =
        withPhone { phone, wallet, id ->
            open(phone).use { book ->
                book.trustAndRefresh()
                test(phone, wallet, id, book)
            }
        }

    private companion object {
        val authority = Authority()

        @JvmStatic
        @AfterAll
        fun close() = authority.close()
    }
}
