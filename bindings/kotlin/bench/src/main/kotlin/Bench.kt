import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.vidimus.FileKeyStore
import org.vidimus.Wallet
import kotlin.io.path.Path
import kotlin.time.DurationUnit
import kotlin.time.measureTime

/**
 * Medians in microseconds, on the wallet that `cargo xtask bench kotlin` leaves in
 * `VIDIMUS_BENCH_WALLET`.
 */
fun main(): Unit =
    runBlocking(Dispatchers.Default) {
        val home = Path(checkNotNull(System.getenv("VIDIMUS_BENCH_WALLET")) { "run `cargo xtask bench kotlin`" })
        val keys = FileKeyStore(home.resolve("keys"))
        val open = suspend { Wallet.open(home.resolve("wallet"), keys) }

        val opening = ArrayList<Wallet>()
        report("open", warmUp = 200, rounds = 200, after = { opening.removeLast().close() }) { opening.add(open()) }

        open().use { wallet ->
            val license = wallet.licenses().single().id
            // It ends after five minutes; these frames are over in seconds.
            wallet.present(license).use { presentation ->
                report("frame", warmUp = 5_000, rounds = 2_000) { presentation.frame() }
            }
        }
    }

private suspend fun report(
    name: String,
    warmUp: Int,
    rounds: Int,
    after: () -> Unit = {},
    work: suspend () -> Unit,
) {
    repeat(warmUp) {
        work()
        after()
    }
    val times =
        List(rounds) {
            measureTime { work() }.also { after() }
        }
    println("bench: $name %.1f".format(times.sorted()[rounds / 2].toDouble(DurationUnit.MICROSECONDS)))
}
