package org.vidimus

import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import org.vidimus.support.Authority
import org.vidimus.support.Phone
import org.vidimus.support.reader
import java.util.concurrent.Executors
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue

class ThreadsTest {
    @Test
    fun `eight threads use one wallet and one verifier at once`(): Unit =
        runBlocking {
            Authority().use { authority ->
                Phone(authority).use { phone ->
                    val (wallet, id) = phone.enrolled()
                    wallet.use {
                        authority.reader(wallet).use { officer ->
                            onEightThreads { thread -> repeat(12) { use(wallet, id, officer, thread) } }
                            val shown = wallet.activity(1_000).entries.count { it.event is ActivityEvent.Shown }
                            assertEquals(8 * 12, shown)
                            assertTrue(wallet.examine().damaged.isEmpty())
                        }
                    }
                }
            }
        }

    @Test
    fun `a token that eight threads check at once is accepted by one of them`(): Unit =
        runBlocking {
            Authority().use { authority ->
                Phone(authority).use { phone ->
                    val (wallet, id) = phone.enrolled()
                    wallet.use {
                        val text = wallet.present(id).use { it.frame().text }
                        repeat(50) {
                            authority.reader(wallet).use { officer ->
                                val verdicts = onEightThreads { officer.check(text) }
                                assertEquals(1, verdicts.count { it is Verdict.Accept })
                                assertEquals(7, verdicts.count { it.findings.reasons == listOf(Reason.REPLAYED) })
                            }
                        }
                    }
                }
            }
        }

    private suspend fun use(
        wallet: Wallet,
        id: String,
        officer: Verifier,
        thread: Int,
    ) {
        val challenge = officer.ask("Patrol $thread")
        val presentation = wallet.answer(id, wallet.readChallenge(challenge.text))
        val frame = presentation.use { it.frame().also { presentation.end() } }
        assertIs<Verdict.Accept>(officer.check(frame.text, challenge))
        assertEquals(id, wallet.licenses().single().id)
        if (thread % 4 == 0) wallet.refresh(RefreshScope.NOW)
    }

    private suspend fun <T> onEightThreads(work: suspend (Int) -> T): List<T> =
        Executors.newFixedThreadPool(8).asCoroutineDispatcher().use { threads ->
            coroutineScope { List(8) { async(threads) { work(it) } }.awaitAll() }
        }
}
