//! Which apps on phones open this authority's https addresses, for Android and for Apple.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use url::Url;

use crate::http::reply::{self, ErrorResponse};
use crate::http::{Shared, blocking};
use crate::issuer::IssuerUrl;
use crate::register::{ClientApp, SignIn as _};

/// `GET /.well-known/assetlinks.json`
pub(in crate::http) async fn android(
    State(server): State<Shared>,
) -> Result<Response, ErrorResponse> {
    let clients = blocking(&server, |server| server.authority.register().clients());
    Ok(reply::json(&asset_links(&clients.await?)))
}

/// `GET /.well-known/apple-app-site-association`
pub(in crate::http) async fn apple(
    State(server): State<Shared>,
) -> Result<Response, ErrorResponse> {
    let clients = blocking(&server, |server| server.authority.register().clients());
    Ok(reply::json(&site_association(
        &clients.await?,
        &server.issuer,
    )))
}

fn asset_links(clients: &[ClientApp]) -> Value {
    let mut packages: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (package, digest) in clients.iter().flat_map(|client| &client.android) {
        packages.entry(package).or_default().push(digest);
    }
    let links = packages.iter().map(|(package, digests)| {
        json!({
            "relation": ["delegate_permission/common.handle_all_urls"],
            "target": {
                "namespace": "android_app",
                "package_name": package,
                "sha256_cert_fingerprints": digests,
            },
        })
    });
    links.collect()
}

/// An app is linked to the paths of the redirect addresses that it has under the issuer's origin,
/// and to nothing else.
fn site_association(clients: &[ClientApp], issuer: &IssuerUrl) -> Value {
    let origin = Url::parse(issuer.as_str()).ok().map(|url| url.origin());
    let details = clients.iter().filter_map(|client| {
        let paths = client.redirects.iter().filter_map(|uri| {
            let url = Url::parse(uri).ok()?;
            (Some(url.origin()) == origin).then(|| json!({ "/": url.path() }))
        });
        let paths: Vec<Value> = paths.collect();
        (!client.apple.is_empty() && !paths.is_empty())
            .then(|| json!({ "appIDs": client.apple, "components": paths }))
    });
    json!({ "applinks": { "details": details.collect::<Vec<_>>() } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_linked_to_its_own_addresses_under_the_issuer_alone() {
        let issuer = IssuerUrl::parse("https://license.example/a").unwrap();
        let app = ClientApp {
            id: "app".to_owned(),
            redirects: vec![
                "https://license.example/signed-in".to_owned(),
                "https://other.example/x".to_owned(),
                "vidimus:/signed-in".to_owned(),
            ],
            android: vec![("org.vidimus".to_owned(), "AB:CD".to_owned())],
            apple: vec!["ABCDE12345.org.vidimus".to_owned()],
        };
        let elsewhere = ClientApp {
            redirects: vec!["https://other.example/x".to_owned()],
            ..app.clone()
        };
        let clients = [app, elsewhere];
        assert_eq!(
            site_association(&clients, &issuer),
            json!({ "applinks": { "details": [{
                "appIDs": ["ABCDE12345.org.vidimus"],
                "components": [{ "/": "/signed-in" }],
            }] } })
        );
        let links = asset_links(&clients[..1]);
        assert_eq!(links[0]["target"]["package_name"], "org.vidimus");
        assert_eq!(
            links[0]["target"]["sha256_cert_fingerprints"],
            json!(["AB:CD"])
        );
        assert_eq!(asset_links(&[]), json!([]));
    }
}
