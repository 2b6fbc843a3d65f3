package org.vidimus.app

import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Test
import org.vidimus.support.Authority
import org.vidimus.support.Phone
import kotlin.io.path.Path
import kotlin.io.path.readText
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds

class ReadmeTest {
    @Test
    fun `the README shows the loop that is compiled here`() {
        val shown = Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL).findAll(Path("../README.md").readText())
        val example = Path("src/test/kotlin/org/vidimus/app/Example.kt").readText().removePrefix("package org.vidimus.app\n\n")
        assertTrue(example in shown.map { it.groupValues[1] })
        assertTrue(example.lines().size in 5..9)
    }

    private suspend fun until(isSo: () -> Boolean) = withTimeout(20.seconds) { while (!isSo()) delay(10) }

    @Test
    fun `the loop draws each screen and begins each effect once`(): Unit =
        runBlocking {
            Authority().use { authority ->
                Phone(authority).use { phone ->
                    phone.start().use { app ->
                        val begun = mutableListOf<ShellEffect>()
                        val drawn = mutableListOf<Screen>()
                        val loop = launch { run(app, drawn::add, begun::add) }
                        until { drawn.lastOrNull() is Screen.Welcome }
                        app.send(Action.Scan)
                        until { begun.any { it.ask == Ask.Camera } }
                        app.send(Action.Back)
                        until { drawn.last() is Screen.Welcome }
                        app.end()
                        loop.join()
                        assertTrue(drawn.any { it is Screen.Scan })
                        assertEquals(1, begun.count { it.ask == Ask.Camera })
                        assertEquals(begun.size, begun.distinct().size)
                    }
                }
            }
        }
}
