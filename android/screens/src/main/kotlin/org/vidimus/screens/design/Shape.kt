package org.vidimus.screens.design

import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.SemanticsPropertyKey
import androidx.compose.ui.semantics.semantics
import org.vidimus.app.Sign

/**
 * The name of what is drawn and not spoken. No screen reader knows it: tests find by it what has no
 * words.
 */
internal val ShapeName = SemanticsPropertyKey<String>("Shape")

/** What is drawn here is called so. */
internal fun Modifier.shape(name: String): Modifier = semantics { this[ShapeName] = name }

/** What the mark of a sign is called. */
internal val Sign.shapeName: String get() = "mark ${tone.name.lowercase()}"
