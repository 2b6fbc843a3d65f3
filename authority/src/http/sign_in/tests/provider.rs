//! Sign-in at an OpenID provider, against a small double of one.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use axum::Router;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openidconnect::PrivateSigningKey as _;
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::*;
use crate::oidc::OidcOptions;

const CLIENT: &str = "the authority";
const SECRET: &str = "a secret of both";
const HIGH: &str = "https://id.example/loa/high";

/// How the double lies.
#[derive(Clone, Default)]
struct Lies {
    /// Claims that replace the right ones; null takes one out.
    claims: BTreeMap<&'static str, Value>,
    /// What `alg` the head says, where it is not the key's.
    alg: Option<&'static str>,
    /// Signed by a key that the provider does not list.
    foreign_key: bool,
    /// The token endpoint sends the client elsewhere.
    redirects: bool,
    /// The token endpoint's answer has this much in it besides.
    padding: usize,
    /// What the userinfo endpoint says.
    told: Option<Value>,
}

/// A provider on this machine.
struct Provider {
    issuer: String,
    keys: [CoreEdDsaPrivateSigningKey; 2],
    lies: Mutex<Lies>,
    /// The logins by their code: nonce, challenge, time, and who.
    logins: Mutex<BTreeMap<String, (String, String, String)>>,
    clock: Mutex<u64>,
}

fn new_key() -> CoreEdDsaPrivateSigningKey {
    // An Ed25519 key in PKCS #8 (RFC 8410, section 7).
    let mut der = crate::secret::unhex("302e020100300506032b657004220420").unwrap();
    der.extend(crate::secret::random::<32>().unwrap());
    let text = STANDARD.encode(der);
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n");
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, None).unwrap()
}

impl Provider {
    async fn new() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let provider = Arc::new(Self {
            issuer,
            keys: [new_key(), new_key()],
            lies: Mutex::default(),
            logins: Mutex::default(),
            clock: Mutex::new(START),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(Arc::clone(&provider));
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    fn options(&self) -> ServeOptions {
        ServeOptions {
            oidc: Some(OidcOptions {
                issuer: self.issuer.clone(),
                client: CLIENT.to_owned(),
                secret: Some(zeroize::Zeroizing::new(SECRET.to_owned())),
                claim: "license_number".to_owned(),
                acr: vec![HIGH.to_owned()],
            }),
            ..ServeOptions::default()
        }
    }

    fn lies(&self) -> MutexGuard<'_, Lies> {
        self.lies.lock().unwrap()
    }

    /// What a driver does there who is sent to this address; where the provider sends them back to.
    fn login(&self, address: &str, who: &str) -> String {
        let url = url::Url::parse(address).unwrap();
        let asked: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        assert!(address.starts_with(&format!("{}/authorize?", self.issuer)));
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", CLIENT),
            ("code_challenge_method", "S256"),
            ("max_age", "0"),
            ("prompt", "login"),
            ("acr_values", HIGH),
        ] {
            assert_eq!(asked.get(name).map(String::as_str), Some(value), "{name}");
        }
        assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
        assert_eq!(
            asked["redirect_uri"],
            format!("{HTTPS}/sign-in/provider/callback")
        );
        let code = crate::secret::hex(&crate::secret::random::<8>().unwrap());
        let login = (
            asked["nonce"].clone(),
            asked["code_challenge"].clone(),
            who.to_owned(),
        );
        self.logins.lock().unwrap().insert(code.clone(), login);
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("code", &code)
            .append_pair("state", &asked["state"])
            .append_pair("iss", &self.issuer)
            .finish();
        format!("/sign-in/provider/callback?{query}")
    }
}

async fn configuration(State(provider): State<Arc<Provider>>) -> Response {
    let under = |path: &str| format!("{}{path}", provider.issuer);
    as_json(&json!({
        "issuer": provider.issuer,
        "authorization_endpoint": under("/authorize"),
        "token_endpoint": under("/token"),
        "userinfo_endpoint": under("/userinfo"),
        "jwks_uri": under("/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    }))
}

fn as_json(value: &Value) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (json, value.to_string()).into_response()
}

async fn keys(State(provider): State<Arc<Provider>>) -> Response {
    as_json(&json!({ "keys": [provider.keys[0].as_verification_key()] }))
}

async fn userinfo(State(provider): State<Arc<Provider>>) -> Response {
    let told = provider.lies().told.clone();
    match told {
        Some(told) => as_json(&told),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn token(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    uri: Uri,
    body: String,
) -> Response {
    assert_eq!(uri.path(), "/token");
    let basic = headers[header::AUTHORIZATION].to_str().unwrap();
    assert!(basic.starts_with("Basic "), "the secret stands in no form");
    let form: BTreeMap<String, String> = form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect();
    let lies = provider.lies().clone();
    if lies.redirects {
        return Redirect::temporary(&format!("{}/keys", provider.issuer)).into_response();
    }
    let login = provider.logins.lock().unwrap().remove(&form["code"]);
    let Some((nonce, challenge, who)) = login else {
        return (StatusCode::BAD_REQUEST, r#"{"error":"invalid_grant"}"#).into_response();
    };
    let made = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    assert_eq!(made, challenge, "the code is bound to who began");
    let now = *provider.clock.lock().unwrap();
    let mut claims = json!({
        "iss": provider.issuer, "aud": CLIENT, "sub": who, "nonce": nonce,
        "iat": now, "exp": now + 300, "auth_time": now, "acr": HIGH,
        "license_number": NUMBER, "name": "Adaeze Okonkwo", "email": "a@example.org",
    });
    for (name, value) in &lies.claims {
        let claims = claims.as_object_mut().unwrap();
        match value {
            Value::Null => claims.remove(*name),
            value => claims.insert((*name).to_owned(), value.clone()),
        };
    }
    let head = json!({ "alg": lies.alg.unwrap_or("EdDSA"), "typ": "JWT" });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&head), part(&claims));
    let key = &provider.keys[usize::from(lies.foreign_key)];
    let signature = key.sign(&CoreJwsSigningAlgorithm::EdDsa, signed.as_bytes());
    let signature = match lies.alg {
        Some("none") => String::new(),
        _ => URL_SAFE_NO_PAD.encode(signature.unwrap()),
    };
    let answer = json!({
        "access_token": "access", "token_type": "Bearer",
        "id_token": format!("{signed}.{signature}"),
        "padding": "x".repeat(lies.padding),
    });
    as_json(&answer)
}

impl Browser {
    /// Goes to the provider, signs in there as this person, and comes back; the page that follows.
    async fn through(&mut self, town: &Town, provider: &Provider, who: &str) -> Answer {
        *provider.clock.lock().unwrap() = town.now().seconds();
        let answer = self.get(town, "/sign-in/provider").await;
        let back = provider.login(answer.leads_to(), who);
        self.come_back(town, &back).await
    }

    /// The provider's redirect is of another site.
    async fn come_back(&mut self, town: &Town, path: &str) -> Answer {
        self.extra = vec![("sec-fetch-site", "cross-site".to_owned())];
        let answer = self.get(town, path).await;
        self.extra.clear();
        match answer.status {
            StatusCode::SEE_OTHER => {
                assert_eq!(answer.leads_to(), "/sign-in");
                self.get(town, "/sign-in").await
            }
            _ => answer,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_of_the_provider_is_linked_by_the_one_claim_and_signs_in_anew_each_time() {
    let provider = Provider::new().await;
    let town = Town::of(HTTPS, &provider.options());
    let id = town.add(NUMBER);
    let mut browser = town.opened().await;
    let page = browser.get(&town, "/sign-in").await;
    assert!(page.body.contains("Sign in with 127.0.0.1"));
    let before = browser.session();
    let page = browser.through(&town, &provider, "person-1").await;
    assert_eq!(page.heading(), "Give your license to the app?");
    assert_ne!(browser.session(), before, "another cookie after the proof");
    let answer = browser.post(&town, "consent", &[("phone", "first")]).await;
    assert_eq!(issued(&town, &answer.code()), Some((id, OfferKind::First)));
    // The claim of a person who is linked must go on naming that license.
    for (claim, heading) in [
        (NUMBER, "Give your license to the app?"),
        ("zz 1029384756", "Give your license to the app?"),
        ("ZZ-8", "Which license is yours?"),
        ("ZZ-9", "Which license is yours?"),
    ] {
        if claim == "ZZ-8" {
            town.add("ZZ-8");
        }
        provider
            .lies()
            .claims
            .insert("license_number", json!(claim));
        let mut browser = town.opened().await;
        let page = browser.through(&town, &provider, "person-1").await;
        assert_eq!(page.heading(), heading, "{claim}");
    }
    assert_eq!(town.count("SELECT count(*) FROM oidc_links"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_not_right_in_every_claim_signs_no_one_in() {
    let provider = Provider::new().await;
    let town = Town::of(HTTPS, &provider.options());
    town.add(NUMBER);
    let now = START;
    let lie = |claims: &[(&'static str, Value)]| Lies {
        claims: claims.iter().cloned().collect(),
        ..Lies::default()
    };
    let wrong = "did not work";
    let weak = "not strong enough";
    let unknown = "No license here belongs";
    for (lies, words) in [
        (lie(&[("nonce", json!("another"))]), wrong),
        (lie(&[("nonce", Value::Null)]), wrong),
        (lie(&[("aud", json!("another client"))]), wrong),
        (lie(&[("aud", json!([CLIENT, "another client"]))]), wrong),
        (lie(&[("iss", json!("https://evil.example"))]), wrong),
        (lie(&[("exp", json!(now - 1))]), wrong),
        (lie(&[("sub", json!(""))]), wrong),
        (lie(&[("auth_time", json!(now - 3_600))]), weak),
        (lie(&[("auth_time", json!(now + 3_600))]), weak),
        (lie(&[("auth_time", Value::Null)]), weak),
        (lie(&[("acr", json!("https://id.example/loa/low"))]), weak),
        (lie(&[("acr", Value::Null)]), weak),
        // Name and e-mail are right, and link no one.
        (lie(&[("license_number", json!("ZZ-404"))]), unknown),
        (lie(&[("license_number", json!(""))]), wrong),
        (lie(&[("license_number", json!([NUMBER]))]), wrong),
        (lie(&[("license_number", Value::Null)]), wrong),
        (
            Lies {
                alg: Some("none"),
                ..Lies::default()
            },
            wrong,
        ),
        (
            Lies {
                alg: Some("HS256"),
                ..Lies::default()
            },
            wrong,
        ),
        (
            Lies {
                foreign_key: true,
                ..Lies::default()
            },
            wrong,
        ),
        (
            Lies {
                redirects: true,
                ..Lies::default()
            },
            wrong,
        ),
        (
            Lies {
                padding: 300_000,
                ..Lies::default()
            },
            wrong,
        ),
    ] {
        let name = format!("{:?} {:?}", lies.claims, lies.alg);
        *provider.lies() = lies;
        let mut browser = town.opened().await;
        let page = browser.through(&town, &provider, "person-1").await;
        let fault = page.fault().unwrap_or_default();
        assert!(fault.contains(words), "{name}: {fault}");
    }
    assert_eq!(town.count("SELECT count(*) FROM oidc_links"), 0);
    // Where the token lacks the claim, the provider is asked for it, about the same person.
    for (subject, words) in [("person-2", Some(wrong)), ("person-1", None)] {
        *provider.lies() = Lies {
            told: Some(json!({ "sub": subject, "license_number": NUMBER })),
            ..lie(&[("license_number", Value::Null)])
        };
        let mut browser = town.opened().await;
        let page = browser.through(&town, &provider, "person-1").await;
        match words {
            Some(words) => assert!(page.fault().unwrap().contains(words)),
            None => assert_eq!(page.heading(), "Give your license to the app?"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_the_provider_is_good_once_and_in_the_browser_that_asked() {
    let provider = Provider::new().await;
    let town = Town::of(HTTPS, &provider.options());
    town.add(NUMBER);
    let mut victim = town.opened().await;
    victim.get(&town, "/sign-in").await;
    // An attacker's own login, sent to the victim's browser (code injection).
    let mut attacker = town.opened().await;
    let answer = attacker.get(&town, "/sign-in/provider").await;
    let back = provider.login(answer.leads_to(), "attacker");
    let page = victim.come_back(&town, &back).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    // Without any sign-in, with a made-up state, and of another issuer (mix-up).
    let page = Browser::new().come_back(&town, &back).await;
    assert_eq!(page.status, StatusCode::GONE);
    let made_up = "/sign-in/provider/callback?code=x&state=y";
    let page = victim.come_back(&town, made_up).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let answer = victim.get(&town, "/sign-in/provider").await;
    let own = provider.login(answer.leads_to(), "person-1");
    let (before, _) = own.split_once("&iss=").unwrap();
    let mixed_up = format!("{before}&iss=https%3A%2F%2Fevil.example");
    let page = victim.come_back(&town, &mixed_up).await;
    assert!(page.fault().unwrap().contains("did not work"));
    // Once it was answered, the same address does nothing.
    let answer = victim.get(&town, "/sign-in/provider").await;
    let own = provider.login(answer.leads_to(), "person-1");
    let mut twin = victim.clone();
    let page = victim.come_back(&town, &own).await;
    assert_eq!(page.heading(), "Give your license to the app?");
    let page = victim.come_back(&town, &own).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let page = twin.come_back(&town, &own).await;
    assert_ne!(page.heading(), "Give your license to the app?");
    let page = victim.get(&town, "/sign-in").await;
    assert_eq!(page.heading(), "Give your license to the app?");
    // Another site cannot send a browser to the provider.
    let mut browser = town.opened().await;
    browser.extra = vec![("sec-fetch-site", "cross-site".to_owned())];
    let answer = browser.get(&town, "/sign-in/provider").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    browser.extra.clear();
    let refused = |address: &str| {
        let url = url::Url::parse(address).unwrap();
        let (_, state) = url.query_pairs().find(|(name, _)| name == "state").unwrap();
        format!("/sign-in/provider/callback?error=access_denied&state={state}")
    };
    let answer = browser.get(&town, "/sign-in/provider").await;
    let page = browser.come_back(&town, &refused(answer.leads_to())).await;
    assert!(page.fault().unwrap().contains("cancelled"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_person_needs_a_clerk_and_the_first_is_told() {
    let provider = Provider::new().await;
    let town = Town::of(HTTPS, &provider.options());
    let id = town.add(NUMBER);
    town.opened()
        .await
        .through(&town, &provider, "person-1")
        .await;
    let mut second = town.opened().await;
    let page = second.through(&town, &provider, "person-2").await;
    assert!(page.fault().unwrap().contains("Another account"));
    assert_eq!(
        town.count("SELECT count(*) FROM events WHERE kind = 'link_refused'"),
        1
    );
    assert_eq!(
        town.authority().allow_link(NUMBER, "office 3", town.now()),
        Ok(id)
    );
    let page = second.through(&town, &provider, "person-2").await;
    assert_eq!(page.heading(), "Give your license to the app?");
    // The permission is used up.
    let mut third = town.opened().await;
    let page = third.through(&town, &provider, "person-3").await;
    assert!(page.fault().unwrap().contains("Another account"));
    for told in [true, false] {
        let mut first = town.opened().await;
        let page = first.through(&town, &provider, "person-1").await;
        assert_eq!(page.heading(), "Give your license to the app?");
        assert_eq!(page.body.contains("another account was linked"), told);
    }
    // A permission lasts 30 days.
    town.authority()
        .allow_link(NUMBER, "office 3", town.now())
        .unwrap();
    town.pass(30 * 86_400 + 1);
    let mut third = town.opened().await;
    let page = third.through(&town, &provider, "person-3").await;
    assert!(page.fault().unwrap().contains("Another account"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_gone_or_another_one_lets_the_driver_try_again() {
    let provider = Provider::new().await;
    let mut options = provider.options();
    // It names itself otherwise than it is asked.
    let asked = provider.issuer.replace("127.0.0.1", "localhost");
    options.oidc.as_mut().unwrap().issuer = asked;
    let town = Town::of(HTTPS, &options);
    let mut browser = town.opened().await;
    let answer = browser.get(&town, "/sign-in/provider").await;
    assert_eq!(answer.leads_to(), "/sign-in");
    let page = browser.get(&town, "/sign-in").await;
    assert!(page.fault().unwrap().contains("did not work"));
    for wrong in ["http://id.example", "ftp://id.example", "id.example", ""] {
        let mut options = provider.options().oidc.unwrap();
        options.issuer = wrong.to_owned();
        let made = crate::oidc::Provider::new(options, format!("{HTTPS}/x"));
        assert_eq!(made.err(), Some(crate::error::Error::Provider), "{wrong}");
    }
}
