//! A test's authority: keys from labels, and signed objects on request.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use vidimus_credential::key::{Algorithm, Signer, SigningKey, VerifyingKey};
use vidimus_credential::license::{Category, Country, License, LicenseFields};
use vidimus_credential::sd_cwt::{self, CredentialClaims, Portrait, StatusRef};
use vidimus_credential::status_list::{self, Bits};
use vidimus_credential::time::{Day, UnixTime, UtcOffset};
use vidimus_credential::trust::{self, Purpose, TrustEntry};

use super::server::{Reply, Request, Server};

/// The day on which the tests take place.
pub(crate) const NOW: u64 = 1_790_000_000;

const DAY: u64 = 86_400;

pub(crate) fn time(seconds: u64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

/// The keys of an authority at a [`Server`].
pub(crate) struct Authority {
    pub(crate) root: SigningKey,
    pub(crate) credential: SigningKey,
    pub(crate) status: SigningKey,
    pub(crate) issuer: String,
}

/// A key as a trust list names it.
pub(crate) struct Listed<'k> {
    pub(crate) key: &'k SigningKey,
    pub(crate) purpose: Purpose,
    pub(crate) signed_until: Option<u64>,
}

impl Authority {
    pub(crate) fn at(server: &Server) -> Self {
        Self::named(&server.url(""))
    }

    pub(crate) fn named(issuer: &str) -> Self {
        Self {
            root: key("root"),
            credential: key("credential"),
            status: key("status"),
            issuer: issuer.to_owned(),
        }
    }

    /// The address of the status list that its credentials point to.
    pub(crate) fn list(&self) -> String {
        format!("{}/status/0", self.issuer)
    }

    /// The same authority after it has changed its status key.
    pub(crate) fn with_new_status_key(server: &Server) -> Self {
        Self {
            status: key("status, second"),
            ..Self::at(server)
        }
    }

    pub(crate) fn trust_list(&self, iat: u64) -> Vec<u8> {
        self.trust_list_of(iat, 0, &self.present_keys())
    }

    /// The keys that sign now.
    pub(crate) fn present_keys(&self) -> Vec<Listed<'_>> {
        let listed = |key, purpose| Listed {
            key,
            purpose,
            signed_until: None,
        };
        vec![
            listed(&self.credential, Purpose::Credential),
            listed(&self.status, Purpose::Status),
        ]
    }

    pub(crate) fn trust_list_of(&self, iat: u64, serial: u64, keys: &[Listed<'_>]) -> Vec<u8> {
        let entries: Vec<TrustEntry> = keys
            .iter()
            .map(|listed| trust_entry(listed, &self.issuer))
            .collect();
        let (iat, exp) = (time(iat), time(iat + 30 * DAY));
        trust::build(&self.issuer, iat, exp, serial, &entries, &self.root).unwrap()
    }

    /// A credential for `holder`, good for 30 days from `iat`.
    pub(crate) fn license(&self, holder: &VerifyingKey, iat: u64) -> Vec<u8> {
        self.license_signed_by(&self.credential, holder, iat)
    }

    pub(crate) fn license_signed_by(
        &self,
        signer: &SigningKey,
        holder: &VerifyingKey,
        iat: u64,
    ) -> Vec<u8> {
        let status = StatusRef {
            idx: 5,
            uri: self.list(),
        };
        self.license_in(status, signer, holder, iat)
    }

    /// A credential whose status is in this list, at this index.
    pub(crate) fn license_in(
        &self,
        status: StatusRef,
        signer: &SigningKey,
        holder: &VerifyingKey,
        iat: u64,
    ) -> Vec<u8> {
        let claims = CredentialClaims {
            iss: self.issuer.clone(),
            sub: [7; 16],
            exp: time(iat + 30 * DAY),
            iat: time(iat),
            holder_key: holder.clone(),
            license: license(),
            status,
        };
        let portrait = Portrait::new([9; 16], b"\xff\xd8\xff\xe0 no picture \xff\xd9");
        sd_cwt::issue(&claims, &portrait, signer).unwrap()
    }

    /// A status token in which the test's license has this value.
    pub(crate) fn status(&self, value: u8, iat: u64) -> Vec<u8> {
        self.status_of(&self.list(), value, iat)
    }

    pub(crate) fn status_of(&self, uri: &str, value: u8, iat: u64) -> Vec<u8> {
        let mut values = [0; 256];
        values[5] = value;
        self.list_of(uri, &values, iat)
    }

    pub(crate) fn list_of(&self, uri: &str, values: &[u8], iat: u64) -> Vec<u8> {
        let (iat, exp) = (time(iat), time(iat + 7 * DAY));
        status_list::issue(uri, values, Bits::Four, iat, exp, 3600, &self.status).unwrap()
    }

    /// Puts a whole issuer behind the server: metadata, token, nonce, credential, trust and status.
    pub(crate) fn serve(self, server: &Server) -> &'static Self {
        let authority: &'static Self = Box::leak(Box::new(self));
        let issuer = authority.issuer.as_str();
        server.at(
            "/.well-known/openid-credential-issuer",
            Reply::json(200, &authority.metadata()),
        );
        server.at(
            "/.well-known/oauth-authorization-server",
            Reply::json(
                200,
                &json!({ "issuer": issuer, "token_endpoint": format!("{issuer}/token") }),
            ),
        );
        server.script(|request| (request.path == "/token").then(|| token_reply(request)));
        server.at("/nonce", Reply::json(200, &json!({ "c_nonce": "nonce-1" })));
        server.script(|request| {
            (request.path == "/credential").then(|| {
                let credential = authority.license(&proven_key(request), NOW);
                credential_reply(&credential)
            })
        });
        server.at("/notification", Reply::new(204));
        server.at(
            "/trust",
            Reply::new(200)
                .header("etag", "\"t1\"")
                .body(authority.trust_list(NOW)),
        );
        server.at(
            "/status/0",
            Reply::new(200)
                .header("etag", "\"s1\"")
                .body(authority.status(0, NOW)),
        );
        authority
    }

    pub(crate) fn metadata(&self) -> Value {
        let issuer = &self.issuer;
        json!({
            "credential_issuer": issuer,
            "credential_endpoint": format!("{issuer}/credential"),
            "nonce_endpoint": format!("{issuer}/nonce"),
            "notification_endpoint": format!("{issuer}/notification"),
            "display": [{ "name": "Test Authority", "locale": "en" }],
            "credential_configurations_supported": { "dl": {
                "format": "dc+sd-cwt",
                "proof_types_supported": { "jwt": {
                    "proof_signing_alg_values_supported": ["ES256", "EdDSA", "Ed25519"],
                } },
                "credential_metadata": {},
            } },
        })
    }

    /// An offer by value, with the code `code-1` and a transaction code of 6 digits.
    pub(crate) fn offer(&self) -> String {
        let grant = json!({
            "pre-authorized_code": "code-1",
            "tx_code": { "input_mode": "numeric", "length": 6 },
        });
        self.offer_with(&grant)
    }

    pub(crate) fn offer_with(&self, grant: &Value) -> String {
        let offer = self.offer_document(grant).to_string();
        let query: String = url::form_urlencoded::byte_serialize(offer.as_bytes()).collect();
        format!("openid-credential-offer://?credential_offer={query}")
    }

    pub(crate) fn offer_document(&self, grant: &Value) -> Value {
        json!({
            "credential_issuer": self.issuer,
            "credential_configuration_ids": ["dl"],
            "grants": { "urn:ietf:params:oauth:grant-type:pre-authorized_code": grant },
        })
    }
}

/// The entry of a key that may speak for a name.
pub(crate) fn trust_entry(listed: &Listed<'_>, name: &str) -> TrustEntry {
    TrustEntry {
        key: listed.key.verifying_key().clone(),
        purposes: vec![listed.purpose],
        not_before: time(NOW - 100 * DAY),
        expires: time(NOW + 800 * DAY),
        name: name.to_owned(),
        country: Country::parse("ZZ").unwrap(),
        display_name: "Test Authority".to_owned(),
        signed_until: listed.signed_until.map(time),
    }
}

/// Tokens with names that show what was spent for them: `code-1` gives `access-code-1`.
fn token_reply(request: &Request) -> Reply {
    let form: std::collections::HashMap<String, String> =
        url::form_urlencoded::parse(&request.body)
            .into_owned()
            .collect();
    let spent = form
        .get("pre-authorized_code")
        .or_else(|| form.get("refresh_token"))
        .unwrap();
    Reply::json(
        200,
        &json!({
            "access_token": format!("access-{spent}"), "token_type": "Bearer", "expires_in": 300,
            "refresh_token": format!("refresh-{spent}"),
        }),
    )
}

pub(crate) fn credential_reply(credential: &[u8]) -> Reply {
    let credential = URL_SAFE_NO_PAD.encode(credential);
    let body = json!({ "credentials": [{ "credential": credential }], "notification_id": "n1" });
    Reply::json(200, &body)
}

/// Header and payload of a JWT.
pub(crate) fn jwt(text: &str) -> (Value, Value) {
    let part = |index: usize| {
        let part = text.split('.').nth(index).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    };
    (part(0), part(1))
}

/// Header and payload of the key proof in a credential request.
pub(crate) fn proof(request: &Request) -> (Value, Value) {
    jwt(request.json()["proofs"]["jwt"][0].as_str().unwrap())
}

/// The key that a credential request proves, its signature verified.
pub(crate) fn proven_key(request: &Request) -> VerifyingKey {
    let (header, _) = proof(request);
    let coordinate = |name: &str| {
        URL_SAFE_NO_PAD
            .decode(header["jwk"][name].as_str().unwrap_or_default())
            .unwrap()
    };
    let key = if header["alg"] == "ES256" {
        VerifyingKey::from_p256_sec1(&[vec![4], coordinate("x"), coordinate("y")].concat()).unwrap()
    } else {
        VerifyingKey::from_ed25519(&coordinate("x").try_into().unwrap()).unwrap()
    };
    let jwt = request.json()["proofs"]["jwt"][0]
        .as_str()
        .unwrap()
        .to_owned();
    let (input, signature) = jwt.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .unwrap()
        .try_into()
        .unwrap();
    key.verify(input.as_bytes(), &signature).unwrap();
    key
}

pub(crate) fn key(label: &str) -> SigningKey {
    SigningKey::from_secret(Algorithm::Ed25519, &Sha256::digest(label).into()).unwrap()
}

fn license() -> License {
    License::new(LicenseFields {
        family_name: "Ngata-Zweig".to_owned(),
        given_names: "Amaia".to_owned(),
        birth_date: Day::from_ymd(1991, 2, 28).unwrap().into(),
        license_number: "ZZ-4711-0815".to_owned(),
        categories: vec![Category::new("B".to_owned(), None, None, Vec::new()).unwrap()],
        issue_date: Day::from_ymd(2020, 1, 1).unwrap(),
        expiry_date: Some(Day::from_ymd(2035, 1, 1).unwrap()),
        issuing_country: Country::parse("ZZ").unwrap(),
        utc_offset: UtcOffset::UTC,
    })
    .unwrap()
}
