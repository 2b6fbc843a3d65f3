package org.vidimus.android.support

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.vidimus.Wallet
import org.vidimus.android.WalletHome
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.createTempDirectory
import kotlin.io.path.deleteRecursively
import kotlin.io.path.readBytes
import kotlin.io.path.writeText

/** A license that waits for its driver. */
class Registered(
    val id: String,
    val offer: String,
    val txCode: String,
)

/** The real `vidimus authority`, serving on a free loopback port until it is closed. */
class Authority : AutoCloseable {
    private val folder: Path = createTempDirectory("vidimus-authority")
    private val home = folder.resolve("home").toString()
    private val server: Process

    val issuer: String

    private val registered = AtomicInteger()

    init {
        run("init")
        server = start("serve", "--listen", "127.0.0.1:0")
        val line = checkNotNull(server.inputReader().readLine()) { "the authority does not serve" }
        issuer = json(line).text("issuer")
    }

    val rootKey: ByteArray get() = Path.of(home, "root.cose").readBytes()

    /**
     * Registers a driver. Each after the first has its own license number: a live number is not
     * added twice.
     */
    fun register(): Registered {
        val number = registered.getAndIncrement()
        val numbered = if (number == 0) DRIVER else DRIVER.replace(NUMBER, "\$1-$number\"")
        val file = folder.resolve("driver-$number.json").apply { writeText(numbered) }
        val added = run("license", "add", "--file", "$file", "--portrait", "$portrait")
        return Registered(added.text("license_id"), added.text("offer"), added.text("tx_code"))
    }

    fun suspend(license: String) {
        run("status", "set", license, "suspended")
    }

    @OptIn(ExperimentalPathApi::class)
    override fun close() {
        server.destroy()
        server.waitFor(10, TimeUnit.SECONDS)
        folder.deleteRecursively()
    }

    private fun run(vararg arguments: String): JsonObject {
        val process = start(*arguments)
        val answer = process.inputReader().readText()
        check(process.waitFor() == 0) { "vidimus authority ${arguments.first()} fails" }
        return json(answer)
    }

    private fun start(vararg arguments: String): Process =
        ProcessBuilder(listOf("${path("VIDIMUS_CLI")}", "authority", "--json", "--home", home) + arguments)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()

    /** The portrait of the demo. */
    private val portrait: Path get() = path("VIDIMUS_VECTORS").resolve("../../cli/assets/portrait.jpg").normalize()

    private fun path(name: String): Path = Path.of(checkNotNull(System.getenv(name)) { "$name is not set: run `cargo xtask phones`" })

    private fun json(text: String): JsonObject = Json.parseToJsonElement(text).jsonObject

    private fun JsonObject.text(name: String): String = getValue(name).jsonPrimitive.content

    private companion object {
        val NUMBER = Regex("(\"license_number\": *\"[^\"]*)\"")

        const val DRIVER = """{
            "family_name": "Example", "given_names": "Ada", "birth_date": "1991-02-28",
            "license_number": "ZZ-4711-0815", "issue_date": "2020-06-01", "expiry_date": "2035-05-31",
            "issuing_country": "ZZ", "categories": [{"code": "B", "from": "2010-03-01", "until": null}]
        }"""
    }
}

/** Makes a wallet of this authority, as the driver's app does where there is none. */
suspend fun WalletHome.make(
    authority: Authority,
    address: String = authority.issuer,
): Wallet = Wallet.create(directory, authority.rootKey, address, keys, network, bootId)
