package org.vidimus.shell

/**
 * A library that is inside, and its license.
 *
 * @property name its name, or several with their versions
 * @property licence the license, by its SPDX name
 */
public data class Notice(
    val name: String,
    val licence: String,
)
