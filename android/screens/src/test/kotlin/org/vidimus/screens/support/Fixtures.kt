package org.vidimus.screens.support

import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel
import com.google.zxing.qrcode.encoder.Encoder
import org.vidimus.QrSymbol
import org.vidimus.app.Asker
import org.vidimus.app.CalendarDay
import org.vidimus.app.CardStatus
import org.vidimus.app.CategoryRow
import org.vidimus.app.Condition
import org.vidimus.app.FaceTurn
import org.vidimus.app.Holder
import org.vidimus.app.LicenseCard
import org.vidimus.app.LiveCode
import org.vidimus.app.Tone
import org.vidimus.app.Value
import org.vidimus.shell.Notice
import org.vidimus.shell.Word
import org.vidimus.support.Environment
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Instant

/** Drivers, licenses and codes of the samples. */
internal object Fixtures {
    /** The id of the portrait. */
    const val PORTRAIT = "license-1-1790000000"

    val now: Instant = Instant.parse("2026-11-26T08:14:00Z")

    val jpeg: ByteArray = Environment.portrait.toFile().readBytes()

    val notices = listOf(Notice("ring 0.17", "Apache-2.0 AND ISC"), Notice("SQLite 3.50", "Public domain"))

    val adaeze =
        holder(
            familyName = "Okonkwo",
            givenNames = "Adaeze",
            number = "ZZ-2091-7734",
            categories =
                listOf(
                    category("AM", day(2007, 4, 12), null, emptyList()),
                    category("B", day(2010, 5, 1), null, listOf("01.06")),
                    category("C1", day(2016, 9, 19), day(2051, 9, 18), listOf("01.02", "78")),
                ),
        )

    /** Longer than any card is wide. */
    val longest =
        holder(
            familyName = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh",
            givenNames = "Maria-Magdalena Theresia Konstantinopolitanska",
            number = "ZZ-2091-7734-4711-0815-9999-1234",
            categories = List(12) { category("C1E-$it", day(2001, 9, 19), day(2031, 9, 18), List(9) { code -> "01.0$code" }) },
        )

    /** In letters that run the other way. */
    val arabic = adaeze.named("الحسيني", "ليلى")

    val chinese = adaeze.named("欧阳", "美咲")

    fun Holder.named(
        familyName: String = this.familyName,
        givenNames: String = this.givenNames,
    ): Holder = holder(familyName, givenNames, number, categories)

    fun standing(
        state: State,
        age: Duration? = 12.minutes,
    ) = Standing(state, age)

    val valid = standing(State.VALID)
    val old = standing(State.STATUS_STALE, 3.days)

    fun held(
        holder: Holder? = adaeze,
        standing: Standing = valid,
        portrait: String? = PORTRAIT,
        id: String = "license-1",
        damaged: Boolean = false,
    ) = Held(holder, standing, portrait, id, damaged)

    /** As dense as a real one: version 23 at level M. */
    val symbol: QrSymbol = symbolOf("DL1:" + "7Q2M5XW9RK4ZT8".repeat(84))

    fun code(
        standing: Standing = valid,
        audience: Asker? = null,
        statusLeftOut: Boolean = false,
        holder: String = "Adaeze Okonkwo",
        frame: ULong = 1u,
        nextIn: UInt = 7u,
        endsIn: UInt = 249u,
        face: FaceTurn = FaceTurn.Off,
    ): LiveCode =
        LiveCode(
            showing = 4u,
            frame = frame,
            holder = holder,
            portrait = PORTRAIT,
            number = "ZZ-2091-7734",
            categories = listOf("AM", "B", "C1"),
            now = Value.Clock((now.epochSeconds + 300 - endsIn.toLong()).toULong()),
            face = face,
            status = standing.status,
            nextInS = nextIn,
            periodS = 10u,
            next = Told.words(Word.SHOW_NEW_CODE, Value.Number(nextIn)),
            ends = Told.words(Word.SHOW_ENDS, Value.Countdown(endsIn)),
            spoken =
                Told.words(
                    Word.SHOW_SPOKEN,
                    Value.Text(holder),
                    Told.value(standing.state.word),
                    standing.heard,
                    Value.Count("seconds", nextIn),
                ),
            audience = audience,
            statusLeftOut = if (statusLeftOut) Told.note(Tone.CAUTION, Word.SHOW_NO_STATUS_INSIDE) else null,
        )

    private fun day(
        year: Int,
        month: Int,
        day: Int,
    ) = CalendarDay(year, month.toUByte(), day.toUByte())

    private fun holder(
        familyName: String,
        givenNames: String,
        number: String,
        categories: List<CategoryRow>,
    ) = Holder(
        familyName = familyName,
        givenNames = givenNames,
        name = listOf(givenNames, familyName).filter(String::isNotEmpty).joinToString(" "),
        born = Value.Day(day(1991, 2, 28)),
        number = number,
        country = "ZZ",
        issued = day(2022, 3, 1),
        expires = Value.Day(day(2052, 2, 28)),
        categories = categories,
    )

    private fun category(
        code: String,
        from: CalendarDay?,
        until: CalendarDay?,
        conditions: List<String>,
    ) = CategoryRow(
        code,
        meaningOf(code)?.let { Told.words(it) },
        from?.let { Told.words(Word.LICENSE_CATEGORY_FROM, Value.Day(it)) },
        until?.let { Told.words(Word.LICENSE_CATEGORY_UNTIL, Value.Day(it)) },
        conditions.map { Condition(it, meaningOf(it)?.let { word -> Told.words(word) }) },
    )

    private fun meaningOf(code: String): Word? =
        when (code) {
            "AM" -> Word.CATEGORY_EU_AM
            "B" -> Word.CATEGORY_EU_B
            "C1" -> Word.CATEGORY_EU_C1
            "01.02" -> Word.RESTRICTION_01_02
            "01.06" -> Word.RESTRICTION_01_06
            else -> null
        }

    fun symbolOf(text: String): QrSymbol {
        val matrix = Encoder.encode(text, ErrorCorrectionLevel.M).matrix
        val rowBytes = (matrix.width + 7) / 8
        val modules = ByteArray(rowBytes * matrix.height)
        for (y in 0..<matrix.height) {
            for (x in 0..<matrix.width) {
                if (matrix.get(x, y).toInt() == 1) {
                    val at = y * rowBytes + x / 8
                    modules[at] = (modules[at].toInt() or (0x80 shr x % 8)).toByte()
                }
            }
        }
        return QrSymbol(matrix.width, modules)
    }
}

/** A license in a wallet, and the card that the core makes of it. */
internal class Held(
    val holder: Holder?,
    val standing: Standing,
    val portrait: String?,
    val id: String,
    val damaged: Boolean,
) {
    val name: Value get() = holder?.let { Value.Text(it.name) } ?: Told.value(Word.COMMON_UNKNOWN)

    /** A damaged one cannot, with any status. */
    val mayShow: Boolean get() = holder != null && !damaged

    val state: Word get() = if (damaged) Word.TROUBLE_DAMAGED_TITLE else standing.state.word

    val card: LicenseCard
        get() {
            val status = CardStatus(Told.words(state), Told.sign(Tone.BAD), null, null)
            val told = if (damaged) Told.value(Word.LICENSE_DAMAGED) else standing.heard
            return LicenseCard(
                id = id,
                holder = holder,
                status = if (damaged) status else standing.status,
                portrait = portrait,
                damaged = if (damaged) Told.note(Tone.BAD, Word.LICENSE_DAMAGED) else null,
                spoken = Told.words(Word.LICENSE_SPOKEN, name, Told.value(state), told),
            )
        }
}
