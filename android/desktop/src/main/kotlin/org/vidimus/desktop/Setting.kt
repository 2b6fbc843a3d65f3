package org.vidimus.desktop

import java.nio.file.Path
import kotlin.io.path.readBytes

/**
 * What `cargo xtask app` has made ready before the window opens.
 *
 * @property cli the program `vidimus`
 * @property authorityHome the authority's folder, which it serves already
 * @property issuer the authority's address
 * @property license the license that waits for its driver, by its name at the authority
 * @property offer the link that the driver gets
 * @property code the transaction code that comes by another way
 * @property phone the folder that stands for the phone's storage
 */
internal class Setting(
    val cli: Path,
    val authorityHome: Path,
    val issuer: String,
    val license: String,
    val offer: String,
    val code: String,
    val phone: Path,
) {
    val rootKey: ByteArray by lazy { authorityHome.resolve("root.cose").readBytes() }

    companion object {
        /** Out of `--name value` pairs. */
        fun of(arguments: List<String>): Setting {
            val values = arguments.chunked(2).associate { (name, value) -> name.removePrefix("--") to value }
            return Setting(
                cli = Path.of(values.getValue("cli")),
                authorityHome = Path.of(values.getValue("authority")),
                issuer = values.getValue("issuer"),
                license = values.getValue("license"),
                offer = values.getValue("offer"),
                code = values.getValue("code"),
                phone = Path.of(values.getValue("phone")),
            )
        }
    }
}
