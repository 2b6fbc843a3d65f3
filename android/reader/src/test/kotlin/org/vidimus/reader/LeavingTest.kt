package org.vidimus.reader

import android.content.Intent
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.vidimus.app.Place
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Which pages of the system a place is. */
@RunWith(RobolectricTestRunner::class)
internal class LeavingTest {
    private val context = RuntimeEnvironment.getApplication()

    @Test
    fun `every place outside of the app has a page, and none of them is read in clear`() {
        fun pages(
            place: Place,
            authorityPage: String = "https://licenses.example/help",
        ) = place.pages("org.vidimus.example", authorityPage)
        for (place in Place.entries - Place.CHECK) assertTrue(pages(place).isNotEmpty(), "$place")
        assertEquals(emptyList(), pages(Place.CHECK))
        assertEquals(emptyList(), pages(Place.AUTHORITY, "http://licenses.example/help"))
    }

    @Test
    fun `where no page is taken nothing opens, and nothing fails`() {
        // As on a phone, what no one takes cannot be started then.
        shadowOf(context).checkActivities(true)
        context.leaveFor(Place.CLOCK, "https://licenses.example/help")
        assertNull(shadowOf(context).nextStartedActivity)
    }

    @Test
    fun `a page opens as a task of the system's, not over the app's`() {
        context.leaveFor(Place.APP, "https://licenses.example/help")
        val started = shadowOf(context).nextStartedActivity
        assertEquals("package:${context.packageName}", started.dataString)
        assertTrue(started.flags and Intent.FLAG_ACTIVITY_NEW_TASK != 0)
    }
}
