package org.vidimus.screens

import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import org.vidimus.app.Mark
import org.vidimus.app.Note
import org.vidimus.app.Sign
import org.vidimus.app.Tone
import org.vidimus.app.Words
import org.vidimus.screens.design.Notice
import org.vidimus.screens.design.Space
import org.vidimus.shell.Texts
import org.vidimus.shell.Word

/**
 * Says that another app is drawn over this one, and that touches under it may not count. It stands
 * above the page: what it says must not hide what can be touched.
 */
@Composable
public fun CoveredNote(
    texts: Texts,
    host: Host,
    modifier: Modifier = Modifier,
) {
    Drawn(texts, host) {
        Notice(
            Note(Sign(Tone.CAUTION, Mark.TRIANGLE), Words(Word.COMMON_COVERED.key, emptyList())),
            modifier.padding(Space.large, Space.small),
        )
    }
}
