package org.vidimus.support

import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import org.vidimus.LicenseStatus
import java.net.URI
import java.nio.file.Path
import java.time.Instant
import java.time.ZoneOffset
import java.util.Base64
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.createTempDirectory
import kotlin.io.path.deleteRecursively
import kotlin.io.path.readBytes
import kotlin.io.path.readText
import kotlin.io.path.writeText

/** A license that waits for its driver. */
class Registered(
    val id: String,
    val offer: String,
    val txCode: String,
)

/**
 * The real `vidimus authority`, serving on a free loopback port until it is closed.
 *
 * @param clock how wrong its clock is, as in `-2d` or `+3h`, until it is [restarted][restart]
 */
class Authority(
    private var clock: String? = null,
) : AutoCloseable {
    private val folder: Path = createTempDirectory("vidimus-authority")

    /** The folder of its register and its keys, for `vidimus authority --home`. */
    val home: Path = folder.resolve("home")
    private var server: Process

    val issuer: String

    private val registered = AtomicInteger()

    init {
        run("init")
        server = start("serve", "--listen", "127.0.0.1:0")
        issuer = server.issuer()
    }

    val rootKey: ByteArray get() = home.resolve("root.cose").readBytes()

    /**
     * Registers a driver. Each after the first has its own license number: a live number is not
     * added twice.
     */
    fun register(driver: String = DRIVER): Registered {
        val number = registered.getAndIncrement()
        val numbered = if (number == 0) driver else driver.replace(NUMBER, "\$1-$number\"")
        val file = folder.resolve("driver-$number.json").apply { writeText(numbered) }
        return offered("license", "add", "--file", "$file", "--portrait", "${Environment.portrait}")
    }

    /**
     * Another offer for a license whose phone is lost or began anew; that phone's credential ends
     * with it.
     */
    fun replace(license: String): Registered = offered("license", "offer", license, "--replace")

    /** Names a reader's key in the trust list, and gives its 32 secret bytes. */
    fun addReader(name: String): ByteArray {
        val file = folder.resolve("reader-${registered.getAndIncrement()}.json")
        run("reader", "add", name, "--out", "$file")
        return Base64.getUrlDecoder().decode(json(file.readText()).text("secret"))
    }

    private fun offered(vararg arguments: String): Registered {
        val answer = run(*arguments)
        return Registered(answer.text("license_id"), answer.text("offer"), answer.text("tx_code"))
    }

    fun setStatus(
        license: String,
        status: LicenseStatus,
    ) {
        run("status", "set", license, status.name.lowercase())
    }

    /**
     * Goes on as if it were another time: its commands at once, and what it serves after a
     * [restart]. The new clock contradicts the last signature, so it is accepted as a clerk would:
     * by today's date.
     */
    fun setClock(clock: String?) {
        this.clock = clock
        val seconds = run("clock", "show").getValue("clock").jsonPrimitive.long
        val today = Instant.ofEpochSecond(seconds).atOffset(ZoneOffset.UTC).toLocalDate()
        run("clock", "accept", "--today", "$today")
    }

    /** Signs with the next keys from now on, and so signs the trust list anew. */
    fun rotateKeys() {
        run("rotate-keys", "--now")
    }

    /** Serves anew at the same address. */
    fun restart() {
        stop()
        server = start("serve", "--listen", URI(issuer).authority)
        check(server.issuer() == issuer) { "the authority serves elsewhere" }
    }

    /** Serves no more. */
    fun stop() {
        server.destroy()
        server.waitFor(10, TimeUnit.SECONDS)
    }

    @OptIn(ExperimentalPathApi::class)
    override fun close() {
        stop()
        folder.deleteRecursively()
    }

    private fun run(vararg arguments: String): JsonObject {
        val process = start(*arguments)
        val answer = process.inputReader().readText()
        check(process.waitFor() == 0) { "vidimus authority ${arguments.first()} fails" }
        return json(answer)
    }

    private fun start(vararg arguments: String): Process =
        ProcessBuilder(listOf("${Environment.cli}", "authority", "--json", "--home", "$home") + arguments)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .apply { clock?.let { environment().putAll(FakeTime.variables(it)) } }
            .start()

    private fun Process.issuer(): String {
        val line = checkNotNull(inputReader().readLine()) { "the authority does not serve" }
        return json(line).text("issuer")
    }

    private fun json(text: String): JsonObject = Json.parseToJsonElement(text).jsonObject

    private fun JsonObject.text(name: String): String = getValue(name).jsonPrimitive.content

    companion object {
        private val NUMBER = Regex("(\"license_number\": *\"[^\"]*)\"")

        const val DRIVER = """{
            "family_name": "Nakamura-Østergård", "given_names": "Zoë 美咲", "birth_date": "1991-02-28",
            "license_number": "ZZ-4711-0815", "issue_date": "2020-06-01", "expiry_date": "2035-05-31",
            "issuing_country": "ZZ",
            "categories": [{"code": "B", "from": "2010-03-01", "until": null},
                           {"code": "C1", "from": "2015-01-01", "until": "2030-01-01", "restrictions": ["01.02"]}]
        }"""
    }
}
