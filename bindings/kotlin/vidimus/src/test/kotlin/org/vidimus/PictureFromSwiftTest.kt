package org.vidimus

import org.junit.jupiter.api.Test
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable
import org.vidimus.support.Environment
import org.vidimus.support.scan
import kotlin.io.path.readBytes
import kotlin.io.path.readText
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.time.Instant

@EnabledIfEnvironmentVariable(
    named = "VIDIMUS_EXPECT_PICTURE_OF",
    matches = "swift",
    disabledReason = "Swift's tests did not run before",
)
class PictureFromSwiftTest {
    private val folder = Environment.exchange.resolve("swift")

    @Test
    fun `a token's picture made in Swift is read and judged`() {
        val at = Instant.fromEpochSeconds(folder.resolve("at.txt").readText().trim().toLong())
        Verifier(folder.resolve("root.cose").readBytes()).use { reader ->
            reader.setTrustList(folder.resolve("trust-list.cose").readBytes())
            val text = scan(folder.resolve("picture.png").readBytes())
            val license = assertIs<Verdict.Accept>(reader.check(text, now = at)).license
            assertEquals(folder.resolve("name.txt").readText().trim(), license.familyName)
        }
    }
}
