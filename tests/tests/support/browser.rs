//! A driver's browser: cookies, forms, and the one-time codes of an authenticator app. The tests of
//! the command line use it too.
#![allow(
    missing_docs,
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    reason = "support for tests, of which each file uses its part"
)]

use std::collections::BTreeMap;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use totp_rs::{Algorithm, Builder, Secret};
use vidimus_credential::UnixTime;

/// The passphrase that each driver of the tests chooses.
const PASSPHRASE: &str = "four horses in the rain";

pub struct Browser {
    host: String,
    cookies: BTreeMap<String, String>,
    /// The secret that the authenticator app has read.
    pub secret: Option<Vec<u8>>,
}

/// An answer of the server.
pub struct Page {
    pub status: u16,
    pub location: Option<String>,
    pub body: String,
}

impl Browser {
    /// A browser that has never been at this issuer.
    pub fn at(issuer: &str) -> Self {
        Self {
            host: issuer.strip_prefix("http://").unwrap().to_owned(),
            cookies: BTreeMap::new(),
            secret: None,
        }
    }

    /// Another browser of the same driver: it has the authenticator and no cookie.
    pub fn another(&self) -> Self {
        Self {
            host: self.host.clone(),
            cookies: BTreeMap::new(),
            secret: self.secret.clone(),
        }
    }

    /// Opens the address that a wallet returned.
    pub async fn open(&mut self, url: &str) -> Page {
        let path = url.strip_prefix(&format!("http://{}", self.host)).unwrap();
        self.send("GET", path, "").await
    }

    /// Sets up an account with number and letter, and stops before the consent.
    pub async fn set_up(&mut self, number: &str, letter: &str, now: UnixTime) {
        self.post("number", &[("number", number)]).await;
        self.post("letter", &[("code", letter)]).await;
        let both = [("passphrase", PASSPHRASE), ("again", PASSPHRASE)];
        self.post("new-passphrase", &both).await;
        let page = self.send("GET", "/sign-in", "").await;
        self.secret = Some(base32(
            page.between("\"key\" dir=\"ltr\">", "</code>").unwrap(),
        ));
        let code = self.code_at(now);
        self.post("new-code", &[("code", &code)]).await;
    }

    /// Signs in with passphrase and code, and stops before the consent.
    pub async fn sign_in(&mut self, number: &str, now: UnixTime) {
        self.post("number", &[("number", number)]).await;
        self.post("passphrase", &[("passphrase", PASSPHRASE)]).await;
        let code = self.code_at(now);
        self.post("code", &[("code", &code)]).await;
    }

    /// Agrees to the first choice of the page; the address that the browser goes back to.
    pub async fn agree(&mut self) -> String {
        let page = self.send("GET", "/sign-in", "").await;
        let choice = page.between("name=\"phone\" value=\"", "\"");
        let choice = choice.unwrap_or_else(|| panic!("no consent: {}", page.body));
        let answer = self.post("consent", &[("phone", choice)]).await;
        answer.location.unwrap_or_else(|| panic!("{}", answer.body))
    }

    pub async fn refuse(&mut self) -> String {
        self.post("refuse", &[]).await.location.unwrap()
    }

    fn code_at(&self, now: UnixTime) -> String {
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_step_duration(30)
            .with_secret(Secret::new(self.secret.clone().unwrap().into()))
            .with_issuer(Some("test"))
            .with_account_name("test")
            .build()
            .unwrap();
        totp.generate(now.seconds()).to_string()
    }

    /// Fetches the present page and sends its form.
    async fn post(&mut self, form: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.send("GET", "/sign-in", "").await;
        let token = page.between("name=\"form\" value=\"", "\"").unwrap_or("");
        let fields = [("form", token)].into_iter().chain(fields.iter().copied());
        let body: Vec<String> = fields
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        let path = format!("/sign-in/{form}");
        self.send("POST", &path, &body.join("&")).await
    }

    async fn send(&mut self, method: &str, path: &str, body: &str) -> Page {
        let cookies = self.cookies.iter();
        let cookies: Vec<String> = cookies
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nConnection: close\r\n\
             Origin: null\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            self.host,
            cookies.join("; "),
            body.len()
        );
        let mut stream = TcpStream::connect(&self.host).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let mut page = Page {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            location: None,
            body: body.to_owned(),
        };
        for line in head.lines().skip(1) {
            let (name, value) = line.split_once(':').unwrap();
            let value = value.trim();
            match name.to_lowercase().as_str() {
                "location" => page.location = Some(value.to_owned()),
                "set-cookie" => {
                    let pair = value.split(';').next().unwrap();
                    let (name, value) = pair.split_once('=').unwrap();
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
                _ => {}
            }
        }
        page
    }
}

impl Page {
    pub fn between(&self, from: &str, to: &str) -> Option<&str> {
        let (_, rest) = self.body.split_once(from)?;
        rest.split_once(to).map(|(text, _)| text)
    }
}

/// A value of a form.
fn encoded(value: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    value.bytes().map(byte).collect()
}

fn base32(text: &str) -> Vec<u8> {
    let (mut bits, mut count, mut bytes) = (0_u64, 0, Vec::new());
    for letter in text.chars().filter(|letter| *letter != ' ') {
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
