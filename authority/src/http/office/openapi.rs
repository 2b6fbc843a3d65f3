//! The description of the API (OpenAPI 3.1), made from the table of calls and the types that the
//! handlers take and give.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, ParameterBuilder, ParameterIn, PathsBuilder,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ComponentsBuilder, Object, Schema, SchemaType, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, Ref, RefOr, Required,
    ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use super::api;
use super::problem::{Problem, ProblemBody};
use crate::office::{Call, Method, Row, TABLE};

type Schemas = Vec<(String, RefOr<Schema>)>;

/// What a call gives.
enum Gives {
    Json(Box<RefOr<Schema>>),
    Picture,
    Lines,
}

/// The parts of a call that the table does not have.
struct Shape {
    query: &'static [(&'static str, Type, &'static str)],
    takes: Option<RefOr<Schema>>,
    status: &'static str,
    gives: Gives,
}

/// `GET /v1/openapi.json`
pub(super) async fn document() -> Result<Response, Problem> {
    let text = describe().to_json().map_err(|_| Problem::SERVER)?;
    let json = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, json)], text).into_response())
}

/// The document, made anew.
pub(super) fn describe() -> OpenApi {
    let mut schemas = Schemas::new();
    of::<ProblemBody>(&mut schemas);
    let mut operations: BTreeMap<(&str, Method), Operation> = BTreeMap::new();
    for row in &TABLE {
        let described = operation(row, &mut schemas);
        operations
            .entry((row.path, row.method))
            .and_modify(|known| join(known, row))
            .or_insert(described);
    }
    // Where a decision is proposed, the answer is another one.
    let decisions = operations.values_mut().find(|of| is_decision(of));
    if let Some(decisions) = decisions {
        let proposal = json(of::<api::ProposalView>(&mut schemas));
        let proposed = ResponseBuilder::new()
            .description("It waits for another chief")
            .content("application/json", proposal);
        decisions
            .responses
            .responses
            .insert("202".to_owned(), proposed.build().into());
    }
    let mut paths = PathsBuilder::new();
    for ((path, method), operation) in operations {
        paths = paths.path(path, PathItem::new(method_of(method), operation));
    }
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token of `vidimus authority user token NAME`"));
    let mut components = ComponentsBuilder::new()
        .security_scheme("token", SecurityScheme::Http(bearer.build()))
        .security_scheme(
            "certificate",
            SecurityScheme::MutualTls {
                description: Some("A client certificate that belongs to a user".to_owned()),
                extensions: None,
                deprecated: None,
            },
        );
    for (name, schema) in schemas {
        components = components.schema(name, schema);
    }
    let info = InfoBuilder::new()
        .title("The office of a licensing authority")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Calls of named users. Errors are problem documents (RFC 9457) whose `code` says which \
             problem it is. A call for which its user has no role is refused with 403 and noted.",
        ));
    OpenApiBuilder::new()
        .info(info.build())
        .paths(paths.build())
        .components(Some(components.build()))
        .security(Some([
            SecurityRequirement::new::<_, [&str; 0], _>("token", []),
            SecurityRequirement::new::<_, [&str; 0], _>("certificate", []),
        ]))
        .build()
}

fn is_decision(operation: &Operation) -> bool {
    operation.operation_id.as_deref() == Some("decisions")
}

/// What an operation says of a further call that has the same route.
fn join(known: &mut Operation, row: &Row) {
    let more = format!("{} ({})", row.words, row.roles);
    match &mut known.description {
        Some(description) => {
            description.push_str("\n\n");
            description.push_str(&more);
        }
        None => known.description = Some(more),
    }
}

fn operation(row: &Row, schemas: &mut Schemas) -> Operation {
    let shape = shape(row.call, schemas);
    let is_decision = row.path.ends_with("/decisions");
    let summary = match is_decision {
        true => "Decides about a license, or proposes what is final",
        false => row.words,
    };
    let name = match is_decision {
        true => "decisions",
        false => row.name,
    };
    let mut operation = OperationBuilder::new()
        .operation_id(Some(name))
        .summary(Some(summary))
        .description(Some(format!("{} ({})", row.words, row.roles)));
    for part in row.path.split('/') {
        let name = part
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        if let Some(name) = name {
            operation = operation.parameter(parameter(name, ParameterIn::Path, Type::String, ""));
        }
    }
    for (name, kind, words) in shape.query {
        let parameter = parameter(name, ParameterIn::Query, kind.clone(), words);
        operation = operation.parameter(parameter);
    }
    if let Some(takes) = shape.takes {
        let body = RequestBodyBuilder::new()
            .content("application/json", json(takes))
            .required(Some(Required::True));
        operation = operation.request_body(Some(body.build()));
    }
    let done = ResponseBuilder::new().description("Done");
    let done = match shape.gives {
        Gives::Json(schema) => done.content("application/json", json(*schema)),
        Gives::Picture => done.content("image/jpeg", json(text().into())),
        Gives::Lines => done.content("application/x-ndjson", json(text().into())),
    };
    let refused = ResponseBuilder::new()
        .description("Not done: a problem document")
        .content("application/problem+json", json(reference::<ProblemBody>()));
    operation
        .response(shape.status, done.build())
        .response("default", refused.build())
        .build()
}

fn parameter(
    name: &str,
    place: ParameterIn,
    kind: Type,
    words: &str,
) -> utoipa::openapi::path::Parameter {
    let required = match place {
        ParameterIn::Path => Required::True,
        _ => Required::False,
    };
    let schema = Object::with_type(SchemaType::Type(kind));
    let built = ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(required)
        .schema(Some(Schema::Object(schema)));
    match words {
        "" => built.build(),
        words => built.description(Some(words)).build(),
    }
}

fn text() -> Schema {
    Schema::Object(Object::with_type(SchemaType::Type(Type::String)))
}

fn json(schema: RefOr<Schema>) -> utoipa::openapi::Content {
    ContentBuilder::new().schema(Some(schema)).build()
}

fn method_of(method: Method) -> HttpMethod {
    match method {
        Method::Get => HttpMethod::Get,
        Method::Post => HttpMethod::Post,
        Method::Patch => HttpMethod::Patch,
        Method::Delete => HttpMethod::Delete,
    }
}

fn reference<T: ToSchema>() -> RefOr<Schema> {
    RefOr::Ref(Ref::from_schema_name(T::name()))
}

/// Keeps a type's schema and those that it names, and gives a reference to it.
fn of<T: ToSchema + PartialSchema>(schemas: &mut Schemas) -> RefOr<Schema> {
    let mut named = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut named);
    for (name, schema) in named {
        if !schemas.iter().any(|(known, _)| *known == name) {
            schemas.push((name, schema));
        }
    }
    reference::<T>()
}

/// What a call takes and gives.
fn shape(call: Call, schemas: &mut Schemas) -> Shape {
    const NO_QUERY: &[(&str, Type, &str)] = &[];
    const PART: &[(&str, Type, &str)] = &[
        ("after", Type::Integer, "`next` of the part before"),
        ("limit", Type::Integer, "At most so many"),
    ];
    const OF: &[(&str, Type, &str)] =
        &[("of", Type::String, "`submitted` (left out) or `roadside`")];
    let gives = |status, gives: RefOr<Schema>| Shape {
        query: NO_QUERY,
        takes: None,
        status,
        gives: Gives::Json(Box::new(gives)),
    };
    macro_rules! call {
        ($status:literal, $gives:ty) => {
            gives($status, of::<$gives>(schemas))
        };
        ($status:literal, $gives:ty, $takes:ty) => {
            Shape {
                takes: Some(of::<$takes>(schemas)),
                ..gives($status, of::<$gives>(schemas))
            }
        };
    }
    let picture = |query| Shape {
        query,
        takes: None,
        status: "200",
        gives: Gives::Picture,
    };
    match call {
        Call::Me => call!("200", api::Me),
        Call::FindLicenses => Shape {
            query: &[
                (
                    "license",
                    Type::String,
                    "A number or id: this license alone",
                ),
                ("after", Type::String, "`next` of the page before"),
                (
                    "limit",
                    Type::Integer,
                    "At most so many; 50 where it is left out",
                ),
            ],
            ..call!("200", api::LicensePage)
        },
        Call::GetLicense => call!("200", api::LicenseDetail),
        Call::LicenseEvents => Shape {
            query: PART,
            ..call!("200", api::EventPage)
        },
        Call::LicensePicture | Call::ReviewPicture => picture(OF),
        Call::AddLicense => call!("201", api::OfferView, api::AddLicense),
        Call::EditLicense => call!("200", api::EditedView, api::EditLicense),
        Call::OfferLicense => call!("201", api::OfferView, api::MakeOffer),
        Call::SendLetter => call!("201", api::LetterView, api::Nothing),
        Call::EndLicense | Call::EndDevice => call!("200", api::EndedView, api::End),
        Call::DecideUnresolved | Call::DecideSuspension | Call::Lift | Call::ProposeRevocation => {
            call!("200", api::DecidedView, api::Decide)
        }
        Call::ListProposals => Shape {
            query: &[("all", Type::Boolean, "Closed ones too")],
            ..call!("200", api::ProposalPage)
        },
        Call::ApproveProposal | Call::RefuseProposal => {
            call!("200", api::ProposalView, api::Nothing)
        }
        Call::ListReviews => Shape {
            query: PART,
            ..call!("200", api::ReviewPage)
        },
        Call::AcceptReview => call!("200", api::ReviewView, api::Accept),
        Call::RefuseReview => call!("200", api::ReviewView, api::Refuse),
        Call::ListReaders => call!("200", api::ReaderPage),
        Call::AddReader => call!("201", api::AddedReader, api::AddReader),
        Call::ListClients => call!("200", api::ClientPage),
        Call::AddClient => call!("201", api::Done, api::ClientView),
        Call::RevokeReader | Call::RemoveClient | Call::RevokeToken => call!("200", api::Done),
        Call::GetSettings => call!("200", api::SettingsView),
        Call::ChangeSettings => call!("200", api::SettingsView, api::ChangeSettings),
        Call::ListUsers => call!("200", api::UserPage),
        Call::AddUser => call!("201", api::UserView, api::AddUser),
        Call::ChangeUser => call!("200", api::UserView, api::ChangeUser),
        Call::SetUpUser => call!("201", api::SetUpView, api::Nothing),
        Call::AddToken => call!("201", api::NewTokenView, api::AddToken),
        Call::ExportAudit => Shape {
            query: &[
                ("from", Type::Integer, "The first event's number"),
                ("limit", Type::Integer, "At most so many lines, and 50000"),
            ],
            ..Shape {
                gives: Gives::Lines,
                ..call!("200", api::Done)
            }
        },
    }
}
