package org.vidimus.screens.support

import kotlin.io.path.Path
import kotlin.io.path.exists
import kotlin.io.path.readLines
import kotlin.io.path.writeText
import kotlin.math.abs

/**
 * The layouts that are not kept as pictures: of each state how high what scrolls is, and how many parts it has, in each
 * setting. A text that wraps elsewhere, a part that comes or goes changes a number.
 *
 * `-Dvidimus.goldens=write` writes `src/test/layouts.tsv` anew.
 */
internal object Layouts {
    private val file = Path("src/test/layouts.tsv")
    private val columns = Setting.layouts.map(Setting::toString)
    private val found = mutableMapOf<String, MutableMap<String, String>>()
    private val known by lazy { read() }

    fun compare(
        sample: Sample,
        setting: Setting,
        height: Int,
        parts: Int,
    ): List<String> {
        found.getOrPut(sample.name, ::mutableMapOf)["$setting"] = "$height/$parts"
        if (Pictures.areWritten) return emptyList()
        val cell = known[sample.name]?.get("$setting") ?: return listOf("$sample: not in $file")
        val (knownHeight, knownParts) = cell.split('/').map(String::toInt)
        if (abs(height - knownHeight) <= 1 && parts == knownParts) return emptyList()
        return listOf("$sample: $height high with $parts parts, not $cell as in $file; -Dvidimus.goldens=write writes it anew")
    }

    fun write() {
        if (!Pictures.areWritten) return
        val rows = found.toSortedMap().map { (name, cells) -> (listOf(name) + columns.map { cells.getValue(it) }).joinToString("\t") }
        file.writeText((listOf((listOf("state") + columns).joinToString("\t")) + rows).joinToString("\n", postfix = "\n"))
    }

    private fun read(): Map<String, Map<String, String>> {
        if (!file.exists()) return emptyMap()
        val lines = file.readLines().map { it.split('\t') }
        return lines.drop(1).associate { row -> row.first() to lines.first().drop(1).zip(row.drop(1)).toMap() }
    }
}
