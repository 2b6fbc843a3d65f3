package org.vidimus.screens

import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.ImageBitmap
import org.vidimus.shell.Notice
import java.time.ZoneId

/** What differs from system to system. */
@Immutable
public class Host(
    /** Where the driver's clock stands. */
    public val zone: ZoneId,
    /** Whether the theme is dark. */
    public val dark: Boolean,
    /** Whether the driver wants nothing to move. */
    public val reduceMotion: Boolean,
    /** Decodes a JPEG, at most 64 KiB; `null` where it is none. */
    public val decode: (ByteArray) -> ImageBitmap?,
    /** What the camera sees. */
    public val camera: Camera,
    /** The version of the app, as its settings show it. */
    public val version: String,
    /** The licenses of the code that is inside. */
    public val notices: List<Notice>,
)

/** The system's camera, as the screens use it. */
public fun interface Camera {
    /** Whether it has a light that can be put on. */
    public val hasLight: Boolean get() = false

    /**
     * What the camera sees, over the whole of [modifier]. It asks for the permission itself.
     *
     * @param seen takes the texts of all QRs in one picture
     * @param refused is called when the camera may not be used
     * @param light whether its light is on, where it has one
     */
    @Composable
    public fun Viewfinder(
        seen: (List<String>) -> Unit,
        refused: () -> Unit,
        light: Boolean,
        modifier: Modifier,
    )
}
