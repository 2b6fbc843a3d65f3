package org.vidimus.screens.support

import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel
import com.google.zxing.qrcode.encoder.Encoder
import org.vidimus.BirthDate
import org.vidimus.QrSymbol
import org.vidimus.StandingKind
import org.vidimus.models.Asker
import org.vidimus.models.CategoryRow
import org.vidimus.models.Holder
import org.vidimus.models.LicenseCard
import org.vidimus.models.Portrait
import org.vidimus.models.ShownCode
import org.vidimus.models.Standing
import org.vidimus.standing
import org.vidimus.support.Environment
import java.time.LocalDate
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Instant

/** Drivers, licenses and codes of the samples. */
internal object Fixtures {
    val now: Instant = Instant.parse("2026-11-26T08:14:00Z")

    val portrait = Portrait(Environment.portrait.toFile().readBytes())

    val adaeze =
        Holder(
            familyName = "Okonkwo",
            givenNames = "Adaeze",
            birthDate = BirthDate.Day(1991, 2, 28),
            number = "ZZ-2091-7734",
            issued = LocalDate.of(2022, 3, 1),
            expires = LocalDate.of(2052, 2, 28),
            country = "ZZ",
            categories =
                listOf(
                    CategoryRow("AM", LocalDate.of(2007, 4, 12), null, emptyList()),
                    CategoryRow("B", LocalDate.of(2010, 5, 1), null, listOf("01.06")),
                    CategoryRow("C1", LocalDate.of(2016, 9, 19), LocalDate.of(2051, 9, 18), listOf("01.02", "78")),
                ),
        )

    /** Longer than any card is wide. */
    val longest =
        adaeze.copy(
            familyName = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh",
            givenNames = "Maria-Magdalena Theresia Konstantinopolitanska",
            number = "ZZ-2091-7734-4711-0815-9999-1234",
            categories =
                List(12) {
                    CategoryRow("C1E-$it", LocalDate.of(2001, 9, 19), LocalDate.of(2031, 9, 18), List(9) { code -> "01.0$code" })
                },
        )

    /** In letters that run the other way. */
    val arabic = adaeze.copy(familyName = "الحسيني", givenNames = "ليلى")

    val chinese = adaeze.copy(familyName = "欧阳", givenNames = "美咲")

    fun standing(
        kind: StandingKind,
        age: Duration? = 12.minutes,
    ): Standing = Standing(kind.standing, age?.let { now - it }, age)

    val valid = standing(StandingKind.VALID)
    val old = standing(StandingKind.STATUS_STALE, 3.days)

    fun card(
        holder: Holder? = adaeze,
        standing: Standing = valid,
        portrait: Portrait? = this.portrait,
        id: String = "license-1",
        damaged: Boolean = false,
    ): LicenseCard = LicenseCard(id, holder, standing, portrait, damaged)

    val symbol: QrSymbol = symbolOf("DL1:" + "7Q2M5XW9RK4ZT8".repeat(64))

    fun code(
        standing: Standing = valid,
        audience: Asker? = null,
        statusLeftOut: Boolean = false,
        holder: String = "Adaeze Okonkwo",
    ): ShownCode = ShownCode(symbol, holder, standing, audience, statusLeftOut)

    fun symbolOf(text: String): QrSymbol {
        val matrix = Encoder.encode(text, ErrorCorrectionLevel.L).matrix
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
