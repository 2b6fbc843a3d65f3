//! One question to a verifier, and the verdict that the profile gives.

use super::cbor::int;
use super::objects::{DAY, HOUR, Keys, NOW, Object, credential, entries, status, token, trust};
use serde_json::{Value, json};

/// What is asked of a verifier, and its verdict.
pub struct Case {
    /// Names the case and its files.
    pub name: &'static str,
    /// What the case shows, in one sentence.
    pub why: &'static str,
    /// The reader's clock, in seconds since 1970.
    pub now: i64,
    /// What the camera read.
    pub text: String,
    /// A trust list that the verifier is given first.
    pub first_trust: Option<Vec<u8>>,
    /// A bundle that it is given after that.
    pub first_bundle: Option<Vec<u8>>,
    /// The trust list; none for the usual one.
    pub trust: Option<Vec<u8>>,
    /// The bundle that the reader holds, where it holds one.
    pub bundle: Option<Vec<u8>>,
    /// A status token that the reader fetched.
    pub online: Option<Vec<u8>>,
    /// The `cnonce` and the reader of a challenge.
    pub challenge: Option<(Vec<u8>, &'static str)>,
    /// Seconds since the challenge was asked.
    pub asked_ago_s: i64,
    /// A category that the reader asks for.
    pub category: Option<&'static str>,
    /// Whether the verifier has been shown the same text before, at the same time.
    pub seen_before: bool,
    verdict: &'static str,
    reasons: Vec<&'static str>,
    license: Option<&'static str>,
    state: (&'static str, Option<i64>, &'static str),
    times: Option<(i64, i64, bool)>,
}

impl Case {
    /// The case of a text that is accepted by a staple of an hour ago.
    pub fn new(name: &'static str, why: &'static str, text: String) -> Self {
        Self {
            name,
            why,
            now: NOW,
            text,
            first_trust: None,
            first_bundle: None,
            trust: None,
            bundle: None,
            online: None,
            challenge: None,
            asked_ago_s: 10,
            category: None,
            seen_before: false,
            verdict: "accept",
            reasons: Vec::new(),
            license: Some("four-categories"),
            state: ("valid", Some(NOW - HOUR), "staple"),
            times: Some((NOW - 5, NOW + 25, false)),
        }
    }

    /// The same case, judged by another clock.
    pub fn now(mut self, now: i64) -> Self {
        self.now = now;
        self
    }

    /// With a trust list that comes before the other.
    pub fn first_trust(mut self, trust: Vec<u8>) -> Self {
        self.first_trust = Some(trust);
        self
    }

    /// With a bundle that comes between the two trust lists.
    pub fn first_bundle(mut self, bundle: Vec<u8>) -> Self {
        self.first_bundle = Some(bundle);
        self
    }

    /// With another trust list.
    pub fn trust(mut self, trust: Vec<u8>) -> Self {
        self.trust = Some(trust);
        self
    }

    /// The same case, with a bundle in hand.
    pub fn bundle(mut self, bundle: Vec<u8>) -> Self {
        self.bundle = Some(bundle);
        self
    }

    /// With an online list.
    pub fn online(mut self, online: Vec<u8>) -> Self {
        self.online = Some(online);
        self
    }

    /// As the answer to a challenge.
    pub fn asked(mut self, cnonce: &[u8], reader: &'static str) -> Self {
        self.challenge = Some((cnonce.to_vec(), reader));
        self
    }

    /// So many seconds after the challenge was asked.
    pub fn asked_ago(mut self, seconds: i64) -> Self {
        self.asked_ago_s = seconds;
        self
    }

    /// With a category asked for.
    pub fn category(mut self, code: &'static str) -> Self {
        self.category = Some(code);
        self
    }

    /// For the second time.
    pub fn seen_before(mut self) -> Self {
        self.seen_before = true;
        self
    }

    /// It carries a `cnonce`.
    pub fn challenged(mut self) -> Self {
        self.times = self.times.map(|(iat, exp, _)| (iat, exp, true));
        self
    }

    /// The token's own times.
    pub fn times(mut self, iat: i64, exp: i64) -> Self {
        self.times = self.times.map(|(.., challenged)| (iat, exp, challenged));
        self
    }

    /// The status that counts.
    pub fn state(mut self, state: &'static str, as_of: i64, source: &'static str) -> Self {
        self.state = (state, Some(as_of), source);
        self
    }

    /// Expects that no status counts.
    pub fn no_state(mut self) -> Self {
        self.state = ("unknown", None, "none");
        self
    }

    /// The license it shows.
    pub fn license(mut self, name: &'static str) -> Self {
        self.license = Some(name);
        self
    }

    /// Refused before an authority's signature held.
    pub fn forged(mut self) -> Self {
        self.license = None;
        self.no_state()
    }

    /// Refused before a token was read.
    pub fn unread(mut self) -> Self {
        self.times = None;
        self.forged()
    }

    /// Expects Accept, with these reasons beside it.
    pub fn accept(mut self, reasons: &[&'static str]) -> Self {
        self.verdict = "accept";
        self.reasons = reasons.to_vec();
        self
    }

    /// Expects Caution, for these reasons.
    pub fn caution(mut self, reasons: &[&'static str]) -> Self {
        self = self.accept(reasons);
        self.verdict = "caution";
        self
    }

    /// Expects Refuse, for these reasons.
    pub fn refuse(mut self, reasons: &[&'static str]) -> Self {
        self = self.accept(reasons);
        self.verdict = "refuse";
        self
    }

    /// The verdict as `vidimus verify --json` prints it, but for the license, which is named.
    pub fn verdict(&self) -> Value {
        let (state, as_of, source) = self.state;
        json!({
            "verdict": self.verdict,
            "reasons": self.reasons,
            "license": self.license,
            "status": {
                "state": state,
                "as_of": as_of,
                "age_s": as_of.map(|as_of| (self.now - as_of).max(0)),
                "source": source,
            },
            "token": self.times.map(|(iat, exp, challenged)| json!({ "iat": iat, "exp": exp, "challenged": challenged })),
        })
    }
}

/// What most cases are made of.
pub struct World {
    /// The keys of everyone who signs.
    pub keys: Keys,
}

impl World {
    /// The usual trust list.
    pub fn trust(&self) -> Object {
        trust(&self.keys, &entries(&self.keys))
    }

    /// The credential that most cases start from.
    pub fn credential(&self) -> Object {
        credential(&self.keys, &self.keys.holder)
    }

    /// A staple of an hour ago that says this.
    pub fn staple(&self, value: u8) -> Vec<u8> {
        status(&self.keys, value, HOUR).encode()
    }

    /// A token around this credential, with the usual staple.
    pub fn around(&self, credential: Vec<u8>) -> Object {
        token(&self.keys.holder, credential, Some(self.staple(0)))
    }

    /// A token with this staple.
    pub fn stapled(&self, staple: Vec<u8>) -> Object {
        token(&self.keys.holder, self.credential().encode(), Some(staple))
    }

    /// A token of a credential that was signed 20 days ago, for statuses older than an hour.
    pub fn long_held(&self, staple: Option<Vec<u8>>) -> Object {
        let credential = self.credential().claim(6, int(NOW - 20 * DAY)).encode();
        token(&self.keys.holder, credential, staple)
    }

    /// A token without a staple.
    pub fn bare(&self) -> Object {
        token(&self.keys.holder, self.credential().encode(), None)
    }

    /// The token that most cases start from.
    pub fn token(&self) -> Object {
        self.around(self.credential().encode())
    }
}
