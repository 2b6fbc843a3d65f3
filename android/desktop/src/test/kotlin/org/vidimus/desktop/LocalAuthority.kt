package org.vidimus.desktop

import org.vidimus.support.Authority
import org.vidimus.support.Environment
import java.nio.file.Path
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.createTempDirectory
import kotlin.io.path.deleteRecursively
import kotlin.io.path.readText

/**
 * What `cargo xtask app` makes ready: an authority that serves, and a license that waits for its
 * driver.
 */
internal class LocalAuthority : AutoCloseable {
    private val folder: Path = createTempDirectory("vidimus-desk")
    private val authority = Authority()

    val setting: Setting

    init {
        val added = authority.register(Environment.portrait.resolveSibling("driver.json").readText())
        setting =
            Setting(
                cli = Environment.cli,
                authorityHome = authority.home,
                issuer = authority.issuer,
                license = added.id,
                offer = added.offer,
                code = added.txCode,
                phone = folder.resolve("phone"),
            )
    }

    @OptIn(ExperimentalPathApi::class)
    override fun close() {
        authority.close()
        folder.deleteRecursively()
    }
}
