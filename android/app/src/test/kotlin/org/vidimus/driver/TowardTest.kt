package org.vidimus.driver

import org.junit.Test
import org.vidimus.app.Action
import org.vidimus.app.Pager
import org.vidimus.app.Screen
import org.vidimus.app.Words
import org.vidimus.driver.support.Samples
import kotlin.test.assertEquals

/** The way from a notification to its license. */
internal class TowardTest {
    private val sent = mutableListOf<Action>()
    private val toward = Toward { sent += it }

    @Test
    fun `the license that is in front is there already`() {
        follows("one", Screen.Opening, card(0), card(1))
        assertEquals(emptyList(), sent)
    }

    @Test
    fun `from the last one it goes on with the first`() {
        follows("two", card(2), card(0), card(1))
        assertEquals(listOf<Action>(Action.Select(0u), Action.Select(1u)), sent)
    }

    @Test
    fun `the same screen again is waited at, and one that is gone is looked for once`() {
        follows("gone", card(0), card(0), card(1), card(2), card(0), card(1))
        assertEquals(listOf<Action>(Action.Select(1u), Action.Select(2u), Action.Select(0u)), sent)
    }

    @Test
    fun `a single license needs no way, whichever it is`() {
        follows("gone", Samples.license, card(0))
        assertEquals(emptyList(), sent)
    }

    @Test
    fun `a code that is over is left, once, and one that is shown is not`() {
        follows("two", Samples.over, Samples.over, card(1))
        assertEquals(listOf<Action>(Action.Back), sent)
        sent.clear()
        follows("two", Samples.live, card(0))
        assertEquals(emptyList(), sent)
    }

    @Test
    fun `nothing that was typed is left`() {
        follows("two", Samples.offer, card(0))
        follows("two", Samples.welcome(mayGoBack = true), card(0))
        assertEquals(emptyList(), sent)
    }

    @Test
    fun `a driver who has left is led nowhere`() {
        toward.begin("two")
        toward.end()
        toward.follow(card(0))
        assertEquals(emptyList(), sent)
    }

    private fun follows(
        license: String,
        vararg screens: Screen,
    ) {
        toward.begin(license)
        screens.forEach(toward::follow)
    }

    /** One of three, by its place. */
    private fun card(place: Int): Screen {
        val pager = Pager(Words("license.of", emptyList()), (place - 1).takeIf { it >= 0 }?.toUInt(), (place + 1).takeIf { it < 3 }?.toUInt())
        return Samples.license(listOf("one", "two", "three")[place], pager)
    }
}
