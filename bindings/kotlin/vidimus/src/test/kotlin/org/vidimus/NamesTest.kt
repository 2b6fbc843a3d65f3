package org.vidimus

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.CsvSource
import org.vidimus.support.Authority
import org.vidimus.support.Phone
import org.vidimus.support.reader
import kotlin.test.assertEquals
import kotlin.test.assertIs

class NamesTest {
    @ParameterizedTest
    @CsvSource(
        "الحسيني, فاطمة الزهراء, دورية ٧",
        "বন্দ্যোপাধ্যায়, রবীন্দ্রনাথ, টহল ৭",
        "歐陽, 詩雨, 巡邏七隊",
        "Müller 𠮷, Zoë 𠀋, Streife 🚓",
    )
    fun `a name is the same from the register to the officer`(
        familyName: String,
        givenNames: String,
        patrol: String,
    ): Unit =
        runBlocking {
            val driver =
                Authority.DRIVER.replace("Nakamura-Østergård", familyName).replace("Zoë 美咲", givenNames)
            Phone(authority).use { phone ->
                val (wallet, id) = phone.enrolled(authority.register(driver))
                wallet.use {
                    val held = checkNotNull(wallet.licenses().single().license)
                    assertEquals(familyName to givenNames, held.familyName to held.givenNames)
                    authority.reader(wallet).use { officer ->
                        val challenge = officer.ask(patrol)
                        val request = wallet.readChallenge(challenge.text)
                        assertEquals(patrol, request.reader)
                        val frame = wallet.answer(id, request).use { it.frame().also { _ -> it.end() } }
                        val license = assertIs<Verdict.Accept>(officer.check(frame.text, challenge)).license
                        assertEquals(familyName to givenNames, license.familyName to license.givenNames)
                    }
                    val shown = assertIs<ActivityEvent.Shown>(wallet.activity(1).entries.single().event)
                    assertEquals(Audience.Reader(patrol, proven = false), shown.audience)
                }
            }
        }

    private companion object {
        val authority = Authority()

        @JvmStatic
        @AfterAll
        fun close() = authority.close()
    }
}
