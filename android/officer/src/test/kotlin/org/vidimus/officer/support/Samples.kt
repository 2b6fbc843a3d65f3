package org.vidimus.officer.support

import org.vidimus.app.CheckLogScreen
import org.vidimus.app.DoubtScreen
import org.vidimus.app.FaceView
import org.vidimus.app.LookScreen
import org.vidimus.app.Mark
import org.vidimus.app.Note
import org.vidimus.app.OfficerScreen
import org.vidimus.app.Sign
import org.vidimus.app.StartScreen
import org.vidimus.app.Tone
import org.vidimus.app.TwoScreen
import org.vidimus.app.Value
import org.vidimus.app.VerdictScreen
import org.vidimus.app.Words

/** One state of each screen that the tests of the window look at. */
internal object Samples {
    val start: OfficerScreen = OfficerScreen.Start(StartScreen(emptyList(), null, null, refreshing = false, mayCheck = true))

    val look: OfficerScreen =
        OfficerScreen.Look(
            LookScreen(
                title = words("officer.look.title"),
                hint = words("officer.look.hint"),
                miss = null,
                torch = false,
                refused = null,
                typing = null,
                mayRead = false,
            ),
        )

    val two: OfficerScreen = OfficerScreen.Two(TwoScreen(Note(sign(Tone.CAUTION), words("officer.both")), torch = false))

    /** A verdict that is the [announcement]-th that was told. */
    fun verdict(
        tone: Tone,
        announcement: Int,
    ): OfficerScreen =
        OfficerScreen.Verdict(
            VerdictScreen(
                word = words(if (tone == Tone.GOOD) "officer.accept" else "officer.refuse"),
                sign = sign(tone),
                announcement = announcement.toULong(),
                spoken = words("officer.spoken_unproven", Value.Word("officer.refuse"), Value.Word("common.unknown")),
                holder = null,
                authority = null,
                standing = null,
                source = null,
                reasons = emptyList(),
                face = FaceView.None,
                faceHint = null,
                notes = emptyList(),
                clock = null,
                firstSeen = null,
                doubtful = false,
                isAnswer = false,
                torch = null,
            ),
        )

    /** A question as a QR, or as [digits]. */
    fun doubt(digits: String? = null): OfficerScreen =
        OfficerScreen.Doubt(
            DoubtScreen(
                hint = words("officer.doubt.qr"),
                qr = if (digits == null) 3uL else null,
                digits = digits,
                ends = words("officer.doubt.ends", Value.Countdown(90u)),
                problem = null,
                asking = false,
                mayLook = true,
            ),
        )

    val log: OfficerScreen =
        OfficerScreen.Log(CheckLogScreen(null, words("officer.log.kept", Value.Number(30u)), emptyList(), mayExport = true, failed = null))

    private fun sign(tone: Tone) = Sign(tone, if (tone == Tone.GOOD) Mark.DISC else Mark.OCTAGON)

    private fun words(
        key: String,
        vararg values: Value,
    ) = Words(key, values.toList())
}
