package org.vidimus.screens.support

import kotlin.io.path.Path
import kotlin.io.path.exists

/** The fonts that the pictures are drawn with. */
internal object Fonts {
    private val files =
        listOf(
            "truetype/noto/NotoSans-Regular.ttf",
            "truetype/noto/NotoSans-Bold.ttf",
            "truetype/noto/NotoSansArabic-Regular.ttf",
            "truetype/noto/NotoSansArabic-Bold.ttf",
            "truetype/noto/NotoSansBengali-Regular.ttf",
            "truetype/noto/NotoSansBengali-Bold.ttf",
            "opentype/noto/NotoSansCJK-Regular.ttc",
            "opentype/noto/NotoSansCJK-Bold.ttc",
        )

    /** Fails with what to install where a font is missing: other fonts make other pictures. */
    fun require() {
        val missing = files.filter { !Path("/usr/share/fonts", it).exists() }
        check(missing.isEmpty()) {
            "$missing missing in /usr/share/fonts: install the Debian packages fonts-noto-core and fonts-noto-cjk"
        }
        val conf = checkNotNull(System.getenv("FONTCONFIG_FILE")) { "FONTCONFIG_FILE is not set: run the tests by Maven" }
        check(Path(conf).exists()) { "no $conf" }
    }
}
