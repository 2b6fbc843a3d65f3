//! Answers that are lost, requests that come late or twice, and tokens in wrong hands: in the end
//! one license on the phone and one live issuance in the register.

use serde_json::json;
use vidimus_authority::AddedLicense;
use vidimus_credential::LicenseStatus;
use vidimus_credential::sd_cwt::StatusRef;

use crate::common::{
    LIVE, PRE_AUTHORIZED, Proof, Reply, Town, code_of, count, key, offer_of, refused, request_with,
};

const DAY: u64 = 86_400;

async fn guess(town: &Town, added: &AddedLicense, tx_code: &str) -> Reply {
    town.form(&[
        ("grant_type", PRE_AUTHORIZED),
        ("pre-authorized_code", &code_of(added)),
        ("tx_code", tx_code),
    ])
    .await
}

fn wrong(added: &AddedLicense) -> &'static str {
    if added.tx_code == "000000" {
        "000001"
    } else {
        "000000"
    }
}

fn path_of(town: &Town, added: &AddedLicense) -> String {
    let url = url::Url::parse(&added.offer_by_reference).unwrap();
    let (_, value) = url.query_pairs().next().unwrap();
    value.strip_prefix(town.issuer.as_str()).unwrap().to_owned()
}

#[tokio::test]
async fn a_code_whose_answer_was_lost_is_redeemed_again_for_a_day_until_a_credential_was_issued() {
    let town = Town::new().await;
    let added = town.add_license();
    assert_eq!(town.redeem(&added).await.status, 200);
    town.pass(DAY);
    assert_eq!(
        town.get(&path_of(&town, &added)).await.json(),
        offer_of(&added),
        "by reference too, past the offer's own end"
    );
    let tokens = town.redeem(&added).await;
    assert_eq!(tokens.status, 200);
    town.fetch(&tokens, &key(0)).await;
    assert_eq!(
        town.redeem(&added).await.refusal(),
        refused(400, "invalid_grant")
    );
    assert_eq!(town.get(&path_of(&town, &added)).await.status, 404);

    let late = town.add_license();
    assert_eq!(town.redeem(&late).await.status, 200);
    town.pass(DAY + 1);
    assert_eq!(
        town.redeem(&late).await.refusal(),
        refused(400, "invalid_grant")
    );
    assert_eq!(town.get(&path_of(&town, &late)).await.status, 404);
}

#[tokio::test]
async fn each_redemption_gives_a_new_pair_at_most_four_and_the_first_one_used_wins() {
    let town = Town::new().await;
    for winner in 0..4 {
        let added = town.add_license();
        let mut pairs = Vec::new();
        for _ in 0..6 {
            pairs.push(town.redeem(&added).await);
        }
        let access: Vec<String> = pairs.iter().map(|pair| pair.text("access_token")).collect();
        for (one, token) in access.iter().enumerate().take(4) {
            assert_eq!(access.iter().position(|other| other == token), Some(one));
        }
        assert_eq!((&access[4], &access[5]), (&access[3], &access[3]));
        // The pairs are asked with in any order; here the winner's is first.
        town.fetch(&pairs[winner], &key(0)).await;
        for (index, pair) in pairs.iter().enumerate().take(4) {
            let good = index == winner;
            let reply = town.credential(&access[index], &key(0)).await;
            assert_eq!(reply.status == 200, good, "{winner} {index}");
            let reply = town.refresh(&pair.text("refresh_token")).await;
            assert_eq!(reply.status == 200, good, "{winner} {index}");
        }
    }
}

#[tokio::test]
async fn wrong_transaction_codes_count_after_a_redemption_too_and_a_new_offer_is_made_at_once() {
    let town = Town::new().await;
    let added = town.add_license();
    for _ in 0..2 {
        guess(&town, &added, wrong(&added)).await;
    }
    assert_eq!(town.redeem(&added).await.status, 200);
    for _ in 0..3 {
        let reply = guess(&town, &added, wrong(&added)).await;
        assert_eq!(reply.refusal(), refused(400, "invalid_grant"));
    }
    assert_eq!(
        town.redeem(&added).await.refusal(),
        refused(400, "invalid_grant")
    );
    let kind = vidimus_authority::OfferKind::First;
    let again = town
        .authority()
        .offer(&added.license_id, kind, town.now())
        .unwrap();
    town.enroll(&again, &key(0)).await;
    assert_eq!(count(town.home(), LIVE), 1);
}

#[tokio::test]
async fn a_lost_refresh_answer_is_recovered_and_nothing_voids_the_family() {
    let town = Town::new().await;
    let phone = town.enroll(&town.add_license(), &key(0)).await;
    let lost = town.refresh(&phone.refresh).await;
    let second = town.refresh(&phone.refresh).await;
    assert_ne!(lost.text("refresh_token"), second.text("refresh_token"));
    let phone2 = town.fetch(&second, &key(0)).await;
    // The sibling and the parent are no longer good, and trying them harms no one.
    for token in [&phone.refresh, &lost.text("refresh_token")] {
        assert_eq!(
            town.refresh(token).await.refusal(),
            refused(400, "invalid_grant")
        );
    }
    for access in [&phone.access, &lost.text("access_token")] {
        assert_eq!(
            town.credential(access, &key(0)).await.refusal(),
            refused(401, "invalid_token")
        );
    }
    let third = town.refresh(&phone2.refresh).await;
    town.fetch(&third, &key(0)).await;
}

#[tokio::test]
async fn an_unused_pair_is_given_again_and_its_access_token_stays_good() {
    let town = Town::new().await;
    let tokens = town.redeem(&town.add_license()).await;
    let (access, refresh) = (tokens.text("access_token"), tokens.text("refresh_token"));
    town.pass(200);
    let again = town.refresh(&refresh).await;
    assert_eq!(
        again.text("access_token"),
        access,
        "half of its life is left"
    );
    assert_eq!(again.text("refresh_token"), refresh);
    assert_eq!(again.json()["expires_in"], json!(400));
    town.pass(300);
    let fresh = town.refresh(&refresh).await;
    assert_ne!(fresh.text("access_token"), access);
    assert_eq!(fresh.json()["expires_in"], json!(600));
    assert_eq!(
        town.credential(&access, &key(0)).await.refusal(),
        refused(401, "invalid_token")
    );
    town.fetch(&fresh, &key(0)).await;
}

#[tokio::test]
async fn a_thief_with_a_refresh_token_neither_renews_nor_locks_out_the_owner() {
    let town = Town::new().await;
    let phone = town.enroll(&town.add_license(), &key(0)).await;
    let mut stolen = Vec::new();
    for _ in 0..20 {
        stolen.push(town.refresh(&phone.refresh).await);
    }
    let owner = town.refresh(&phone.refresh).await;
    for tokens in &stolen {
        let reply = town.credential(&tokens.text("access_token"), &key(9)).await;
        assert_eq!(reply.refusal(), refused(400, "invalid_proof"));
        town.refresh(&tokens.text("refresh_token")).await;
    }
    town.fetch(&owner, &key(0)).await;
    // The thief may go on asking with what came from the same answer; the owner goes on renewing.
    let again = town.refresh(&owner.text("refresh_token")).await;
    town.fetch(&again, &key(0)).await;
    assert_eq!(count(town.home(), "SELECT count(*) FROM devices"), 1);
}

#[tokio::test]
async fn one_access_token_and_many_keys_leave_one_good_credential() {
    let town = Town::new().await;
    let access = town.redeem(&town.add_license()).await.text("access_token");
    let mut credentials = Vec::new();
    for n in 0..12 {
        let reply = town.credential(&access, &key(n)).await;
        credentials.push(town.credential_in(&reply));
    }
    let slow = town.credential(&access, &key(12)).await;
    assert_eq!(slow.refusal(), refused(429, "slow_down"));
    assert_eq!(slow.header("retry-after"), Some("86400"));
    // A repetition for the same key does not count.
    let last = town.credential(&access, &key(11)).await;
    let place = |status: &StatusRef| (status.uri.clone(), status.idx);
    assert_eq!(
        place(&town.credential_in(&last).claims().status),
        place(&credentials[11].claims().status)
    );
    for credential in &credentials[..11] {
        assert_eq!(town.status_of(credential), LicenseStatus::Superseded);
    }
    assert_eq!(town.status_of(&credentials[11]), LicenseStatus::Valid);
    assert_eq!(count(town.home(), LIVE), 1);
    town.acknowledge(&access, &last).await;
    assert_eq!(
        town.credential(&access, &key(1)).await.refusal(),
        refused(400, "invalid_proof"),
        "once it was acknowledged the key is fixed"
    );
    town.pass(DAY + 1);
    assert_eq!(
        count(
            town.home(),
            "SELECT count(*) FROM devices WHERE ended IS NULL"
        ),
        1
    );
}

#[tokio::test]
async fn another_key_is_taken_only_while_the_first_access_token_lives() {
    let town = Town::new().await;
    let tokens = town.redeem(&town.add_license()).await;
    town.credential(&tokens.text("access_token"), &key(0)).await;
    town.pass(601);
    let later = town.refresh(&tokens.text("refresh_token")).await;
    let access = later.text("access_token");
    assert_eq!(
        town.credential(&access, &key(1)).await.refusal(),
        refused(400, "invalid_proof")
    );
    assert_eq!(town.credential(&access, &key(0)).await.status, 200);
    assert_eq!(count(town.home(), LIVE), 1, "the same issuance once more");
}

#[tokio::test]
async fn what_was_notified_twice_or_late_changes_nothing() {
    let town = Town::new().await;
    let tokens = town.redeem(&town.add_license()).await;
    let access = tokens.text("access_token");
    let first = town.credential(&access, &key(0)).await;
    let second = town.credential(&access, &key(0)).await;
    assert_eq!(
        first.text("notification_id"),
        second.text("notification_id")
    );
    for reply in [&second, &first, &second] {
        town.acknowledge(&access, reply).await;
    }
    let renewed = town.refresh(&tokens.text("refresh_token")).await;
    let renewed = town.fetch(&renewed, &key(0)).await;
    town.acknowledge(&renewed.access, &first).await;
    assert_eq!(town.status_of(&renewed.credential), LicenseStatus::Valid);
}

/// A small generator, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// Requests that a phone sent, and that may arrive once more.
enum Sent {
    Redeem,
    Refresh(String),
    Credential(String, serde_json::Value),
    Notify(String, serde_json::Value),
}

async fn send(town: &Town, added: &AddedLicense, sent: &Sent) -> Reply {
    match sent {
        Sent::Redeem => town.redeem(added).await,
        Sent::Refresh(token) => town.refresh(token).await,
        Sent::Credential(access, request) => town.post_json("/credential", access, request).await,
        Sent::Notify(access, told) => town.post_json("/notification", access, told).await,
    }
}

/// A phone as ours: it keeps the newest tokens before it uses them, begins with the code again
/// where nothing is left, and has one key.
struct Wallet {
    access: Option<String>,
    refresh: Option<String>,
    /// What it stored, and the notification that it wants to send.
    held: Option<(StatusRef, String)>,
}

#[tokio::test]
async fn whatever_is_lost_repeated_or_reordered_one_license_and_one_live_issuance_are_left() {
    let town = Town::new().await;
    for seed in 1..=12_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let added = town.add_license();
        let mut wallet = Wallet {
            access: None,
            refresh: None,
            held: None,
        };
        let mut sent: Vec<Sent> = Vec::new();
        for _ in 0..60 {
            town.pass(dice.roll(120));
            // A request of before arrives once more, or for the first time: no one reads its
            // answer.
            if let (Some(index), 0) = (sent.len().checked_sub(1), dice.roll(3)) {
                let sides = u64::try_from(index).unwrap() + 1;
                let index = usize::try_from(dice.roll(sides)).unwrap();
                send(&town, &added, &sent[index]).await;
            }
            if wallet.held.is_some() {
                break;
            }
            // Not sent yet, or its answer is lost, more often than not.
            let (arrives, heard) = (dice.roll(6) != 0, dice.roll(5) < 2);
            one(&town, &added, &mut wallet, &mut sent, arrives, heard).await;
        }
        // In the end the network is good.
        while wallet.held.is_none() {
            one(&town, &added, &mut wallet, &mut sent, true, true).await;
        }
        let (status, _) = wallet.held.expect("the phone has its license");
        // Everything that it ever sent arrives once more, the last first.
        for sent in sent.iter().rev() {
            send(&town, &added, sent).await;
        }
        let of = format!("license = '{}'", added.license_id);
        assert_eq!(
            count(town.home(), &format!("{LIVE} AND {of}")),
            1,
            "seed {seed}"
        );
        let devices = format!("SELECT count(*) FROM devices WHERE ended IS NULL AND {of}");
        assert_eq!(count(town.home(), &devices), 1, "seed {seed}");
        let idx = format!("SELECT idx FROM issuances WHERE own_state IS NULL AND {of}");
        assert_eq!(
            count(town.home(), &idx),
            i64::from(status.idx),
            "seed {seed}"
        );
    }
}

/// The phone's next request.
async fn one(
    town: &Town,
    added: &AddedLicense,
    wallet: &mut Wallet,
    sent: &mut Vec<Sent>,
    arrives: bool,
    heard: bool,
) {
    let request = match (&wallet.access, &wallet.refresh) {
        (Some(access), _) => {
            let proof = Proof::new(town, &key(0), &town.nonce().await).sign(&key(0));
            Sent::Credential(access.clone(), request_with(&proof))
        }
        (None, Some(refresh)) => Sent::Refresh(refresh.clone()),
        (None, None) => Sent::Redeem,
    };
    sent.push(request);
    if !arrives {
        return;
    }
    let request = sent.last().unwrap();
    let reply = send(town, added, request).await;
    if !heard {
        return;
    }
    match (request, reply.status) {
        (Sent::Credential(access, _), 200) => {
            let credential = town.credential_in(&reply);
            let told = json!({
                "notification_id": reply.text("notification_id"), "event": "credential_accepted"
            });
            sent.push(Sent::Notify(access.clone(), told));
            let id = reply.text("notification_id");
            wallet.held = Some((credential.claims().status.clone(), id));
        }
        (Sent::Credential(..), 401) => wallet.access = None,
        (Sent::Redeem | Sent::Refresh(_), 200) => {
            wallet.access = Some(reply.text("access_token"));
            wallet.refresh = Some(reply.text("refresh_token"));
        }
        (Sent::Refresh(_), 400) => {
            wallet.access = None;
            wallet.refresh = None;
        }
        (_, status) => panic!("{status}: {}", reply.json()),
    }
}
