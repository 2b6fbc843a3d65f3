//! `vidimus authority client`: the apps in which drivers may sign in.

use std::path::Path;

use serde_json::{Value, json};
use vidimus_authority::ClientApp;

use super::{failure, open};
use crate::args::{ClientAction, ClientArguments};
use crate::failure::Outcome;
use crate::{output, runtime};

/// Runs `authority client add|list|remove`.
pub(super) fn run(home: &Path, action: &ClientAction, json: bool) -> Outcome {
    match action {
        ClientAction::Add(asked) => add(home, asked, json),
        ClientAction::List => list(home, json),
        ClientAction::Remove { client } => {
            open(home)?
                .remove_client(client)
                .map_err(|error| failure(&error))?;
            if json {
                return output::json(&json!({ "removed": client }));
            }
            output::line(
                "Nobody can sign in there any more; drivers keep the licenses that they have.",
            )
        }
    }
}

fn add(home: &Path, asked: &ClientArguments, json: bool) -> Outcome {
    let app = ClientApp {
        id: asked.client.clone(),
        redirects: asked.redirect.clone(),
        android: asked.android.clone(),
        apple: asked.apple.clone(),
    };
    open(home)?
        .put_client(&app, asked.allow_private_scheme, runtime::moment())
        .map_err(|error| failure(&error))?;
    if json {
        return output::json(&client_json(&app));
    }
    output::line(&format!(
        "Drivers can sign in with {} where `serve` has accounts.",
        app.id
    ))
}

fn list(home: &Path, json: bool) -> Outcome {
    let clients = open(home)?.clients().map_err(|error| failure(&error))?;
    if json {
        let rows: Vec<_> = clients.iter().map(client_json).collect();
        return output::json(&rows);
    }
    let lines: Vec<_> = clients
        .iter()
        .map(|app| format!("{}  {}", app.id, app.redirects.join(" ")))
        .collect();
    output::line(&lines.join("\n"))
}

fn client_json(app: &ClientApp) -> Value {
    let android: Vec<_> = app
        .android
        .iter()
        .map(|(package, digest)| json!({ "package": package, "sha256": digest }))
        .collect();
    json!({
        "client": app.id,
        "redirects": app.redirects,
        "android": android,
        "apple": app.apple,
    })
}
