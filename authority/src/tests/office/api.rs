//! The API's way in: names of the office, other sites' pages, bodies.

use serde_json::json;

use super::House;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_answers_under_its_own_names_and_to_no_page_of_another_site() {
    let house = House::new().await;
    let port = house.address.port();
    let bearer = format!("Bearer {}", house.tokens["clerk"]);
    let ask = |method: &'static str, headers: Vec<(&'static str, String)>| {
        let (house, bearer) = (&house, &bearer);
        async move {
            let mut all = vec![
                ("Authorization", &**bearer),
                ("Content-Type", "application/json"),
            ];
            all.extend(headers.iter().map(|(name, value)| (*name, &**value)));
            let path = match method {
                "GET" => "/v1/me",
                _ => "/v1/licenses/none/offers",
            };
            let reply = house.send(method, path, &all, b"{}").await;
            (reply.status, reply.code())
        }
    };
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        "127.0.0.1".to_owned(),
        "localhost:1".to_owned(),
    ] {
        let told = ask("GET", vec![("Host", host.clone())]).await;
        assert_eq!(told, (421, "host".to_owned()), "{host}");
    }
    let told = ask("GET", vec![("Host", format!("localhost:{port}"))]).await;
    assert_eq!(told.0, 200);
    for origin in ["http://evil.example", "null", "https://127.0.0.1"] {
        for method in ["GET", "POST"] {
            let told = ask(method, vec![("Origin", origin.to_owned())]).await;
            assert_eq!(told, (403, "origin".to_owned()), "{origin}");
        }
    }
    let own = format!("http://127.0.0.1:{port}");
    assert_eq!(
        ask("POST", vec![("Origin", own)]).await.1,
        "unknown_license"
    );
    let cross = vec![("Sec-Fetch-Site", "cross-site".to_owned())];
    assert_eq!(ask("POST", cross).await.1, "origin");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_says_that_it_is_not_stored_framed_or_guessed_at() {
    let house = House::new().await;
    for path in [
        "/v1/me",
        "/v1/openapi.json",
        "/nothing",
        "/",
        "/sign-in",
        "/api",
    ] {
        let reply = house.send("GET", path, &[], b"").await;
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
        ] {
            assert_eq!(reply.header(name), Some(value), "{path} {}", reply.head);
        }
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
    }
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_is_no_json_or_too_large_is_refused_without_being_repeated() {
    let house = House::new().await;
    let bearer = format!("Bearer {}", house.tokens["clerk"]);
    let send = |kind: &'static str, body: Vec<u8>| {
        let (house, bearer) = (&house, &bearer);
        async move {
            let headers = [("Authorization", &**bearer), ("Content-Type", kind)];
            house.send("POST", "/v1/licenses", &headers, &body).await
        }
    };
    for (kind, body) in [
        ("text/plain", b"{}".to_vec()),
        ("application/x-www-form-urlencoded", b"{}".to_vec()),
        ("application/json", b"{".to_vec()),
        ("application/json", b"[]".to_vec()),
        (
            "application/json",
            br#"{"license":{},"portrait":"secret-word"}"#.to_vec(),
        ),
        (
            "application/json",
            br#"{"license":{},"portrait":7,"x":1}"#.to_vec(),
        ),
    ] {
        let reply = send(kind, body).await;
        assert_eq!(
            (reply.status, &*reply.code()),
            (400, "request"),
            "{}",
            reply.text()
        );
        assert!(!reply.text().contains("secret-word"));
    }
    let wrong = json!({ "license": { "family_name": 7 }, "portrait": "" }).to_string();
    let reply = send("application/json", wrong.into_bytes()).await;
    assert_eq!((reply.status, &*reply.code()), (400, "form"));
    let large = send("application/json", vec![b' '; 600 * 1024]).await;
    assert_eq!(large.status, 413);
    house.stop().await;
}
