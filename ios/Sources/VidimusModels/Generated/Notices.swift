// Made by cargo xtask texts from phones/notices.tsv, which cargo xtask notices makes.
// swift-format-ignore-file

extension [Notice] {
    /// What is inside of the app for iPhones, by its licences.
    public static var shipped: [Notice] {
        [
            Notice(name: "Vidimus, Rust's standard library, aead 0.6.1, anyhow 1.0.104, atomic-waker 1.1.2, base16ct 1.0.0, base64 0.23.1, bitflags 2.13.2, block-buffer 0.12.1, cfg-if 1.0.5, chacha20 0.10.2, chacha20poly1305 0.11.0, cipher 0.5.2, cmov 0.5.4, const-oid 0.10.3, core-foundation 0.10.1, core-foundation-sys 0.8.7, cpubits 0.1.1, cpufeatures 0.3.1, crypto-bigint 0.7.10, crypto-common 0.2.2, ctutils 0.4.8, der 0.8.3, digest 0.11.3, ecdsa 0.17.0, ed25519 3.0.0, elliptic-curve 0.14.3, equivalent 1.0.3, errno 0.3.15, fallible-iterator 0.3.0, fallible-streaming-iterator 0.1.9, fastrand 2.5.0, ff 0.14.0, flate2 1.1.11, form_urlencoded 1.2.2, futures-channel 0.3.34, futures-core 0.3.34, futures-sink 0.3.34, futures-task 0.3.34, futures-util 0.3.34, getrandom 0.2.17, getrandom 0.4.3, group 0.14.0, hashbrown 0.17.1, hashlink 0.12.2, heck 0.5.0, hmac 0.13.0, http 1.5.0, httparse 1.10.1, hybrid-array 0.4.15, idna 1.1.0, idna_adapter 1.0.0, indexmap 2.14.2, inout 0.2.5, ipnet 2.12.2, itoa 1.0.19, libc 0.2.191, log 0.4.35, num-traits 0.2.19, once_cell 1.21.4, p256 0.14.0, percent-encoding 2.3.2, pin-project-lite 0.2.18, poly1305 0.9.1, primefield 0.14.0, primeorder 0.14.0, rand_core 0.10.1, reqwest 0.13.5, rfc6979 0.6.0, rustls-pki-types 1.16.0, rustls-platform-verifier 0.7.1, sec1 0.8.1, security-framework 3.7.0, security-framework-sys 2.17.0, serde 1.0.229, serde_core 1.0.229, serde_json 1.0.154, sha2 0.11.1, signature 3.0.0, smallvec 1.16.6, socket2 0.6.5, spki 0.8.1, static_assertions 1.1.0, tempfile 3.27.0, thiserror 2.0.21, tokio-rustls 0.26.6, typenum 1.20.1, unicode-normalization 0.1.24, unicode-properties 0.1.3, universal-hash 0.6.1, url 2.5.8, utf8_iter 1.1.0, utf_types 1.0.0, wnaf 0.14.1, zeroize 1.9.2, zeroizing-alloc 0.1.1", licence: "Apache-2.0 OR MIT"),
            Notice(name: "SQLite", licence: "Public domain"),
            Notice(name: "bytes 1.12.2, http-body 1.1.0, http-body-util 0.1.5, hyper 1.12.0, hyper-util 0.1.21, libsqlite3-sys 0.39.1, mio 1.2.5, qrcodegen 1.8.0, rusqlite 0.41.1, slab 0.4.12, tokio 1.54.1, tokio-util 0.7.20, tower 0.5.3, tower-http 0.6.11, tower-layer 0.3.3, tower-service 0.3.3, tracing 0.1.44, tracing-core 0.1.36, try-lock 0.2.5, want 0.3.2, zmij 1.0.23", licence: "MIT"),
            Notice(name: "curve25519-dalek 5.0.0, ed25519-dalek 3.0.0, subtle 2.6.1", licence: "BSD-3-Clause"),
            Notice(name: "foldhash 0.2.0, zlib-rs 0.6.8", licence: "Zlib"),
            Notice(name: "hyper-rustls 0.27.10, rustls 0.23.46", licence: "Apache-2.0 OR ISC OR MIT"),
            Notice(name: "memchr 2.8.3", licence: "MIT OR Unlicense"),
            Notice(name: "minicbor 2.3.1", licence: "BlueOak-1.0.0"),
            Notice(name: "ring 0.17.14", licence: "Apache-2.0 AND ISC"),
            Notice(name: "rustix 1.1.6", licence: "Apache-2.0 OR Apache-2.0 WITH LLVM-exception OR MIT"),
            Notice(name: "rustls-webpki 0.103.17, untrusted 0.9.0", licence: "ISC"),
            Notice(name: "sync_wrapper 1.0.2", licence: "Apache-2.0"),
            Notice(name: "tinyvec 1.13.3", licence: "Apache-2.0 OR MIT OR Zlib"),
            Notice(name: "uniffi 0.32.2, uniffi_core 0.32.2, uniffi_pipeline 0.32.2", licence: "MPL-2.0"),
            Notice(name: "webpki-roots 1.0.10", licence: "CDLA-Permissive-2.0"),
        ]
    }
}
