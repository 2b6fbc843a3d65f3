package org.vidimus

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Test
import java.io.PrintWriter
import java.io.StringWriter
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse

class FaultsOfTheLibraryTest {
    @Test
    fun `a fault inside a call arrives without its text`() = assertSilent { provokePanic(SECRET) }

    @Test
    fun `a fault inside an asynchronous call arrives without its text`() = assertSilent { provokeAsyncPanic(SECRET) }

    private fun assertSilent(call: suspend () -> Unit) {
        val fault = assertFailsWith<WalletException.Internal> { runBlocking { translated { call() } } }
        val whole = StringWriter().also { fault.printStackTrace(PrintWriter(it)) }.toString()
        assertFalse(SECRET in whole)
    }

    private companion object {
        const val SECRET = "the text of a panic"
    }
}
