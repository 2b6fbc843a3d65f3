//! The activity log's chain.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{Phone, entry, log};
use crate::error::Damage;
use crate::vault::{Vault, Weight};

fn times(vault: &Vault, limit: usize) -> (Vec<u64>, bool) {
    let activity = vault.read(|view| view.activity(limit)).unwrap();
    let times = activity.entries.iter().map(|entry| entry.at.seconds());
    (times.collect(), activity.intact)
}

async fn five_entries() -> Phone {
    let phone = Phone::new();
    let vault = phone.create().await;
    for at in 1..=5 {
        log(&vault, at).await;
    }
    phone
}

#[tokio::test]
async fn the_log_gives_its_newest_entries_first() {
    let phone = five_entries().await;
    let vault = phone.open().await;
    assert_eq!(times(&vault, 2), (vec![5, 4], true));
    assert_eq!(times(&vault, 99), (vec![5, 4, 3, 2, 1], true));
    assert_eq!(times(&vault, 0), (vec![], true));
}

#[tokio::test]
async fn an_entry_changed_deleted_swapped_or_added_breaks_the_chain_there_and_all_is_kept() {
    for (attack, shown) in [
        (
            "UPDATE activity SET sealed = zeroblob(120) WHERE sequence = 3",
            vec![5, 4],
        ),
        ("DELETE FROM activity WHERE sequence = 2", vec![5, 4, 3]),
        ("DELETE FROM activity WHERE sequence = 5", vec![]),
        (
            "UPDATE activity SET sealed = (SELECT sealed FROM activity WHERE sequence = 1) WHERE sequence = 4",
            vec![5],
        ),
        (
            "INSERT INTO activity SELECT 6, sealed FROM activity WHERE sequence = 5",
            vec![5, 4, 3, 2, 1],
        ),
    ] {
        let phone = five_entries().await;
        phone.attack(attack);
        let vault = phone.open().await;
        assert_eq!(times(&vault, 99), (shown, false), "{attack}");
        assert_eq!(vault.health().unwrap().damaged, [Damage::ActivityLog]);
        // What is logged from now on is there, and the foreign entry is not overwritten.
        log(&vault, 6).await;
        assert_eq!(times(&vault, 1).0, [6]);
    }
}

#[tokio::test]
async fn a_log_cut_at_its_end_is_noticed_when_the_vault_opens() {
    let phone = five_entries().await;
    phone.attack("DELETE FROM activity WHERE sequence > 3");
    let health = phone.open().await.health().unwrap();
    assert_eq!(health.damaged, [Damage::ActivityLog]);
}

/// Opening, reading the newest entry, and one write.
async fn open_and_write(phone: &Phone) -> Duration {
    let mut best = Duration::MAX;
    for at in 0..15 {
        let start = Instant::now();
        let vault = phone.open().await;
        assert!(times(&vault, 1).1);
        best = best.min(start.elapsed());
        log(&vault, at).await;
    }
    best
}

#[tokio::test]
async fn opening_costs_the_same_with_a_thousand_and_with_twenty_thousand_entries() {
    let phone = Phone::new();
    let vault = phone.create().await;
    let fill = |count: u64| {
        vault.write(Weight::Light, move |tx| {
            (0..count).try_for_each(|at| tx.log(&entry(at)))
        })
    };
    fill(1_000).await.unwrap();
    let few = open_and_write(&phone).await;
    fill(19_000).await.unwrap();
    let many = open_and_write(&phone).await;
    assert_eq!(times(&vault, usize::MAX).0.len(), 20_030);
    assert!(
        many < few * 2,
        "{few:?} with 1,000 entries, {many:?} with 20,000"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn after_a_change_of_any_entry_only_a_true_end_of_the_log_is_shown(
        count in 1_i64..12, place in 0_i64..12, byte in 0_usize..400, bit in 0_u8..8,
    ) {
        let place = place % count + 1;
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let phone = Phone::new();
            let vault = phone.create().await;
            for at in 1..=count {
                log(&vault, u64::try_from(at).unwrap()).await;
            }
            drop(vault);
            let connection = rusqlite::Connection::open(phone.file()).unwrap();
            let mut sealed: Vec<u8> = connection
                .query_row("SELECT sealed FROM activity WHERE sequence = ?1", [place], |row| row.get(0))
                .unwrap();
            let length = sealed.len();
            sealed[byte % length] ^= 1 << bit;
            connection
                .execute("UPDATE activity SET sealed = ?1 WHERE sequence = ?2", (sealed, place))
                .unwrap();
            drop(connection);
            let (shown, intact) = times(&phone.open().await, 99);
            let expected: Vec<u64> = (place + 1..=count).rev().map(|at| u64::try_from(at).unwrap()).collect();
            prop_assert_eq!(shown, expected);
            prop_assert!(!intact);
            Ok(())
        })?;
    }
}
