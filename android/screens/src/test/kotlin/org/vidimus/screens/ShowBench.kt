package org.vidimus.screens

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.unit.Density
import androidx.compose.ui.use
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import org.vidimus.Presentation
import org.vidimus.QrSymbol
import org.vidimus.Verdict
import org.vidimus.Wallet
import org.vidimus.app.Action
import org.vidimus.app.OfficerAction
import org.vidimus.app.OfficerScreen
import org.vidimus.app.Screen
import org.vidimus.screens.officer.OfficerScreens
import org.vidimus.screens.support.Fixtures
import org.vidimus.screens.support.Showings
import org.vidimus.screens.support.Stage
import org.vidimus.screens.support.StillDriver
import org.vidimus.shell.Language
import org.vidimus.shell.Texts
import org.vidimus.shell.support.DriversPhone
import org.vidimus.shell.support.PlayedDriver
import org.vidimus.shell.support.PlayedOfficer
import org.vidimus.shell.support.officer
import org.vidimus.support.Authority
import java.lang.management.ManagementFactory
import java.util.Locale
import kotlin.math.ceil
import kotlin.system.exitProcess
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.nanoseconds
import kotlin.time.DurationUnit
import kotlin.time.measureTime

/**
 * What a showing costs, printed as `name value unit` lines. It times and asserts nothing: a busy
 * machine is no failure.
 *
 * The processor time of each of the 3,600 frames of a minute, on a screen of 824 x 1830 pixels,
 * drawn without a graphics card; how long the app takes to its first code, beside the wallet alone;
 * and how long an officer's app takes from a code to the verdict that is drawn, beside the verifier
 * alone and the drawing alone.
 */
public fun main() {
    Authority().use { authority ->
        DriversPhone(authority).use { phone ->
            PlayedDriver(phone).use { driver ->
                runBlocking {
                    val license = driver.enroll(authority.register()).card.id
                    Wallet.open(phone.directory, phone.keys).use { wallet ->
                        firstFrames(driver, wallet, license)
                        minute(symbols(wallet, license))
                        verdicts(authority, wallet, license)
                    }
                }
            }
        }
    }
    // Compose leaves threads behind.
    exitProcess(0)
}

/**
 * From the finger on Show to the first code, and the wallet's own part of it; by turns, so that
 * both have the same machine, and each on a phone at rest: what the one before wrote into its log
 * is on the disk.
 */
private suspend fun firstFrames(
    driver: PlayedDriver,
    wallet: Wallet,
    license: String,
) {
    val apps = mutableListOf<Duration>()
    val cores = mutableListOf<Duration>()
    repeat(WARM_UP + ROUNDS) {
        val presentation: Presentation
        cores += measureTime { presentation = wallet.present(license).also { it.frame() } }
        presentation.use { it.end() }
        delay(REST)
        apps +=
            measureTime {
                driver.does(Action.Show)
                driver.seesCode()
            }
        driver.does(Action.Back)
        driver.sees<Screen.License>()
        delay(REST)
    }
    val (ours, core) = listOf(apps, cores).map { it.drop(WARM_UP).sorted() }
    line("first_code_app_p50", ours[ROUNDS / 2])
    line("first_code_core_p50", core[ROUNDS / 2])
    measure("first_code_screens", ours[ROUNDS / 2], core[ROUNDS / 2])
}

private suspend fun symbols(
    wallet: Wallet,
    license: String,
): List<QrSymbol> = List(CODES) { wallet.present(license).use { it.frame() } }.map { it.symbol }

/**
 * A minute at 60 frames a second, after two that do not count: until then the JVM has compiled what
 * is hot. Every frame is drawn in full; an app draws only what has changed.
 */
private fun minute(symbols: List<QrSymbol>) {
    fun screen(second: Int) =
        Showings.live(
            Fixtures.code(
                holder = "Zoë Nakamura",
                frame = (second / SECONDS_OF_A_CODE).toULong(),
                nextIn = (SECONDS_OF_A_CODE - second % SECONDS_OF_A_CODE).toUInt(),
                endsIn = (300 - second).toUInt(),
            ),
        )

    var screen by mutableStateOf(screen(0))
    val driver = StillDriver { symbols[it.toInt() % symbols.size] }
    val host = Stage.host(dark = false)
    val texts = Texts(Language.ENGLISH)
    val threads = ManagementFactory.getThreadMXBean()
    val frames = mutableListOf<Duration>()
    val changed = mutableListOf<Duration>()
    ImageComposeScene(824, 1830, Density(2f)) { DriverScreens(screen, driver, texts, host) }.use { scene ->
        for (frame in -WARM_SECONDS * RATE..<60 * RATE) {
            val before = threads.currentThreadCpuTime
            val isSecond = frame % RATE == 0
            if (isSecond) screen = screen(frame / RATE + WARM_SECONDS)
            scene.render((frame + WARM_SECONDS * RATE) * 1_000_000_000L / RATE).close()
            val took = (threads.currentThreadCpuTime - before).nanoseconds
            if (frame >= 0) frames += took
            if (frame >= 0 && isSecond) changed += took
        }
    }
    report("show_frame", frames)
    report("show_frame_changed", changed)
    measure("show_frame_screens", frames.max(), LIMIT.milliseconds)
    println("show_frames_over_16_ms ${frames.count { it.toDouble(DurationUnit.MILLISECONDS) > LIMIT }} frames")
}

/**
 * From the text of a code to the pixels of its verdict, with the log and the memory of codes on the
 * disk; and by turns the verifier's part of it, and one drawing of the same page.
 */
private suspend fun verdicts(
    authority: Authority,
    wallet: Wallet,
    license: String,
): Unit =
    PlayedOfficer(authority).use { officer ->
        officer.goesOut()
        val times = List(3) { mutableListOf<Duration>() }
        val (whole, checks, drawings) = times
        val verifier = authority.officer()
        var screen by mutableStateOf<OfficerScreen>(OfficerScreen.Opening)
        var at = 0L
        val (host, texts) = Stage.host(dark = false) to Texts(Language.ENGLISH)
        ImageComposeScene(824, 1830, Density(2f)) { OfficerScreens(screen, officer.shell, texts, host) }.use { scene ->
            fun draw(next: OfficerScreen) {
                screen = next
                scene.render(++at * 1_000_000_000L / RATE).close()
            }
            repeat(WARM_UP + ROUNDS) {
                // A token of the second before is another one.
                delay(SECOND)
                val text = wallet.present(license).use { it.frame() }.text
                officer.does(OfficerAction.Check)
                officer.looks()
                draw(officer.sees<OfficerScreen.Look>())
                lateinit var verdict: OfficerScreen
                whole +=
                    measureTime {
                        officer.shell.seen(listOf(text))
                        verdict = officer.sees<OfficerScreen.Verdict>()
                        draw(verdict)
                    }
                officer.goesHome()
                draw(officer.sees<OfficerScreen.Start>())
                checks += measureTime { check(verifier.check(text) is Verdict.Accept) }
                drawings += measureTime { draw(verdict) }
            }
        }
        val (all, check, drawing) = times.map { it.drop(WARM_UP).sorted()[ROUNDS / 2] }
        line("officer_verdict_p50", all)
        line("officer_verifier_p50", check)
        line("officer_drawing_p50", drawing)
        measure("officer_screens", all, check + drawing)
    }

private fun report(
    name: String,
    times: List<Duration>,
) {
    val sorted = times.sorted()
    for (part in listOf(50, 95, 99)) line("${name}_p$part", sorted[ceil(sorted.size * part / 100.0).toInt() - 1])
    line("${name}_most", sorted.last())
}

/** What `cargo xtask bench` holds against its limit. */
private fun measure(
    name: String,
    ours: Duration,
    limit: Duration,
) {
    val (one, other) = listOf(ours, limit).map { "%.1f".format(Locale.ROOT, it.toDouble(DurationUnit.MICROSECONDS)) }
    println("measure: $name | $one | $other | us")
}

private fun line(
    name: String,
    time: Duration,
): Unit = println("$name ${"%.3f".format(time.toDouble(DurationUnit.MILLISECONDS))} ms")

private const val WARM_UP = 20
private const val ROUNDS = 40
private const val CODES = 7
private val REST = 50.milliseconds
private val SECOND = 1_050.milliseconds
private const val RATE = 60
private const val WARM_SECONDS = 120
private const val SECONDS_OF_A_CODE = 10
private const val LIMIT = 16.0
