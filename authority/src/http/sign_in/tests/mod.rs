//! Whole ways through the pages, and the attacks on them, without a network.

mod attacks;
mod guesses;
mod provider;
mod ways;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use tempfile::TempDir;
use url::form_urlencoded;
use vidimus_credential::{License, UnixTime};

use crate::accounts::totp;
use crate::application_form;
use crate::authority::{Authority, InitOptions, init};
use crate::clock::Moment;
use crate::http::{ServeOptions, Shared, connections, prepare, router};
use crate::register::OfferKind;
use crate::secret::{Label, digest};
use crate::store::{accounts, codes, requests};

const START: u64 = 1_800_000_000;
const NUMBER: &str = "ZZ-1029384756";
const PASSPHRASE: &str = "four horses in the rain";
const CALLBACK: &str = "http://127.0.0.1:4711/callback";
const HTTPS: &str = "https://license.example";
const PORTRAIT: &[u8] = include_bytes!("../../../../../cli/assets/portrait.jpg");

fn at(seconds: u64) -> UnixTime {
    UnixTime::new(seconds).unwrap()
}

fn license(number: &str) -> License {
    let driver = serde_json::json!({
        "family_name": "Okonkwo", "given_names": "Adaeze", "birth_date": "1991-02-28",
        "license_number": number, "issue_date": "2024-05-01", "expiry_date": "2034-04-30",
        "issuing_country": "ZZ",
        "categories": [{ "code": "B", "from": "2010-03-01", "until": null }]
    });
    application_form::parse(driver.to_string().as_bytes()).unwrap()
}

/// An authority with two servers on one home, and a clock that the test turns.
pub(super) struct Town {
    folder: TempDir,
    servers: [Shared; 2],
    clock: Arc<AtomicU64>,
    /// The issuer's scheme and host.
    origin: String,
}

impl Town {
    fn new() -> Self {
        Self::of(HTTPS, &ServeOptions::default())
    }

    pub(super) fn of(issuer: &str, options: &ServeOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let init_options = InitOptions {
            issuer: Some(issuer.to_owned()),
            ..InitOptions::default()
        };
        init(&folder.path().join("home"), init_options, at(START)).unwrap();
        let clock = Arc::new(AtomicU64::new(START));
        let serve = || {
            let hand = Arc::clone(&clock);
            let options = ServeOptions {
                clock: Arc::new(move || Moment::from(at(hand.load(Ordering::SeqCst)))),
                sign_in: true,
                ..options.clone()
            };
            let listen = issuer.strip_prefix("http://").unwrap_or("127.0.0.1:1");
            let home = folder.path().join("home");
            prepare(&home, listen.parse().unwrap(), options).unwrap()
        };
        let servers = [serve(), serve()];
        let origin = url::Url::parse(issuer).unwrap().origin();
        Self {
            servers,
            clock,
            origin: origin.ascii_serialization(),
            folder,
        }
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    pub(super) fn authority(&self) -> &Authority {
        &self.servers[0].authority
    }

    pub(super) fn now(&self) -> UnixTime {
        at(self.clock.load(Ordering::SeqCst))
    }

    pub(super) fn pass(&self, seconds: u64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    /// How often argon2 ran on all servers.
    fn runs(&self) -> u64 {
        let runs = self.servers.iter().map(|server| server.pages.hasher.runs());
        runs.sum()
    }

    /// Registers a driver; returns the id of the license.
    pub(super) fn add(&self, number: &str) -> String {
        let added = self
            .authority()
            .add_license(&license(number), PORTRAIT, self.now());
        added.unwrap().license_id
    }

    fn letter(&self, number: &str) -> String {
        let made = self.authority().make_letter(number, self.now()).unwrap();
        made.code.to_string()
    }

    /// The secret of a driver's one-time codes, which an authenticator app has.
    fn totp(&self, license: &str) -> Vec<u8> {
        let store = &self.authority().store;
        let account = store.read(|tx| accounts::of_license(tx, license));
        account.unwrap().unwrap().totp.to_vec()
    }

    fn code(&self, license: &str) -> String {
        totp::code_at(&self.totp(license), self.now())
    }

    /// One number out of the database.
    pub(super) fn count(&self, query: &str) -> i64 {
        let connection = rusqlite::Connection::open(self.home().join("authority.sqlite"));
        let connection = connection.unwrap();
        connection.query_row(query, [], |row| row.get(0)).unwrap()
    }

    /// Pushes a request as an app does; the address that its browser opens.
    pub(super) fn push(&self) -> String {
        let uri = self.authority().store.write(|tx| {
            let new = requests::New {
                client: "vidimus-cli",
                redirect_uri: CALLBACK,
                state: Some("the app's state"),
                challenge: &[1; 32],
                jkt: &[2; 32],
                locales: None,
                details: false,
            };
            requests::push(tx, &new, self.now())
        });
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", "vidimus-cli")
            .append_pair("request_uri", &uri.unwrap())
            .finish();
        format!("/authorize?{query}")
    }

    /// A browser that has opened an app's address.
    pub(super) async fn opened(&self) -> Browser {
        let mut browser = Browser::new();
        let answer = browser.get(self, &self.push()).await;
        assert_eq!(answer.leads_to(), "/sign-in");
        browser
    }

    /// Sets up the account of a driver, in a new browser, by a letter.
    async fn enroll(&self, number: &str) -> Browser {
        let letter = self.letter(number);
        let mut browser = self.opened().await;
        browser.post(self, "number", &[("number", number)]).await;
        browser.post(self, "letter", &[("code", &letter)]).await;
        let both = [("passphrase", PASSPHRASE), ("again", PASSPHRASE)];
        browser.post(self, "new-passphrase", &both).await;
        let page = browser.get(self, "/sign-in").await;
        let code = totp::code_at(&page.totp(), self.now());
        browser.post(self, "new-code", &[("code", &code)]).await;
        browser
    }
}

/// A browser: cookies, an address, and the last page's form token.
#[derive(Clone)]
pub(super) struct Browser {
    pub(super) cookies: BTreeMap<String, String>,
    address: Option<IpAddr>,
    token: String,
    /// Every request goes to the other server than the one before.
    turn: usize,
    /// Headers that a test adds or replaces.
    extra: Vec<(&'static str, String)>,
}

pub(super) struct Answer {
    pub(super) status: StatusCode,
    headers: HeaderMap,
    pub(super) body: String,
}

impl Browser {
    pub(super) fn new() -> Self {
        Self {
            cookies: BTreeMap::new(),
            address: None,
            token: String::new(),
            turn: 0,
            extra: Vec::new(),
        }
    }

    fn from(address: &str) -> Self {
        Self {
            address: Some(address.parse().unwrap()),
            ..Self::new()
        }
    }

    pub(super) async fn get(&mut self, town: &Town, path: &str) -> Answer {
        self.send(town, "GET", path, Body::empty()).await
    }

    /// Fetches the present page and sends its form.
    async fn post(&mut self, town: &Town, form: &str, fields: &[(&str, &str)]) -> Answer {
        self.get(town, "/sign-in").await;
        self.send_form(town, form, fields).await
    }

    /// Sends a form with the token of the last page.
    async fn send_form(&mut self, town: &Town, form: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("form", &self.token)
            .extend_pairs(fields)
            .finish();
        let path = format!("/sign-in/{form}");
        self.send(town, "POST", &path, Body::from(body)).await
    }

    async fn send(&mut self, town: &Town, method: &str, path: &str, body: Body) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let host = town.origin.split_once("://").unwrap().1;
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, host)
            .header(header::COOKIE, cookies.join("; "))
            .header("sec-fetch-site", "same-origin");
        if method == "POST" {
            request = request
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                // What Chromium says under `Referrer-Policy: no-referrer`.
                .header(header::ORIGIN, "null");
        }
        let mut request = request.body(body).unwrap();
        for (name, value) in &self.extra {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        if let Some(address) = self.address {
            connections::come_from(&mut request, address);
        }
        self.turn += 1;
        let server = Arc::clone(&town.servers[self.turn % 2]);
        let service = TowerToHyperService::new(router(server));
        let response = service.call(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        let answer = Answer {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        };
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        if let Some(token) = answer.token() {
            self.token = token;
        }
        answer
    }

    /// The secret in the cookie of the sign-in.
    fn session(&self) -> String {
        let held = self
            .cookies
            .iter()
            .find(|(name, _)| name.contains("sign-in"));
        held.unwrap().1.clone()
    }

    /// Forgets all but the cookies by which it is known, as after another sign-in.
    fn only_known(&self) -> Self {
        let mut cookies = self.cookies.clone();
        cookies.retain(|name, _| name.contains("known"));
        Self {
            cookies,
            ..Self::new()
        }
    }

    /// Opens another request of an app.
    async fn open(mut self, town: &Town) -> Self {
        let answer = self.get(town, &town.push()).await;
        assert_eq!(answer.leads_to(), "/sign-in");
        self
    }

    /// Number and passphrase; the page that follows.
    async fn try_passphrase(&mut self, town: &Town, number: &str, passphrase: &str) -> Answer {
        self.post(town, "number", &[("number", number)]).await;
        let fields = [("passphrase", passphrase)];
        self.post(town, "passphrase", &fields).await;
        self.get(town, "/sign-in").await
    }
}

impl Answer {
    /// Where a redirect leads.
    pub(super) fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.headers[header::LOCATION].to_str().unwrap()
    }

    pub(super) fn heading(&self) -> &str {
        self.between("<h1>", "</h1>").unwrap_or_default()
    }

    fn fault(&self) -> Option<&str> {
        self.between("role=\"alert\">", "</p>")
    }

    fn between(&self, from: &str, to: &str) -> Option<&str> {
        let (_, rest) = self.body.split_once(from)?;
        rest.split_once(to).map(|(text, _)| text)
    }

    fn token(&self) -> Option<String> {
        let text = self.between("name=\"form\" value=\"", "\"")?;
        Some(text.to_owned())
    }

    /// The secret that an authenticator app reads of the link.
    fn totp(&self) -> Vec<u8> {
        let text = self.between("\"key\" dir=\"ltr\">", "</code>").unwrap();
        let text = text.replace(' ', "");
        let mut bits = 0_u64;
        let mut count = 0;
        let mut bytes = Vec::new();
        for letter in text.chars() {
            let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(letter).unwrap();
            bits = bits << 5 | u64::try_from(value).unwrap();
            count += 5;
            if count >= 8 {
                count -= 8;
                bytes.push(u8::try_from(bits >> count & 255).unwrap());
            }
        }
        bytes
    }

    /// The code that the app gets.
    fn code(&self) -> String {
        let address = self.leads_to().to_owned();
        assert!(address.starts_with(CALLBACK), "{address}");
        let url = url::Url::parse(&address).unwrap();
        let find = |name: &str| {
            let pair = url.query_pairs().find(|(key, _)| key == name);
            pair.map(|(_, value)| value.into_owned())
        };
        assert_eq!(find("state").as_deref(), Some("the app's state"));
        find("code").unwrap()
    }
}

/// What a code gives, and whether the register has it.
fn issued(town: &Town, code: &str) -> Option<(String, OfferKind)> {
    let key = digest(Label::AuthorizationCode, &[code]);
    let held = town.authority().store.read(|tx| codes::find(tx, &key));
    let held = held.unwrap()?;
    let kind = match held.mode {
        crate::rules::offers::Mode::First => OfferKind::First,
        crate::rules::offers::Mode::Beside => OfferKind::Beside,
        crate::rules::offers::Mode::Replace => OfferKind::Replace(held.replaces),
    };
    Some((held.license, kind))
}
