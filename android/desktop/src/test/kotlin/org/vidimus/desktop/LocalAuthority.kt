package org.vidimus.desktop

import org.vidimus.support.Environment
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.createTempDirectory
import kotlin.io.path.deleteRecursively

/**
 * What `cargo xtask app` makes ready: an authority that serves, and a license that waits for its
 * driver.
 */
internal class LocalAuthority : AutoCloseable {
    private val folder: Path = createTempDirectory("vidimus-desk")
    private val home = folder.resolve("authority")
    private val server: Process

    val setting: Setting

    init {
        ask("init")
        server = start("serve", "--listen", "127.0.0.1:0")
        val issuer = server.inputReader().readLine().text("issuer")
        val driver = "${Environment.portrait.resolveSibling("driver.json")}"
        val added = ask("license", "add", "--file", driver, "--portrait", "${Environment.portrait}")
        setting =
            Setting(
                cli = Environment.cli,
                authorityHome = home,
                issuer = issuer,
                license = added.text("license_id"),
                offer = added.text("offer"),
                code = added.text("tx_code"),
                phone = folder.resolve("phone"),
            )
    }

    @OptIn(ExperimentalPathApi::class)
    override fun close() {
        server.destroy()
        server.waitFor(10, TimeUnit.SECONDS)
        folder.deleteRecursively()
    }

    private fun ask(vararg arguments: String): String {
        val process = start(*arguments)
        val answer = process.inputReader().readText()
        check(process.waitFor() == 0) { "vidimus authority ${arguments.first()} fails" }
        return answer
    }

    private fun start(vararg arguments: String): Process =
        ProcessBuilder(listOf("${Environment.cli}", "authority", "--json", "--home", "$home") + arguments)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()

    private fun String.text(name: String): String = checkNotNull(Regex(""""$name"\s*:\s*"([^"]*)"""").find(this)) { "no $name" }.groupValues[1]
}
