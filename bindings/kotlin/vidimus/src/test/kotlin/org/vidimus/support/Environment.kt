package org.vidimus.support

import java.nio.file.Path
import kotlin.io.path.Path

/** What `cargo xtask test kotlin` hands to the tests. */
object Environment {
    /** The program `vidimus`, which has the real authority in it. */
    val cli: Path get() = path("VIDIMUS_CLI")

    /** The folder `tests/vectors` of the repository. */
    val vectors: Path get() = path("VIDIMUS_VECTORS")

    /** Where pictures made in one language are left for the other. */
    val exchange: Path get() = path("VIDIMUS_EXCHANGE")

    /** The portrait of the demo. */
    val portrait: Path get() = vectors.resolve("../../cli/assets/portrait.jpg").normalize()

    private fun path(name: String): Path {
        val value = System.getenv(name)
        return Path(checkNotNull(value) { "$name is not set: run `cargo xtask test kotlin`" })
    }
}
