package org.vidimus.app

import org.vidimus.models.Notice

private const val APACHE = "Apache-2.0"
private const val APACHE_OR_MIT = "Apache-2.0 OR MIT"

/** The libraries inside, and their licences. */
internal val NOTICES: List<Notice> =
    listOf(
        Notice("Vidimus", APACHE_OR_MIT),
        Notice("Kotlin, kotlinx.coroutines", APACHE),
        Notice("AndroidX, Jetpack Compose, WorkManager", APACHE),
        Notice("JNA", "Apache-2.0 OR LGPL-2.1-or-later"),
        Notice("ZXing", APACHE),
        Notice("UniFFI", "MPL-2.0"),
        Notice("ed25519-dalek, subtle", "BSD-3-Clause"),
        Notice("p256, chacha20poly1305, sha2", APACHE_OR_MIT),
        Notice("ring", "Apache-2.0 AND ISC"),
        Notice("rustls", "Apache-2.0 OR ISC OR MIT"),
        Notice("reqwest, serde, flate2", APACHE_OR_MIT),
        Notice("tokio, hyper, qrcodegen", "MIT"),
        Notice("zlib-rs", "Zlib"),
        Notice("webpki-roots", "CDLA-Permissive-2.0"),
        Notice("minicbor", "BlueOak-1.0.0"),
        Notice("SQLite, rusqlite", "Public domain, MIT"),
    )
