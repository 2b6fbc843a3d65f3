//! The pages in a browser's place: sign-in, sessions, forms, and a clerk's and two chiefs' work.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::json;

use super::{House, Reply, driver};
use crate::accounts::totp;
use crate::office::{Role, Roles};
use crate::tests::PORTRAIT;

const PASSPHRASE: &str = "quiet rivers carry stones";

/// What the forms of a page carry.
pub(super) fn form_of(text: &str) -> String {
    let (_, rest) = text
        .split_once("name=\"form\" value=\"")
        .unwrap_or_else(|| panic!("{text}"));
    rest.split('"').next().unwrap().to_owned()
}

/// A browser with its cookies.
struct Browser<'h> {
    house: &'h House,
    cookies: RefCell<BTreeMap<String, String>>,
    form: RefCell<String>,
    /// Where it is, as a proxy says it.
    from: &'static str,
}

impl<'h> Browser<'h> {
    fn new(house: &'h House) -> Self {
        Self {
            house,
            cookies: RefCell::default(),
            form: RefCell::default(),
            from: "203.0.113.7",
        }
    }

    async fn send(&self, method: &str, path: &str, more: &[(&str, &str)], body: &[u8]) -> Reply {
        let cookies: Vec<_> = self
            .cookies
            .borrow()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let cookies = cookies.join("; ");
        let mut headers = vec![("X-Forwarded-For", self.from), ("Accept", "text/html")];
        if !cookies.is_empty() {
            headers.push(("Cookie", &cookies));
        }
        headers.extend_from_slice(more);
        let reply = self.house.send(method, path, &headers, body).await;
        for line in reply.head.lines() {
            if let Some(cookie) = line.strip_prefix("set-cookie: ") {
                let (name, rest) = cookie.split_once('=').unwrap();
                let value = rest.split(';').next().unwrap();
                assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
                self.cookies
                    .borrow_mut()
                    .insert(name.to_owned(), value.to_owned());
                if value.is_empty() {
                    self.cookies.borrow_mut().remove(name);
                }
            }
        }
        if reply
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"))
            && reply.text().contains("name=\"form\"")
        {
            *self.form.borrow_mut() = form_of(&reply.text());
        }
        reply
    }

    async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], b"").await
    }

    fn origin(&self) -> String {
        format!("http://{}", self.house.address)
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let form = self.form.borrow().clone();
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("form", &form)
            .extend_pairs(fields)
            .finish();
        let origin = self.origin();
        let headers = [
            ("Origin", &*origin),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        self.send("POST", path, &headers, body.as_bytes()).await
    }

    async fn upload(&self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Reply {
        let mut body = Vec::new();
        let form = self.form.borrow().clone();
        for (name, value) in [("form", &*form)].iter().chain(fields) {
            body.extend(
                format!(
                    "--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .bytes(),
            );
        }
        let head = format!(
            "--XX\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"a.jpg\"\r\n\
             Content-Type: image/jpeg\r\n\r\n",
            file.0
        );
        body.extend(head.bytes());
        body.extend(file.1);
        body.extend(b"\r\n--XX--\r\n");
        let origin = self.origin();
        let headers = [
            ("Origin", &*origin),
            ("Content-Type", "multipart/form-data; boundary=XX"),
        ];
        self.send("POST", path, &headers, &body).await
    }

    fn secret(&self, name: &str) -> Vec<u8> {
        let database = crate::store::test_database(&self.house.home());
        database
            .query_row("SELECT totp FROM users WHERE name = ?", [name], |row| {
                row.get(0)
            })
            .unwrap()
    }

    fn code(&self, name: &str) -> String {
        totp::code_at(&self.secret(name), self.house.now())
    }

    /// Sets up a user's sign-in, from the code to the end.
    async fn set_up(&self, name: &str) {
        let code = self
            .house
            .authority()
            .allow_set_up(name, self.house.now())
            .unwrap();
        self.get("/set-up").await;
        let begun = self
            .post("/set-up", &[("name", name), ("code", &code.code)])
            .await;
        assert_eq!(
            (begun.status, begun.header("location")),
            (303, Some("/set-up/new"))
        );
        let page = self.get("/set-up/new").await;
        assert_eq!(page.status, 200, "{}", page.text());
        let secret: Vec<u8> = crate::store::test_database(&self.house.home())
            .query_row(
                "SELECT totp FROM office_set_ups ORDER BY ends DESC, rowid DESC",
                [],
                |row| row.get(0),
            )
            .unwrap_or_else(|_| {
                crate::store::test_database(&self.house.home())
                    .query_row("SELECT totp FROM office_set_ups", [], |row| row.get(0))
                    .unwrap()
            });
        let first = totp::code_at(&secret, self.house.now());
        let fields = [
            ("passphrase", PASSPHRASE),
            ("again", PASSPHRASE),
            ("code", &*first),
        ];
        let done = self.post("/set-up/new", &fields).await;
        assert_eq!(done.status, 303, "{}", done.text());
        self.house.pass(30);
    }

    async fn try_sign_in(&self, name: &str, passphrase: &str, code: &str) -> Reply {
        self.get("/sign-in").await;
        let fields = [
            ("name", name),
            ("passphrase", passphrase),
            ("code", code),
            ("to", "/"),
        ];
        self.post("/sign-in", &fields).await
    }

    async fn sign_in(&self, name: &str) {
        let done = self.try_sign_in(name, PASSPHRASE, &self.code(name)).await;
        assert_eq!(
            (done.status, done.header("location")),
            (303, Some("/")),
            "{}",
            done.text()
        );
        self.house.pass(30);
        assert_eq!(self.get("/").await.status, 200);
    }

    fn session(&self) -> Option<String> {
        self.cookies.borrow().get("vidimus-office-session").cloned()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_user_sets_up_sign_in_once_and_signs_in_for_eight_hours() {
    let house = House::new().await;
    let browser = Browser::new(&house);
    let code = house
        .authority()
        .allow_set_up("clerk", house.now())
        .unwrap();
    browser.set_up("clerk").await;
    // Another code was made since, and each is good once.
    for code in [&*code.code, "0000-0000-0000-0000-0000"] {
        browser.get("/set-up").await;
        let again = browser
            .post("/set-up", &[("name", "clerk"), ("code", code)])
            .await;
        assert_eq!(again.status, 400);
    }
    let no = browser.get("/").await;
    assert_eq!((no.status, no.header("location")), (303, Some("/sign-in")));
    browser.sign_in("clerk").await;
    assert!(browser.get("/").await.text().contains("clerk (clerk)"));
    // A code is good once, and a wrong passphrase never.
    let other = Browser::new(&house);
    let used = browser.code("clerk");
    other.sign_in("clerk").await;
    let again = other.try_sign_in("clerk", PASSPHRASE, &used).await;
    assert_eq!(again.status, 400, "{}", again.text());
    let wrong = other
        .try_sign_in("clerk", "quiet rivers carry sand!", &other.code("clerk"))
        .await;
    assert_eq!(wrong.status, 400);
    house.pass(8 * 3_600 - 120);
    assert_eq!(browser.get("/").await.status, 200);
    house.pass(120);
    let over = browser.get("/licenses/new").await;
    let to = over.header("location");
    assert_eq!(
        (over.status, to),
        (303, Some("/sign-in?to=%2Flicenses%2Fnew"))
    );
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_drawn_at_each_sign_in_and_ends_with_it_and_with_its_user() {
    let house = House::new().await;
    let browser = Browser::new(&house);
    browser.set_up("clerk").await;
    // A cookie that was planted before is not the session.
    let planted = "A".repeat(43);
    let cookies = &browser.cookies;
    cookies
        .borrow_mut()
        .insert("vidimus-office-session".to_owned(), planted.clone());
    browser.sign_in("clerk").await;
    let first = browser.session().unwrap();
    assert_ne!(first, planted);
    let thief = Browser::new(&house);
    thief
        .cookies
        .borrow_mut()
        .insert("vidimus-office-session".to_owned(), planted);
    assert_eq!(thief.get("/").await.status, 303);
    // The next sign-in of this browser ends the one before.
    browser.sign_in("clerk").await;
    thief
        .cookies
        .borrow_mut()
        .insert("vidimus-office-session".to_owned(), first);
    assert_eq!(thief.get("/").await.status, 303);
    let second = browser.session().unwrap();
    assert_eq!(browser.post("/sign-out", &[]).await.status, 303);
    assert!(browser.session().is_none());
    thief
        .cookies
        .borrow_mut()
        .insert("vidimus-office-session".to_owned(), second);
    assert_eq!(thief.get("/").await.status, 303, "a copy of it ended too");
    browser.sign_in("clerk").await;
    house
        .authority()
        .disable_user("clerk", true, house.now())
        .unwrap();
    assert_eq!(browser.get("/").await.status, 303);
    let refused = browser
        .try_sign_in("clerk", PASSPHRASE, &browser.code("clerk"))
        .await;
    assert_eq!(refused.status, 400);
    // Enabled again, the old session stays ended.
    house
        .authority()
        .disable_user("clerk", false, house.now())
        .unwrap();
    assert_eq!(browser.get("/").await.status, 303);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_is_slowed_where_it_comes_from_and_does_not_keep_the_user_out() {
    let house = House::new().await;
    let browser = Browser::new(&house);
    browser.set_up("clerk").await;
    let guesser = Browser {
        from: "198.51.100.9",
        ..Browser::new(&house)
    };
    for _ in 0..5 {
        let wrong = guesser
            .try_sign_in("clerk", "quiet rivers carry sand!", "000000")
            .await;
        assert_eq!(wrong.status, 400);
    }
    // Also the right one is not looked at now.
    let slow = guesser
        .try_sign_in("clerk", PASSPHRASE, &guesser.code("clerk"))
        .await;
    assert_eq!(slow.status, 429, "{}", slow.text());
    // The answer for a name that no one has is the same.
    let other = Browser::new(&house);
    let known = other
        .try_sign_in("clerk", "quiet rivers carry sand!", "000000")
        .await;
    let unknown = other
        .try_sign_in("nobody", "quiet rivers carry sand!", "000000")
        .await;
    let plain = |reply: &Reply, name: &str| {
        let form = form_of(&reply.text());
        reply.text().replace(name, "").replace(&form, "")
    };
    assert_eq!(plain(&known, "clerk"), plain(&unknown, "nobody"));
    browser.sign_in("clerk").await;
    house.pass(15 * 60);
    guesser.sign_in("clerk").await;
    // So many at once are no more than so many one after another.
    let race = Browser {
        from: "198.51.100.10",
        ..Browser::new(&house)
    };
    race.get("/sign-in").await;
    let fields = [
        ("name", "clerk"),
        ("passphrase", "wrong and long"),
        ("code", "000000"),
    ];
    let many = (0..12).map(|_| race.post("/sign-in", &fields));
    let mut looked_at = 0;
    for reply in join(many).await {
        looked_at += i32::from(reply.status == 400);
    }
    assert_eq!(looked_at, 5);
    house.stop().await;
}

/// All of them at once.
async fn join<F: Future<Output = Reply>>(all: impl Iterator<Item = F>) -> Vec<Reply> {
    let mut pending: Vec<_> = all.map(Box::pin).collect();
    let mut done: Vec<Option<Reply>> = pending.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        let mut left = false;
        for (future, done) in pending.iter_mut().zip(&mut done) {
            if done.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(reply) => *done = Some(reply),
                    std::task::Poll::Pending => left = true,
                }
            }
        }
        match left {
            true => std::task::Poll::Pending,
            false => std::task::Poll::Ready(()),
        }
    })
    .await;
    done.into_iter().map(Option::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_of_another_site_or_of_another_session_changes_nothing() {
    let house = House::new().await;
    let browser = Browser::new(&house);
    browser.set_up("chief").await;
    browser.sign_in("chief").await;
    browser.get("/users").await;
    let form = browser.form.borrow().clone();
    let body = format!("form={form}&user=planted&role=clerk");
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    let own = browser.origin();
    let users = || house.count("SELECT count(*) FROM users");
    let before = users();
    for origin in [
        &[][..],
        &[("Origin", "http://evil.example")],
        &[("Origin", "null")],
    ] {
        let mut headers = origin.to_vec();
        headers.push(kind);
        let reply = browser
            .send("POST", "/users", &headers, body.as_bytes())
            .await;
        assert_eq!((reply.status, &*reply.code()), (403, "origin"));
    }
    let other = Browser::new(&house);
    other.get("/sign-in").await;
    let of_other = other.form.borrow().clone();
    for wrong in ["", "x", &of_other] {
        let body = format!("form={wrong}&user=planted&role=clerk");
        let headers = [("Origin", &*own), kind];
        let reply = browser
            .send("POST", "/users", &headers, body.as_bytes())
            .await;
        assert_eq!(reply.status, 403, "{wrong}");
    }
    assert_eq!(users(), before);
    // Its sign-in cannot be forged either, and there a cookie is needed too.
    let headers = [("Origin", &*own), kind];
    let login = Browser::new(&house);
    let body = format!("form={of_other}&name=chief&passphrase=x&code=1");
    let reply = login
        .send("POST", "/sign-in", &headers, body.as_bytes())
        .await;
    assert_eq!(reply.status, 403);
    browser.get("/users").await;
    let good = browser
        .post("/users", &[("user", "planted"), ("role", "clerk")])
        .await;
    assert_eq!(good.status, 200, "{}", good.text());
    assert_eq!(users(), before + 1);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn for_a_revocation_passphrase_and_code_are_asked_again_of_both_chiefs() {
    let house = House::new().await;
    let license = house.add("ZZ-1").await;
    house.user("second", &[Role::Chief]);
    let (first, second) = (Browser::new(&house), Browser::new(&house));
    first.set_up("chief").await;
    second.set_up("second").await;
    first.sign_in("chief").await;
    second.sign_in("second").await;
    house.pass(90);
    let path = format!("/licenses/{license}/revoke");
    first.get(&path).await;
    let waiting = || house.count("SELECT count(*) FROM proposals");
    let without = first.post(&path, &[("reason", "court 4711")]).await;
    assert_eq!(without.status, 403, "{}", without.text());
    let code = first.code("chief");
    let wrong = [
        ("reason", "court 4711"),
        ("passphrase", "wrong and long"),
        ("code", &*code),
    ];
    assert_eq!(first.post(&path, &wrong).await.status, 400);
    assert_eq!(waiting(), 0);
    let right = [
        ("reason", "court 4711"),
        ("passphrase", PASSPHRASE),
        ("code", &*code),
    ];
    let proposed = first.post(&path, &right).await;
    assert_eq!(proposed.status, 303, "{}", proposed.text());
    let page = proposed.header("location").unwrap().to_owned();
    assert_eq!(waiting(), 1);
    let approve = format!("{page}/approve");
    first.get(&page).await;
    house.pass(90);
    let code = first.code("chief");
    let own = first
        .post(&approve, &[("passphrase", PASSPHRASE), ("code", &code)])
        .await;
    assert_eq!(own.status, 403);
    second.get(&page).await;
    assert_eq!(second.post(&approve, &[]).await.status, 403);
    let code = second.code("second");
    let done = second
        .post(&approve, &[("passphrase", PASSPHRASE), ("code", &code)])
        .await;
    let to = format!("/licenses/{license}");
    assert_eq!(
        (done.status, done.header("location")),
        (303, Some(&*to)),
        "{}",
        done.text()
    );
    assert!(second.get(&to).await.text().contains("chief and second"));
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clerk_registers_a_driver_and_another_one_looks_at_the_photo() {
    let house = House::new().await;
    house.user("clerk-2", &[Role::Clerk]);
    let (one, two) = (Browser::new(&house), Browser::new(&house));
    one.set_up("clerk").await;
    two.set_up("clerk-2").await;
    one.sign_in("clerk").await;
    two.sign_in("clerk-2").await;
    let page = one.get("/licenses/new").await;
    assert_eq!(page.status, 200);
    let fields = [
        ("family_name", "Okonkwo"),
        ("given_names", "Adaeze <b>"),
        ("birth_date", "1991-02-28"),
        ("license_number", "ZZ-77"),
        ("issue_date", "2024-05-01"),
        ("expiry_date", "2034-04-30"),
        ("issuing_country", "ZZ"),
        ("code", "B"),
        ("from", "2010-03-01"),
        ("until", ""),
        ("restrictions", ""),
        ("code", "A1"),
        ("from", ""),
        ("until", ""),
        ("restrictions", ""),
        ("review", "photo"),
    ];
    // What is wrong is said, and what was typed is still there.
    let mut wrong = fields;
    wrong[2].1 = "1991-02-31";
    let told = one
        .upload("/licenses/new", &wrong, ("portrait", PORTRAIT))
        .await;
    assert_eq!(told.status, 400);
    assert!(told.text().contains("value=\"ZZ-77\"") && told.text().contains("birth_date"));
    let made = one
        .upload("/licenses/new", &fields, ("portrait", PORTRAIT))
        .await;
    assert_eq!(made.status, 200, "{}", made.text());
    assert!(made.text().contains("<svg") && made.text().contains("openid-credential-offer"));
    let found = one.get("/?q=zz77").await;
    let license = found.header("location").unwrap().to_owned();
    let shown = one.get(&license).await.text();
    assert!(shown.contains("Adaeze &#60;b&#62; Okonkwo"), "{shown}");
    for part in ["Categories", "A1 · B", "waits for a clerk", "Registered"] {
        assert!(shown.contains(part) || shown.contains("B · A1"), "{part}");
    }
    let queue = two.get("/reviews").await.text();
    let (_, rest) = queue.split_once("/reviews/").unwrap();
    let id = rest.split('"').next().unwrap();
    let review = format!("/reviews/{id}");
    let own = one.get(&review).await;
    assert_eq!(own.status, 200);
    let refused = one.post(&format!("{review}/accept"), &[]).await;
    assert_eq!(refused.status, 403);
    let page = two.get(&review).await.text();
    assert!(page.contains("accesskey=\"a\"") && page.contains("Closer"));
    for query in [
        "",
        "?of=roadside",
        "?of=roadside&left=10&top=10&width=150&height=200",
    ] {
        let picture = two.get(&format!("{review}/picture{query}")).await;
        assert_eq!(
            picture.header("content-type"),
            Some("image/jpeg"),
            "{query}"
        );
    }
    let cut = [
        ("left", "10"),
        ("top", "10"),
        ("width", "150"),
        ("height", "200"),
    ];
    let done = two.post(&format!("{review}/accept"), &cut).await;
    assert_eq!(
        (done.status, done.header("location")),
        (303, Some("/reviews")),
        "{}",
        done.text()
    );
    // Edited by its form as it is, nothing is different.
    let edited = || house.count("SELECT count(*) FROM events WHERE kind = 'edited'");
    let before = edited();
    one.get(&format!("{license}/edit")).await;
    let same = one
        .upload(&format!("{license}/edit"), &fields[..15], ("portrait", b""))
        .await;
    assert_eq!(same.status, 303, "{}", same.text());
    assert_eq!(edited(), before);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_page_is_for_its_roles_and_what_one_may_not_do_is_not_offered() {
    let house = House::new().await;
    let license = house.add("ZZ-1").await;
    let browser = Browser::new(&house);
    house
        .authority()
        .add_user("all", Roles::of(&Role::ALL), house.now())
        .unwrap();
    browser.set_up("all").await;
    for role in [Role::Clerk, Role::Judge, Role::Chief, Role::Auditor] {
        house
            .authority()
            .set_user_roles("all", Roles::of(&[role]), house.now())
            .unwrap();
        browser.sign_in("all").await;
        for (path, roles) in [
            (
                "/",
                &[Role::Clerk, Role::Judge, Role::Chief, Role::Auditor][..],
            ),
            ("/licenses/new", &[Role::Clerk]),
            ("/reviews", &[Role::Clerk]),
            ("/proposals", &[Role::Chief, Role::Auditor]),
            (
                "/readers",
                &[Role::Clerk, Role::Judge, Role::Chief, Role::Auditor],
            ),
            ("/users", &[Role::Chief, Role::Auditor]),
            ("/audit", &[Role::Auditor, Role::Chief]),
        ] {
            let status = if roles.contains(&role) { 200 } else { 403 };
            let page = browser.get(path).await;
            assert_eq!(page.status, status, "{path} {}", role.name());
            let listed = browser
                .get("/")
                .await
                .text()
                .contains(&format!("href=\"{path}\""));
            assert_eq!(listed, status == 200, "{path} {}", role.name());
        }
        let page = browser.get(&format!("/licenses/{license}")).await.text();
        let offers = |what: &str| page.contains(what);
        assert_eq!(offers("Make an offer"), role == Role::Clerk);
        assert_eq!(offers("value=\"suspended\""), role == Role::Judge);
        assert_eq!(offers("Propose to revoke"), role == Role::Chief);
        // Not offered, and refused.
        let decide = [("state", "suspended"), ("reason", "x")];
        let decided = browser
            .post(&format!("/licenses/{license}/decide"), &decide)
            .await;
        let status = if role == Role::Judge { 303 } else { 403 };
        assert_eq!(decided.status, status, "{}", role.name());
    }
    let export = browser.get("/audit/export").await;
    assert_eq!(export.header("content-type"), Some("application/x-ndjson"));
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_whole_html_with_a_label_for_each_field_and_no_script() {
    let house = House::new().await;
    let license = house.add("ZZ-1").await;
    let mut body = driver("ZZ-2");
    body["review"] = json!("photo");
    house.by("clerk", "POST", "/v1/licenses", &body).await;
    let browser = Browser::new(&house);
    house
        .authority()
        .add_user("all", Roles::of(&Role::ALL), house.now())
        .unwrap();
    browser.set_up("all").await;
    let outside = ["/sign-in", "/set-up", "/api"];
    browser.sign_in("all").await;
    let one = format!("/licenses/{license}");
    let inside = [
        "/".to_owned(),
        "/licenses/new".to_owned(),
        one.clone(),
        format!("{one}/edit"),
        format!("{one}/revoke"),
        "/reviews".to_owned(),
        "/reviews/1".to_owned(),
        "/proposals".to_owned(),
        "/readers".to_owned(),
        "/users".to_owned(),
        "/audit".to_owned(),
        "/nothing".to_owned(),
    ];
    for path in outside.iter().map(|path| (*path).to_owned()).chain(inside) {
        let page = browser.get(&path).await;
        let text = page.text();
        assert!(page.status == 200 || path == "/nothing", "{path} {text}");
        assert!(
            text.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"),
            "{path}"
        );
        assert!(text.trim_end().ends_with("</html>"), "{path}");
        assert_eq!(text.matches("<h1>").count(), 1, "{path}");
        for never in [
            "<script",
            "style=\"",
            "onclick",
            "javascript:",
            "http://",
            "//cdn",
        ] {
            let found = text
                .replace("xmlns=\"http://www.w3.org/2000/svg\"", "")
                .contains(never);
            assert!(!found, "{never} in {path}");
        }
        for tag in ["<input ", "<select ", "<textarea "] {
            for field in text.split(tag).skip(1) {
                let field = field.split('>').next().unwrap();
                if field.contains("type=\"hidden\"") || field.contains(" hidden") {
                    continue;
                }
                let (_, id) = field
                    .split_once("id=\"")
                    .unwrap_or_else(|| panic!("{field} {path}"));
                let id = id.split('"').next().unwrap();
                assert!(text.contains(&format!("for=\"{id}\"")), "{id} in {path}");
                assert_eq!(
                    text.matches(&format!(" id=\"{id}\"")).count(),
                    1,
                    "{id} in {path}"
                );
            }
        }
    }
    let style = browser.get("/office.css").await;
    assert_eq!(
        style.header("content-type"),
        Some("text/css; charset=utf-8")
    );
    house.stop().await;
}
