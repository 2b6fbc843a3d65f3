//! The metadata of an issuer and of its authorization server (OpenID4VCI 1.0, section 12.2; RFC
//! 8414).

use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;
use vidimus_credential::text::{MAX_DISPLAY_NAME, check_text};

use crate::error::{Error, MetadataFault, Unsupported};
use crate::format::CredentialFormat;
use crate::network::address;
use crate::network::json;

/// The part of an issuer's metadata that this wallet reads.
pub(crate) struct IssuerMetadata {
    /// The issuer's identifier in its own spelling; a proof's `aud`.
    pub(crate) issuer: String,
    pub(crate) credential_endpoint: String,
    pub(crate) nonce_endpoint: Option<String>,
    pub(crate) notification_endpoint: Option<String>,
    pub(crate) deferred_credential_endpoint: Option<String>,
    /// The authorization servers. An empty list means that the issuer is its own.
    pub(crate) authorization_servers: Vec<String>,
    /// The trust list's address: as the metadata says, or else `/trust` under the issuer.
    pub(crate) trust_list_uri: String,
    /// The issuer's name, where it is a text that may be shown.
    pub(crate) display_name: Option<String>,
    configurations: Map<String, Value>,
}

/// A credential configuration that an offer named and this wallet supports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Configuration {
    pub(crate) id: String,
    /// The scope that asks for it in a sign-in, where the issuer names one.
    pub(crate) scope: Option<String>,
    /// The JOSE names of algorithms for key proofs, in the issuer's order.
    pub(crate) proof_algorithms: Vec<String>,
}

/// The part of an authorization server's metadata that this wallet reads.
pub(crate) struct ServerMetadata {
    /// The server's identifier in its own spelling; the `iss` of its answers.
    pub(crate) issuer: String,
    pub(crate) token_endpoint: String,
    /// Whether it lists ES256 among its algorithms for DPoP.
    pub(crate) dpop: bool,
    /// Where a sign-in begins; `None` where this wallet cannot use the server's sign-in.
    pub(crate) sign_in: Option<SignInEndpoints>,
}

/// Where a sign-in begins. Both addresses are still to be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignInEndpoints {
    /// The address that the browser opens.
    pub(crate) authorization: String,
    /// The address that the request is pushed to (RFC 9126).
    pub(crate) pushed: String,
    /// Whether the server names itself in its answer (RFC 9207).
    pub(crate) names_issuer: bool,
}

impl IssuerMetadata {
    /// Reads the metadata of `issuer`.
    ///
    /// # Errors
    /// [`Error::IssuerMetadata`] where it cannot be used, or is that of another issuer.
    pub(crate) fn parse(document: &[u8], issuer: &str) -> Result<Self, Error> {
        let wire: WireIssuer = json::read(document).ok_or(MetadataFault::Document)?;
        if !same_identifier(&wire.credential_issuer, issuer) {
            return Err(MetadataFault::OtherIssuer.into());
        }
        if wire.requires_encryption() {
            return Err(Unsupported::Encryption.into());
        }
        let trust_list_uri = wire
            .trust_list_uri
            .unwrap_or_else(|| address::under(issuer, "trust"));
        // A bad address must show before a code is spent.
        for (place, fault) in [
            (
                Some(&wire.credential_endpoint),
                MetadataFault::CredentialEndpoint,
            ),
            (wire.nonce_endpoint.as_ref(), MetadataFault::NonceEndpoint),
            (
                wire.deferred_credential_endpoint.as_ref(),
                MetadataFault::DeferredCredentialEndpoint,
            ),
            (Some(&trust_list_uri), MetadataFault::TrustListUri),
        ] {
            if let Some(place) = place {
                address::check_named_by(issuer, place).map_err(|_| fault)?;
            }
        }
        Ok(Self {
            trust_list_uri,
            display_name: wire.display.iter().find_map(shown_name),
            issuer: wire.credential_issuer,
            credential_endpoint: wire.credential_endpoint,
            nonce_endpoint: wire.nonce_endpoint,
            notification_endpoint: wire.notification_endpoint,
            deferred_credential_endpoint: wire.deferred_credential_endpoint,
            authorization_servers: wire.authorization_servers,
            configurations: wire.credential_configurations_supported,
        })
    }

    /// The first offered configuration of a known [`CredentialFormat`].
    ///
    /// # Errors
    /// [`Error::OfferUnsupported`] where there is none.
    pub(crate) fn choose(&self, offered: &[String]) -> Result<Configuration, Error> {
        let mut missing = Unsupported::Format;
        for id in offered {
            let entry = self.configurations.get(id);
            let format = entry.and_then(|entry| entry.get("format"));
            let known = format
                .and_then(Value::as_str)
                .and_then(CredentialFormat::from_id);
            let (Some(entry), Some(_)) = (entry, known) else {
                continue;
            };
            match proof_algorithms(entry) {
                Ok(proof_algorithms) => {
                    let scope = entry.get("scope").and_then(Value::as_str);
                    return Ok(Configuration {
                        id: id.clone(),
                        scope: scope.map(str::to_owned),
                        proof_algorithms,
                    });
                }
                Err(demand) => missing = demand,
            }
        }
        Err(missing.into())
    }

    /// The first configuration of a known [`CredentialFormat`], for a sign-in without an offer.
    ///
    /// # Errors
    /// [`Error::OfferUnsupported`] where there is none.
    pub(crate) fn choose_any(&self) -> Result<Configuration, Error> {
        let all: Vec<String> = self.configurations.keys().cloned().collect();
        self.choose(&all)
    }

    /// The authorization server to use: the offer's if the issuer lists it; without one in the
    /// offer the issuer's first, or else the issuer itself.
    ///
    /// # Errors
    /// [`Error::IssuerMetadata`] where the offer names one that the issuer does not list.
    pub(crate) fn authorization_server(&self, offered: Option<&str>) -> Result<&str, Error> {
        let mut known = self.authorization_servers.iter().chain([&self.issuer]);
        let server = match offered {
            Some(offered) => known.find(|known| same_identifier(known, offered)),
            None => known.next(),
        };
        let server = server.ok_or(MetadataFault::AuthorizationServer)?;
        address::check_named_by(&self.issuer, server)
            .map_err(|_| MetadataFault::AuthorizationServer)?;
        Ok(server)
    }
}

impl ServerMetadata {
    /// Reads the metadata of the authorization server `server`.
    ///
    /// # Errors
    /// [`Error::IssuerMetadata`] where it cannot be used, or is that of another server;
    /// [`Error::OfferUnsupported`] where it demands an attestation of the app.
    pub(crate) fn parse(document: &[u8], server: &str) -> Result<Self, Error> {
        let wire: WireServer = json::read(document).ok_or(MetadataFault::Document)?;
        if !same_identifier(&wire.issuer, server) {
            return Err(MetadataFault::OtherIssuer.into());
        }
        address::check_named_by(server, &wire.token_endpoint)
            .map_err(|_| MetadataFault::TokenEndpoint)?;
        if wire.demands_app_attestation() {
            return Err(Unsupported::AppAttestation.into());
        }
        Ok(Self {
            sign_in: wire.sign_in(),
            issuer: wire.issuer,
            token_endpoint: wire.token_endpoint,
            dpop: wire
                .dpop_signing_alg_values_supported
                .iter()
                .any(|name| name == "ES256"),
        })
    }
}

impl SignInEndpoints {
    /// Checks that the server may name these addresses.
    ///
    /// # Errors
    /// [`Error::IssuerMetadata`].
    pub(crate) fn check(&self, server: &str) -> Result<(), Error> {
        address::check_named_by(server, &self.authorization)
            .map_err(|_| MetadataFault::AuthorizationEndpoint)?;
        address::check_named_by(server, &self.pushed)
            .map_err(|_| MetadataFault::PushedAuthorizationRequestEndpoint)?;
        Ok(())
    }
}

/// The addresses where an issuer's metadata may be, to be tried in this order. The well-known part
/// comes before the path as written; before the path without its last slash (RFC 8414); after the
/// path, as in old drafts.
pub(crate) fn issuer_documents(issuer: &str) -> Result<Vec<String>, Error> {
    let name = "openid-credential-issuer";
    let others = documents(issuer, &[name])?;
    let mut exact = address::parse(issuer)?;
    // A parser writes the empty path as `/`.
    let path = if issuer.ends_with('/') {
        exact.path()
    } else {
        exact.path().trim_end_matches('/')
    };
    let path = format!("/.well-known/{name}{path}");
    exact.set_path(&path);
    let exact = String::from(exact);
    let others = others.into_iter().filter(|place| *place != exact);
    Ok(std::iter::once(exact.clone()).chain(others).collect())
}

/// The addresses where an authorization server's metadata may be, that of RFC 8414 first.
pub(crate) fn server_documents(server: &str) -> Result<Vec<String>, Error> {
    documents(
        server,
        &["oauth-authorization-server", "openid-configuration"],
    )
}

fn documents(identifier: &str, names: &[&str]) -> Result<Vec<String>, Error> {
    let url = address::parse(identifier)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(MetadataFault::Identifier.into());
    }
    let mut places: Vec<String> = Vec::new();
    for name in names {
        let appended = address::under(identifier, &format!(".well-known/{name}"));
        for place in [inserted(&url, name), appended] {
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    Ok(places)
}

fn inserted(identifier: &Url, name: &str) -> String {
    let mut url = identifier.clone();
    url.set_path(&format!(
        "/.well-known/{name}{}",
        identifier.path().trim_end_matches('/')
    ));
    url.into()
}

/// Whether two identifiers are equal as text; one slash at the end does not count.
pub(crate) fn same_identifier(one: &str, other: &str) -> bool {
    one.trim_end_matches('/') == other.trim_end_matches('/')
}

/// Algorithms that may sign a proof. An issuer that names none accepts ES256, which all must
/// support. Refuses an issuer that accepts only proofs of other types, or demands an attestation
/// of the key (OpenID4VCI 1.0, section 12.2.4 and appendix F).
fn proof_algorithms(configuration: &Value) -> Result<Vec<String>, Unsupported> {
    let any = || vec!["ES256".to_owned()];
    let types = configuration.get("proof_types_supported");
    let Some(types) = types
        .and_then(Value::as_object)
        .filter(|types| !types.is_empty())
    else {
        return Ok(any());
    };
    let Some(jwt) = types.get("jwt") else {
        return Err(if types.contains_key("attestation") {
            Unsupported::KeyAttestation
        } else {
            Unsupported::Proof
        });
    };
    if jwt
        .get("key_attestations_required")
        .is_some_and(|demand| !demand.is_null())
    {
        return Err(Unsupported::KeyAttestation);
    }
    let names = jwt.get("proof_signing_alg_values_supported");
    let read = |names: &Vec<Value>| {
        let names = names.iter();
        names
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect()
    };
    Ok(names.and_then(Value::as_array).map_or_else(any, read))
}

fn shown_name(display: &Value) -> Option<String> {
    let name = display.get("name")?.as_str()?;
    check_text(name, MAX_DISPLAY_NAME, false).ok()?;
    Some(name.to_owned())
}

#[derive(Deserialize)]
struct WireIssuer {
    credential_issuer: String,
    credential_endpoint: String,
    nonce_endpoint: Option<String>,
    notification_endpoint: Option<String>,
    deferred_credential_endpoint: Option<String>,
    #[serde(default, deserialize_with = "super::absent_if_null")]
    authorization_servers: Vec<String>,
    #[serde(default, deserialize_with = "super::absent_if_null")]
    credential_configurations_supported: Map<String, Value>,
    #[serde(default, deserialize_with = "super::absent_if_null")]
    display: Vec<Value>,
    trust_list_uri: Option<String>,
    credential_request_encryption: Option<Value>,
    credential_response_encryption: Option<Value>,
}

impl WireIssuer {
    /// Whether requests or responses must be encrypted beyond TLS (section 12.2.4).
    fn requires_encryption(&self) -> bool {
        let both = [
            &self.credential_request_encryption,
            &self.credential_response_encryption,
        ];
        let required = |one: &Value| one.get("encryption_required") == Some(&Value::Bool(true));
        both.into_iter().flatten().any(required)
    }
}

#[derive(Deserialize)]
struct WireServer {
    issuer: String,
    token_endpoint: String,
    authorization_endpoint: Option<String>,
    pushed_authorization_request_endpoint: Option<String>,
    #[serde(default, deserialize_with = "super::absent_if_null")]
    response_types_supported: Vec<String>,
    #[serde(default, deserialize_with = "super::absent_if_null")]
    code_challenge_methods_supported: Vec<String>,
    grant_types_supported: Option<Vec<String>>,
    #[serde(default, deserialize_with = "super::absent_if_null")]
    authorization_response_iss_parameter_supported: bool,
    #[serde(default, deserialize_with = "super::absent_if_null")]
    dpop_signing_alg_values_supported: Vec<String>,
    #[serde(default, deserialize_with = "super::absent_if_null")]
    token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(
        default,
        rename = "pre-authorized_grant_anonymous_access_supported",
        deserialize_with = "super::absent_if_null"
    )]
    takes_anonymous_codes: bool,
}

impl WireServer {
    /// Where a sign-in begins: only by a pushed request, with the code flow and S256.
    fn sign_in(&self) -> Option<SignInEndpoints> {
        let lists = |names: &[String], name: &str| names.iter().any(|listed| listed == name);
        // A server that lists no grants has this one (RFC 8414, section 2).
        let grants = self.grant_types_supported.as_deref();
        let is_usable = lists(&self.response_types_supported, "code")
            && lists(&self.code_challenge_methods_supported, "S256")
            && grants.is_none_or(|grants| lists(grants, "authorization_code"));
        let endpoints = SignInEndpoints {
            authorization: self.authorization_endpoint.clone()?,
            pushed: self.pushed_authorization_request_endpoint.clone()?,
            names_issuer: self.authorization_response_iss_parameter_supported,
        };
        is_usable.then_some(endpoints)
    }

    /// Whether an app must attest itself: no client may come without a name, and this wallet is
    /// none of the others.
    fn demands_app_attestation(&self) -> bool {
        let lists = |method| {
            let mut methods = self.token_endpoint_auth_methods_supported.iter();
            methods.any(|listed| listed == method)
        };
        lists("attest_jwt_client_auth") && !lists("none") && !self.takes_anonymous_codes
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn metadata_stands_before_the_issuers_path_and_is_looked_for_where_drafts_had_it() {
        assert_eq!(
            issuer_documents("https://a.example/tenant/").unwrap(),
            [
                "https://a.example/.well-known/openid-credential-issuer/tenant/",
                "https://a.example/.well-known/openid-credential-issuer/tenant",
                "https://a.example/tenant/.well-known/openid-credential-issuer",
            ],
            "the exact place first"
        );
        assert_eq!(
            issuer_documents("https://a.example/tenant").unwrap(),
            [
                "https://a.example/.well-known/openid-credential-issuer/tenant",
                "https://a.example/tenant/.well-known/openid-credential-issuer",
            ]
        );
        assert_eq!(
            issuer_documents("https://a.example/").unwrap(),
            [
                "https://a.example/.well-known/openid-credential-issuer/",
                "https://a.example/.well-known/openid-credential-issuer",
            ]
        );
        assert_eq!(
            issuer_documents("https://a.example").unwrap(),
            ["https://a.example/.well-known/openid-credential-issuer"]
        );
        assert_eq!(
            server_documents("https://a.example/as").unwrap(),
            [
                "https://a.example/.well-known/oauth-authorization-server/as",
                "https://a.example/as/.well-known/oauth-authorization-server",
                "https://a.example/.well-known/openid-configuration/as",
                "https://a.example/as/.well-known/openid-configuration",
            ]
        );
        for bad in [
            "https://a.example/?x",
            "https://a.example/#x",
            "http://a.example",
        ] {
            assert!(issuer_documents(bad).is_err(), "{bad}");
        }
    }

    fn metadata(extra: &str) -> Result<IssuerMetadata, Error> {
        let text = format!(
            r#"{{"credential_issuer":"https://a.example","credential_endpoint":"https://a.example/c",
            "credential_configurations_supported":{{
              "other":{{"format":"dc+sd-jwt"}},
              "dl":{{"format":"dc+sd-cwt","scope":"dl"}}}}{extra}}}"#
        );
        IssuerMetadata::parse(text.as_bytes(), "https://a.example")
    }

    #[test]
    fn the_first_offered_configuration_of_our_format_is_chosen() {
        let metadata = metadata("").unwrap();
        let offered =
            |ids: &[&str]| -> Vec<String> { ids.iter().map(|id| (*id).to_owned()).collect() };
        let chosen = metadata
            .choose(&offered(&["missing", "other", "dl"]))
            .unwrap();
        assert_eq!(
            (chosen.id.as_str(), chosen.proof_algorithms),
            ("dl", vec!["ES256".to_owned()])
        );
        assert_eq!(
            metadata.choose(&offered(&["other"])).err(),
            Some(Unsupported::Format.into())
        );
        assert_eq!(metadata.trust_list_uri, "https://a.example/trust");
    }

    #[test]
    fn unsupported_metadata_is_refused_before_a_code_is_spent() {
        let proofs = |types: &str| proof_algorithms(&serde_json::from_str(types).unwrap());
        let es256 = Ok(vec!["ES256".to_owned()]);
        assert_eq!(proofs(r#"{"proof_types_supported":null}"#), es256);
        assert_eq!(proofs(r#"{"proof_types_supported":{"jwt":{}}}"#), es256);
        let either = r#"{"proof_types_supported":{"jwt":{},"attestation":{}}}"#;
        assert_eq!(proofs(either), es256, "what need not be attested");
        for (unsupported, why) in [
            (
                r#"{"attestation":{"proof_signing_alg_values_supported":["ES256"]}}"#,
                Unsupported::KeyAttestation,
            ),
            (
                r#"{"jwt":{"key_attestations_required":{}}}"#,
                Unsupported::KeyAttestation,
            ),
            (
                r#"{"jwt":{"key_attestations_required":{"key_storage":["iso_18045_high"]}}}"#,
                Unsupported::KeyAttestation,
            ),
            (r#"{"di_vp":{}}"#, Unsupported::Proof),
        ] {
            let types = format!(r#"{{"proof_types_supported":{unsupported}}}"#);
            assert_eq!(proofs(&types), Err(why), "{unsupported}");
        }
        for which in ["request", "response"] {
            let encrypted = |required: bool| {
                metadata(&format!(
                    r#","credential_{which}_encryption":{{"encryption_required":{required}}}"#
                ))
                .err()
            };
            assert_eq!(encrypted(true), Some(Unsupported::Encryption.into()));
            assert_eq!(encrypted(false), None);
        }
        for (member, fault) in [
            ("nonce_endpoint", MetadataFault::NonceEndpoint),
            (
                "deferred_credential_endpoint",
                MetadataFault::DeferredCredentialEndpoint,
            ),
            ("trust_list_uri", MetadataFault::TrustListUri),
        ] {
            for address in ["http://a.example/x", "http://127.0.0.1/x"] {
                assert_eq!(
                    metadata(&format!(r#","{member}":"{address}""#)).err(),
                    Some(fault.into())
                );
            }
        }
    }

    #[test]
    fn the_authorization_server_is_one_that_the_issuer_names() {
        let alone = metadata("").unwrap();
        assert_eq!(
            alone.authorization_server(None).unwrap(),
            "https://a.example"
        );
        let two =
            metadata(r#","authorization_servers":["https://one.example","https://two.example/"]"#)
                .unwrap();
        assert_eq!(
            two.authorization_server(None).unwrap(),
            "https://one.example"
        );
        assert_eq!(
            two.authorization_server(Some("https://two.example"))
                .unwrap(),
            "https://two.example/"
        );
        assert_eq!(
            two.authorization_server(Some("https://evil.example")).err(),
            Some(MetadataFault::AuthorizationServer.into())
        );
    }

    #[test]
    fn a_server_that_takes_attested_apps_alone_is_refused_by_name() {
        let read = |rest: &str| {
            let document = format!(
                r#"{{"issuer":"https://a.example","token_endpoint":"https://a.example/t"{rest}}}"#
            );
            ServerMetadata::parse(document.as_bytes(), "https://a.example").err()
        };
        let methods = |methods: &str| {
            let listed = format!(r#","token_endpoint_auth_methods_supported":{methods}"#);
            (
                read(&listed),
                read(&format!(
                    r#"{listed},"pre-authorized_grant_anonymous_access_supported":true"#
                )),
            )
        };
        let refused = Some(Unsupported::AppAttestation.into());
        assert_eq!(methods(r#"["attest_jwt_client_auth"]"#), (refused, None));
        assert_eq!(
            methods(r#"["private_key_jwt","attest_jwt_client_auth"]"#),
            (refused, None)
        );
        for open in [
            "null",
            "[]",
            r#"["none"]"#,
            r#"["attest_jwt_client_auth","none"]"#,
            r#"["client_secret_basic"]"#,
        ] {
            assert_eq!(methods(open), (None, None), "{open}");
        }
    }

    #[test]
    fn a_sign_in_needs_a_pushed_request_the_code_flow_and_s256() {
        let whole = json!({
            "issuer": "https://a.example", "token_endpoint": "https://a.example/t",
            "authorization_endpoint": "https://a.example/authorize",
            "pushed_authorization_request_endpoint": "https://a.example/par",
            "response_types_supported": ["code"], "code_challenge_methods_supported": ["S256"],
            "grant_types_supported": ["authorization_code"],
            "authorization_response_iss_parameter_supported": true,
        });
        let read = |document: &Value| {
            let document = document.to_string();
            ServerMetadata::parse(document.as_bytes(), "https://a.example")
                .unwrap()
                .sign_in
        };
        assert!(read(&whole).unwrap().names_issuer);
        for (member, other) in [
            ("authorization_endpoint", Value::Null),
            ("pushed_authorization_request_endpoint", Value::Null),
            ("response_types_supported", json!(["token"])),
            ("response_types_supported", Value::Null),
            ("code_challenge_methods_supported", json!(["plain"])),
            ("code_challenge_methods_supported", Value::Null),
            ("grant_types_supported", json!(["refresh_token"])),
        ] {
            let mut document = whole.clone();
            document[member] = other;
            assert_eq!(read(&document), None, "{member}");
        }
        for (member, fault) in [
            (
                "authorization_endpoint",
                MetadataFault::AuthorizationEndpoint,
            ),
            (
                "pushed_authorization_request_endpoint",
                MetadataFault::PushedAuthorizationRequestEndpoint,
            ),
        ] {
            for place in ["http://a.example/x", "http://127.0.0.1/x", "x"] {
                let mut document = whole.clone();
                document[member] = json!(place);
                let checked = read(&document).unwrap().check("https://a.example");
                assert_eq!(checked, Err(fault.into()), "{place}");
            }
        }
    }

    /// The error names the server's fault, not one of the person who pasted the offer.
    #[test]
    fn a_token_endpoint_that_may_not_be_asked_is_a_fault_of_the_metadata() {
        for endpoint in ["http://a.example/token", "http://127.0.0.1/token", "token"] {
            let document =
                format!(r#"{{"issuer":"https://a.example","token_endpoint":"{endpoint}"}}"#);
            let read = ServerMetadata::parse(document.as_bytes(), "https://a.example");
            assert_eq!(
                read.err(),
                Some(MetadataFault::TokenEndpoint.into()),
                "{endpoint}"
            );
        }
    }

    #[test]
    fn a_name_that_is_not_fit_to_be_shown_is_left_out() {
        let shown = |name: &str| {
            metadata(&format!(
                r#","display":[{{"locale":"en"}},{{"name":"{name}"}}]"#
            ))
            .unwrap()
            .display_name
        };
        assert_eq!(shown("Road Office").as_deref(), Some("Road Office"));
        assert_eq!(shown("Road\\u202eOffice"), None);
        assert_eq!(shown(&"x".repeat(65)), None);
    }
}
