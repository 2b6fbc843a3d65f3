package org.vidimus.app.support

import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel
import com.google.zxing.qrcode.encoder.Encoder
import org.vidimus.BirthDate
import org.vidimus.LicenseStanding
import org.vidimus.QrSymbol
import org.vidimus.StandingKind
import org.vidimus.Tone
import org.vidimus.models.BlockedState
import org.vidimus.models.CategoryRow
import org.vidimus.models.CodeField
import org.vidimus.models.Holder
import org.vidimus.models.LicenseCard
import org.vidimus.models.LicenseState
import org.vidimus.models.OfferState
import org.vidimus.models.Screen
import org.vidimus.models.ShowState
import org.vidimus.models.ShownCode
import org.vidimus.models.Standing
import org.vidimus.models.Trouble
import org.vidimus.models.WelcomeState
import java.time.LocalDate
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Instant

/** One state of each screen that the tests of the shell look at. */
internal object Samples {
    /** What the QR says: as long as a token with its status. */
    val token = "DL1:" + "7Q2M5XW9RK4ZT8".repeat(64)

    private val mayDrive = LicenseStanding(StandingKind.VALID, Tone.GOOD, "state.valid")

    val valid = Standing(mayDrive, Instant.parse("2026-11-26T08:02:00Z"), 12.minutes)

    val holder =
        Holder(
            familyName = "Okonkwo",
            givenNames = "Adaeze",
            birthDate = BirthDate.Day(1991, 2, 28),
            number = "ZZ-2091-7734",
            issued = LocalDate.of(2022, 3, 1),
            expires = LocalDate.of(2052, 2, 28),
            country = "ZZ",
            categories = listOf(CategoryRow("B", LocalDate.of(2010, 5, 1), null, listOf("01.06"))),
        )

    val welcome = Screen.Welcome(WelcomeState())

    val license = Screen.License(LicenseState(listOf(LicenseCard("one", holder, valid, null, false)), 0))

    val live =
        Screen.Show(
            ShowState.Live(ShownCode(symbol(token), "Adaeze Okonkwo", valid, null, statusLeftOut = false), nextIn = 7, endsIn = 281),
        )

    val unlocking = Screen.Show(ShowState.Unlocking)

    val over = Screen.Show(ShowState.Over(byItself = true))

    val blocked = Screen.Blocked(BlockedState(Trouble.KEY_INVALIDATED))

    val offer =
        Screen.Offer(
            OfferState(
                issuer = "https://licenses.example",
                name = "Road Authority of Zembla",
                proven = true,
                code = CodeField("24", numeric = true, length = 6, hint = "By post"),
            ),
        )

    private fun symbol(text: String): QrSymbol {
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
