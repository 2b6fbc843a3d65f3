//! The names that are used in logs, in JSON and in the apps' words, and what each reason leads to
//! (profile, section 9): written down once more, because other people's programs read them.

use vidimus_credential::Tone;
use vidimus_credential::meaning::{Outcome, Reason};

const REFUSE: Option<Outcome> = Some(Outcome::Refuse);
const CAUTION: Option<Outcome> = Some(Outcome::Caution);

#[test]
fn each_reason_has_its_name_and_what_it_leads_to() {
    let written = [
        (Reason::NotAToken, "not_a_token", REFUSE),
        (Reason::Malformed, "malformed", REFUSE),
        (Reason::TrustListUnusable, "trust_list_unusable", REFUSE),
        (Reason::UnknownKey, "unknown_key", REFUSE),
        (Reason::WrongKeyPurpose, "wrong_key_purpose", REFUSE),
        (Reason::WrongIssuer, "wrong_issuer", REFUSE),
        (Reason::KeyNotInForce, "key_not_in_force", REFUSE),
        (Reason::BadSignature, "bad_signature", REFUSE),
        (Reason::NotBoundToDevice, "not_bound_to_device", REFUSE),
        (Reason::DisclosureMismatch, "disclosure_mismatch", REFUSE),
        (Reason::CredentialExpired, "credential_expired", REFUSE),
        (Reason::Expired, "expired", REFUSE),
        (Reason::NotYetValid, "not_yet_valid", REFUSE),
        (Reason::LifeTooLong, "life_too_long", REFUSE),
        (Reason::TimesInconsistent, "times_inconsistent", REFUSE),
        (Reason::WrongChallenge, "wrong_challenge", REFUSE),
        (Reason::WrongReader, "wrong_reader", REFUSE),
        (Reason::Replayed, "replayed", REFUSE),
        (Reason::LicenseExpired, "license_expired", REFUSE),
        (Reason::LicenseNotYetValid, "license_not_yet_valid", REFUSE),
        (Reason::CategoryNotHeld, "category_not_held", REFUSE),
        (Reason::ClockInDoubt, "clock_in_doubt", CAUTION),
        (Reason::TrustListExpired, "trust_list_expired", CAUTION),
        (Reason::TrustListOld, "trust_list_old", None),
        (Reason::Revoked, "revoked", REFUSE),
        (Reason::Suspended, "suspended", REFUSE),
        (Reason::Lapsed, "lapsed", REFUSE),
        (Reason::PointsLimit, "points_limit", REFUSE),
        (Reason::Superseded, "superseded", REFUSE),
        (Reason::StatusStale, "status_stale", CAUTION),
        (Reason::StatusUnknown, "status_unknown", CAUTION),
        (Reason::Unresolved, "unresolved", CAUTION),
        (Reason::StatusUnusable, "status_unusable", CAUTION),
        (Reason::StatusMissing, "status_missing", CAUTION),
        (Reason::BundleIgnored, "bundle_ignored", None),
        (Reason::BundleUnusable, "bundle_unusable", None),
    ];
    let found = Reason::ALL.map(|reason| (reason, reason.code(), reason.outcome()));
    assert_eq!(found.to_vec(), written.to_vec());
}

#[test]
fn outcomes_and_tones_have_their_names() {
    let outcomes = [Outcome::Accept, Outcome::Caution, Outcome::Refuse];
    assert_eq!(outcomes.map(Outcome::name), ["accept", "caution", "refuse"]);
    let tones = ["good", "caution", "bad", "unknown"];
    assert_eq!(Tone::ALL.map(Tone::name), tones);
}
