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
    /**
     * What the camera sees, over the whole of [modifier]. It asks for the permission itself.
     *
     * @param seen takes the text of a QR
     * @param refused is called when the camera may not be used
     */
    @Composable
    public fun Viewfinder(
        seen: (String) -> Unit,
        refused: () -> Unit,
        modifier: Modifier,
    )
}
