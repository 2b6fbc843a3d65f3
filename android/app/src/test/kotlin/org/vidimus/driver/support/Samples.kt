package org.vidimus.driver.support

import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel
import com.google.zxing.qrcode.encoder.Encoder
import org.vidimus.QrSymbol
import org.vidimus.app.BlockedScreen
import org.vidimus.app.CalendarDay
import org.vidimus.app.CardStatus
import org.vidimus.app.CategoryRow
import org.vidimus.app.CodeField
import org.vidimus.app.CodeLength
import org.vidimus.app.FaceTurn
import org.vidimus.app.Field
import org.vidimus.app.Holder
import org.vidimus.app.LicenseCard
import org.vidimus.app.LicenseScreen
import org.vidimus.app.LiveCode
import org.vidimus.app.Mark
import org.vidimus.app.Note
import org.vidimus.app.OfferScreen
import org.vidimus.app.Pager
import org.vidimus.app.Screen
import org.vidimus.app.ShowPhase
import org.vidimus.app.ShowScreen
import org.vidimus.app.Sign
import org.vidimus.app.Story
import org.vidimus.app.Tone
import org.vidimus.app.Trouble
import org.vidimus.app.TroubleAction
import org.vidimus.app.Value
import org.vidimus.app.WelcomeScreen
import org.vidimus.app.Words

/** One state of each screen that the tests of the window look at. */
internal object Samples {
    /** What the QR says: as long as a token with its status. */
    val token = "DL1:" + "7Q2M5XW9RK4ZT8".repeat(64)

    val symbol = symbol(token)

    private val good = Sign(Tone.GOOD, Mark.DISC)

    private val valid =
        CardStatus(
            state = words("state.valid"),
            sign = good,
            age = Value.Age(12u),
            asOf = words("license.as_of", Value.Moment(1_795_680_120uL)),
        )

    private val holder =
        Holder(
            familyName = "Okonkwo",
            givenNames = "Adaeze",
            name = "Adaeze Okonkwo",
            born = Value.Day(CalendarDay(1991, 2u, 28u)),
            number = "ZZ-2091-7734",
            country = "ZZ",
            issued = CalendarDay(2022, 3u, 1u),
            expires = Value.Day(CalendarDay(2052, 2u, 28u)),
            categories = listOf(CategoryRow(code = "B", from = words("license.category.from", Value.Day(CalendarDay(2010, 5u, 1u))), until = null, conditions = emptyList(), meaning = null)),
        )

    val welcome = welcome(mayGoBack = false)

    fun welcome(mayGoBack: Boolean): Screen =
        Screen.Welcome(
            WelcomeScreen(
                title = words("welcome.title"),
                body = words("welcome.body"),
                mayGoBack = mayGoBack,
                lock = null,
                maySignIn = false,
                applications = emptyList(),
                typing = true,
                offer = Field("", 0uL),
                reading = false,
                mayRead = false,
                refusal = null,
                troubles = emptyList(),
            ),
        )

    val license: Screen = license("one", null)

    fun license(
        id: String,
        pager: Pager?,
    ): Screen =
        Screen.License(
            LicenseScreen(
                title = words("license.title"),
                card =
                    LicenseCard(
                        id = id,
                        holder = holder,
                        status = valid,
                        portrait = null,
                        damaged = null,
                        spoken = words("license.spoken", Value.Text("Adaeze Okonkwo"), Value.Word("state.valid"), Value.Confirmed(12u)),
                    ),
                pager = pager,
                refreshing = false,
                applications = emptyList(),
                troubles = emptyList(),
                mayShow = true,
            ),
        )

    val live: Screen =
        show(
            ShowPhase.Live(
                LiveCode(
                    showing = 1uL,
                    frame = 1uL,
                    holder = "Adaeze Okonkwo",
                    portrait = null,
                    number = "ZZ-2091-7734",
                    categories = listOf("B"),
                    now = Value.Clock(0uL),
                    face = FaceTurn.Off,
                    status = valid,
                    nextInS = 7u,
                    periodS = 10u,
                    next = words("show.new_code", Value.Number(7u)),
                    ends = words("show.ends", Value.Countdown(281u)),
                    spoken = words("show.spoken", Value.Text("Adaeze Okonkwo"), Value.Word("state.valid"), Value.Confirmed(12u), Value.Count("seconds", 7u)),
                    audience = null,
                    statusLeftOut = null,
                ),
            ),
        )

    val unlocking: Screen = show(ShowPhase.Unlocking(words("show.unlocking")))

    val over: Screen = show(ShowPhase.Over(listOf(words("show.over"), words("show.ended"))))

    val blocked: Screen =
        Screen.Blocked(
            BlockedScreen(
                Story(
                    trouble = Trouble.KEY_INVALIDATED,
                    sign = Sign(Tone.BAD, Mark.OCTAGON),
                    title = words("trouble.key_invalidated.title"),
                    happened = words("trouble.key_invalidated.what"),
                    holds = words("trouble.key_invalidated.holds"),
                    toDo = words("trouble.key_invalidated.do"),
                    action = TroubleAction.BEGIN_ANEW,
                    button = words("action.anew"),
                ),
                working = false,
            ),
        )

    val offer: Screen =
        Screen.Offer(
            OfferScreen(
                issuer = "https://licenses.example",
                name = "Road Authority of Zembla",
                proof = Note(good, words("offer.proven")),
                code =
                    CodeField(
                        field = Field("24", 1uL),
                        numeric = true,
                        hint = words("offer.code.hint"),
                        issuerHint = "By post",
                        length = CodeLength(count = 6u, complete = false, words = words("offer.code.more", Value.Number(4u))),
                    ),
                issuing = false,
                refusal = null,
                wantsLock = false,
                mayTake = false,
            ),
        )

    private fun show(phase: ShowPhase): Screen = Screen.Show(ShowScreen(phase, button = null))

    private fun words(
        key: String,
        vararg values: Value,
    ) = Words(key, values.toList())

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
