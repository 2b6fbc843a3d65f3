package org.vidimus.officer

import org.vidimus.reader.ReaderActivity

/** The app's only window: an officer checks licenses. */
internal class OfficerActivity : ReaderActivity(isInside = false)
