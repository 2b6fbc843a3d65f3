package org.vidimus.screens.support

import java.security.MessageDigest
import kotlin.io.path.Path
import kotlin.io.path.createParentDirectories
import kotlin.io.path.exists
import kotlin.io.path.readLines
import kotlin.io.path.writeLines
import kotlin.io.path.writeText
import kotlin.math.abs

/**
 * The layouts that are not kept as pictures: of each state, in each setting, how high what scrolls
 * is, how many parts it has, and a digest of their names and places. Dark is light in other
 * colors, so both have one entry.
 *
 * `-Dvidimus.goldens=write` writes `src/test/layouts.tsv` anew.
 */
internal object Layouts {
    private val file = Path("src/test/layouts.tsv")
    private val trees = Path("target/layouts")
    private val columns = Setting.all.filterNot(Setting::dark)
    private val found = mutableMapOf<String, MutableMap<String, String>>()
    private val known by lazy { read() }

    fun compare(
        sample: Sample,
        setting: Setting,
        layout: LayoutCheck,
    ): List<String> {
        val tree = layout.tree()
        val now = Entry(layout.height, tree.size, digest(tree))
        val light = "${setting.copy(dark = false)}"
        if (Pictures.areWritten && !setting.dark) {
            found.getOrPut(sample.name, ::mutableMapOf)[light] = "$now"
            return emptyList()
        }
        val entries = if (Pictures.areWritten) found else known
        val then = entries[sample.name]?.get(light)?.let(Entry::of)
        if (then != null && now.isNear(then)) return emptyList()
        trees.resolve("$sample-$setting.txt").createParentDirectories().writeLines(tree)
        val what = if (then == null) "is not in $file" else "is $now, in $file it is $then"
        return listOf("$sample in $setting $what; -Dvidimus.goldens=write writes it anew. Found:\n" + tree.joinToString("\n") { "    $it" })
    }

    fun write() {
        if (!Pictures.areWritten) return
        val names = columns.map(Setting::toString)
        // Those that were not drawn this time stay, where there still is such a state.
        val kept = read().filterKeys { name -> Samples.all.any { it.name == name } }
        val rows = (kept + found).toSortedMap().map { (name, cells) -> (listOf(name) + names.map { cells.getValue(it) }).joinToString("\t") }
        file.writeText((listOf((listOf("state") + names).joinToString("\t")) + rows).joinToString("\n", postfix = "\n"))
    }

    private fun digest(tree: List<String>): String {
        val hash = MessageDigest.getInstance("SHA-256").digest(tree.joinToString("\n").encodeToByteArray())
        return hash.copyOf(DIGEST).toHexString()
    }

    private fun read(): Map<String, Map<String, String>> {
        if (!file.exists()) return emptyMap()
        val lines = file.readLines().map { it.split('\t') }
        return lines.drop(1).associate { row -> row.first() to lines.first().drop(1).zip(row.drop(1)).toMap() }
    }

    private data class Entry(
        val height: Int,
        val parts: Int,
        val digest: String,
    ) {
        fun isNear(other: Entry): Boolean = abs(height - other.height) <= 1 && parts == other.parts && digest == other.digest

        override fun toString(): String = "$height/$parts/$digest"

        companion object {
            fun of(cell: String): Entry = cell.split('/').let { (height, parts, digest) -> Entry(height.toInt(), parts.toInt(), digest) }
        }
    }

    /** Bytes. */
    private const val DIGEST = 4
}
