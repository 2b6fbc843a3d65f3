package org.vidimus.screens

import org.junit.jupiter.api.Test
import org.vidimus.QrSymbol
import org.vidimus.app.Screen
import org.vidimus.screens.support.Fixtures
import org.vidimus.screens.support.LayoutCheck
import org.vidimus.screens.support.Licenses
import org.vidimus.screens.support.Sample
import org.vidimus.screens.support.Setting
import org.vidimus.screens.support.Showings
import org.vidimus.screens.support.Stage
import org.vidimus.screens.support.StillDriver
import org.vidimus.shell.Language
import org.vidimus.shell.Texts
import org.vidimus.shell.Word
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** A screen may name a picture that is gone by the time it is drawn. */
class MissingPicturesTest {
    private val setting = Setting(Language.ENGLISH)
    private val texts = Texts(Language.ENGLISH)

    @Test
    fun `a code that is no longer shown leaves its place white, and all else where it was`() {
        val (there, gone) = listOf<QrSymbol?>(Fixtures.symbol, null).map { symbol -> tree(Sample("code", Showings.live(Fixtures.code()), driver = StillDriver { symbol }) { emptyList() }) }
        assertContentEquals(there, gone)
        assertTrue(gone.any { texts[Word.SHOW_QR] in it })
    }

    @Test
    fun `a portrait that is gone is drawn as none`() {
        val (none, gone) = listOf(null, "license-9-1").map { id -> tree(Sample("license", Screen.License(Licenses.Wallet(Fixtures.held(portrait = id)).screen)) { emptyList() }) }
        assertContentEquals(none, gone)
        assertEquals(1, gone.count { texts[Word.LICENSE_NO_PORTRAIT] in it })
    }

    private fun tree(sample: Sample): List<String> = Stage.use { LayoutCheck(show(sample, setting)).tree() }
}
