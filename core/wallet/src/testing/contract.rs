//! The contract of [`KeyStore`], as one test suite for every implementation.
//!
//! A shell calls [`check`] from its tests, with two empty stores of its kind: one for this device,
//! one for another device. It panics where an implementation breaks the contract.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a suite of assertions says what failed by panicking"
)]

use crate::ports::{KeyStore, KeyStoreError};

const DATA_KEY: [u8; 32] = [0x5a; 32];

/// The largest epoch: the largest signed 64-bit number.
const LARGEST: u64 = i64::MAX.unsigned_abs();

/// Runs the whole suite.
///
/// # Panics
/// Where one of the two breaks the contract of [`KeyStore`].
pub async fn check(device: &dyn KeyStore, stranger: &dyn KeyStore) {
    wrapping(device, stranger).await;
    anchor(device, stranger).await;
    names(device).await;
    if device.holder_algorithm().is_some() {
        holder_keys(device).await;
    } else {
        let made = device.create_holder_key("holder-1").await;
        assert_eq!(
            made.err(),
            Some(KeyStoreError::Unavailable),
            "no hardware, no key"
        );
    }
}

async fn wrapping(device: &dyn KeyStore, stranger: &dyn KeyStore) {
    let early = device.unwrap(&[0; 72]).await.err();
    assert_eq!(
        early,
        Some(KeyStoreError::NotFound),
        "before the first wrapping there is no key"
    );

    let wrapped = device.wrap(&DATA_KEY).await.expect("wraps");
    assert!(wrapped.len() <= 4096, "a wrapped key is at most 4096 bytes");
    assert!(
        !wrapped
            .windows(8)
            .any(|window| DATA_KEY.starts_with(window)),
        "a wrapped key does not show the key"
    );
    let again = device.wrap(&DATA_KEY).await.expect("wraps again");
    assert_ne!(wrapped, again, "no two wrappings are alike");
    for one in [&wrapped, &again] {
        let key = device.unwrap(one).await.expect("unwraps its own");
        assert!(
            key.expose_secret() == &DATA_KEY,
            "unwrapping gives the key back"
        );
    }

    let foreign = stranger.unwrap(&wrapped).await.err();
    assert_eq!(
        foreign,
        Some(KeyStoreError::NotFound),
        "a device without a key says so"
    );
    stranger
        .wrap(&DATA_KEY)
        .await
        .expect("another device wraps");
    let foreign = stranger.unwrap(&wrapped).await.err();
    assert_eq!(
        foreign,
        Some(KeyStoreError::Refused),
        "another device's wrapping is refused"
    );

    for place in 0..wrapped.len() {
        let mut broken = wrapped.clone();
        if let Some(byte) = broken.get_mut(place) {
            *byte ^= 1;
        }
        assert!(
            device.unwrap(&broken).await.is_err(),
            "a changed wrapping is refused"
        );
    }
    for broken in [&[][..], &[0; 15], &[0; 5000]] {
        let refused = device.unwrap(broken).await.err();
        assert_eq!(
            refused,
            Some(KeyStoreError::Refused),
            "other bytes are refused"
        );
    }
}

async fn anchor(device: &dyn KeyStore, stranger: &dyn KeyStore) {
    assert_eq!(
        device.read_anchor().await,
        Ok(None),
        "no anchor before the first"
    );
    for (raised, stands) in [(5, 5), (6, 6), (6, 6), (2, 6), (0, 6), (LARGEST, LARGEST)] {
        assert_eq!(
            device.raise_anchor(raised).await,
            Ok(()),
            "raising lower or again is no error"
        );
        assert_eq!(
            device.read_anchor().await,
            Ok(Some(stands)),
            "the anchor never sinks"
        );
    }
    assert_eq!(
        stranger.read_anchor().await,
        Ok(None),
        "another device has its own"
    );
}

/// The contract of named stores. The device must have wrapped a key and raised its anchor before.
async fn names(device: &dyn KeyStore) {
    for name in ["", "UPPER", "../file", &"a".repeat(65)] {
        assert!(device.named(name).is_none(), "other names are refused");
    }
    let Some(book) = device.named("reader") else {
        return;
    };
    assert_eq!(
        book.read_anchor().await,
        Ok(None),
        "a book has its own anchor"
    );
    assert_eq!(book.raise_anchor(3).await, Ok(()));
    assert_eq!(
        device.read_anchor().await,
        Ok(Some(LARGEST)),
        "and moves no other"
    );
    let of_device = device.wrap(&DATA_KEY).await.expect("wraps");
    assert_eq!(
        book.unwrap(&of_device).await.err(),
        Some(KeyStoreError::NotFound),
        "a book has its own key"
    );
    let of_book = book.wrap(&DATA_KEY).await.expect("wraps");
    assert_eq!(
        device.unwrap(&of_book).await.err(),
        Some(KeyStoreError::Refused),
        "which opens for it alone"
    );
    let again = device.named("reader").expect("a name stays one");
    assert_eq!(again.read_anchor().await, Ok(Some(3)));
    let key = again.unwrap(&of_book).await.expect("unwraps its own");
    assert!(key.expose_secret() == &DATA_KEY);
    if book.holder_algorithm().is_some() {
        let made = book.create_holder_key("of-the-book").await;
        made.expect("a book may have holder keys");
        assert_eq!(
            device.sign("of-the-book", b"m").await.err(),
            Some(KeyStoreError::NotFound),
            "and no other store has them"
        );
        assert_eq!(device.delete_holder_key("of-the-book").await, Ok(()));
        assert!(again.sign("of-the-book", b"m").await.is_ok());
        assert_eq!(book.delete_holder_key("of-the-book").await, Ok(()));
    }
}

async fn holder_keys(device: &dyn KeyStore) {
    let message = b"what the holder signs";
    let first = device
        .create_holder_key("holder-1")
        .await
        .expect("makes a key");
    let second = device
        .create_holder_key("holder-2")
        .await
        .expect("makes another");
    assert_eq!(
        Some(first.algorithm()),
        device.holder_algorithm(),
        "of the kind it said"
    );
    assert!(first != second, "each key is a new one");
    let taken = device.create_holder_key("holder-1").await.err();
    assert_eq!(
        taken,
        Some(KeyStoreError::Refused),
        "a key is never replaced"
    );
    for name in ["", "UPPER", "../file", "with space", &"a".repeat(65)] {
        let refused = device.create_holder_key(name).await.err();
        assert_eq!(
            refused,
            Some(KeyStoreError::Refused),
            "other names are refused"
        );
    }

    let signature = device.sign("holder-1", message).await.expect("signs");
    assert!(
        first.verify(message, &signature).is_ok(),
        "its own key verifies"
    );
    assert!(
        second.verify(message, &signature).is_err(),
        "another does not"
    );
    assert!(
        device.sign("holder-1", b"").await.is_ok(),
        "an empty message is a message"
    );
    let unknown = device.sign("holder-3", message).await.err();
    assert_eq!(
        unknown,
        Some(KeyStoreError::NotFound),
        "no key, no signature"
    );

    assert_eq!(device.delete_holder_key("holder-1").await, Ok(()));
    assert_eq!(
        device.delete_holder_key("holder-1").await,
        Ok(()),
        "deleting can be repeated"
    );
    let deleted = device.sign("holder-1", message).await.err();
    assert_eq!(
        deleted,
        Some(KeyStoreError::NotFound),
        "a deleted key is gone"
    );
    let other = device
        .sign("holder-2", message)
        .await
        .expect("the other is still there");
    assert!(second.verify(message, &other).is_ok());
}
