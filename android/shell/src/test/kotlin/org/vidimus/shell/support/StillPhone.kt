package org.vidimus.shell.support

import org.vidimus.BirthDate
import org.vidimus.Frame
import org.vidimus.HeldLicense
import org.vidimus.License
import org.vidimus.LicenseStatus
import org.vidimus.QrSymbol
import org.vidimus.StandingKind
import org.vidimus.StandingSpan
import org.vidimus.StatusReport
import org.vidimus.StatusSource
import org.vidimus.Wallet
import org.vidimus.shell.LockOutcome
import org.vidimus.shell.Notice
import org.vidimus.shell.Phone
import org.vidimus.standing
import java.time.LocalDate
import java.time.ZoneOffset
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.Instant
import kotlin.time.TimeSource

/** A phone for a model that needs its lock and its clock alone; there is no wallet in it. */
class StillPhone(
    override val elapsed: TimeSource.WithComparableMarks,
) : Phone {
    var lock: suspend () -> LockOutcome = { LockOutcome.OPENED }

    override var hasLock: Boolean = true
    override val version: String = "0"
    override val notices: List<Notice> = emptyList()

    override suspend fun openWallet(): Wallet = error("there is none")

    override suspend fun setWalletAside(): Unit = error("there is none")

    override suspend fun unlock(): LockOutcome = lock()
}

/** Noon of a day in 2026. */
val NOON: Instant = Instant.parse("2026-11-26T12:00:00Z")

/** A frame that nobody signed; [number] makes its symbol. */
fun frame(
    number: Int,
    kind: StandingKind = StandingKind.VALID,
    age: Duration = Duration.ZERO,
): Frame =
    Frame(
        text = "DL1:",
        symbol = QrSymbol(21, ByteArray(63) { number.toByte() }),
        issuedAt = NOON,
        rotatesAt = NOON + 10.seconds,
        expiresAt = NOON + 30.seconds,
        status = StatusReport(LicenseStatus.VALID, NOON, StatusSource.STAPLE, age),
        standing = kind.standing,
        spoken = "",
        stapleLeftOut = false,
    )

/** A license that nobody issued: it is valid, and changes as [later] says. */
fun held(
    id: String,
    age: Duration = Duration.ZERO,
    portrait: Boolean = false,
    later: Map<Duration, List<StandingKind>> = emptyMap(),
): HeldLicense =
    HeldLicense(
        id = id,
        license =
            License(
                familyName = "Nakamura-Østergård",
                givenNames = "Zoë 美咲",
                birthDate = BirthDate.Day(1991, 2, 28),
                licenseNumber = "ZZ-4711-0815",
                categories = emptyList(),
                issueDate = LocalDate.of(2020, 6, 1),
                expiryDate = LocalDate.of(2034, 12, 31),
                issuingCountry = "ZZ",
                utcOffset = ZoneOffset.UTC,
                ends = Instant.parse("2035-01-01T00:00:00Z"),
            ),
        status = StatusReport(LicenseStatus.VALID, NOON - age, StatusSource.STAPLE, age),
        standing = StandingKind.VALID.standing,
        outlook =
            (mapOf(Duration.ZERO to listOf(StandingKind.VALID)) + later).map { (after, kinds) ->
                StandingSpan(after, kinds.map { it.standing })
            },
        issuedAt = NOON,
        expires = NOON,
        hasPortrait = portrait,
        damaged = false,
    )
