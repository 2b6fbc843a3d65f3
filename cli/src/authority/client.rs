//! `vidimus authority client`: the apps in which drivers may sign in.

use serde_json::json;
use vidimus_authority::ClientApp;

use super::in_order;
use super::register::{ClientView, Place};
use crate::args::{ClientAction, ClientArguments};
use crate::failure::Outcome;
use crate::output::{self, plain};

/// Runs `authority client add|list|remove`.
pub(super) fn run(place: &Place, action: &ClientAction, json: bool) -> Outcome {
    match action {
        ClientAction::Add(asked) => add(place, asked, json),
        ClientAction::List => list(place, json),
        ClientAction::Remove { client } => {
            place.open()?.remove_client(client)?;
            if json {
                return output::json(&json!({ "removed": client }));
            }
            output::line(
                "Nobody can sign in there any more; drivers keep the licenses that they have.",
            )
        }
    }
}

fn add(place: &Place, asked: &ClientArguments, json: bool) -> Outcome {
    let app = ClientApp {
        id: asked.client.clone(),
        redirects: asked.redirect.clone(),
        android: asked.android.clone(),
        apple: asked.apple.clone(),
    };
    place.open()?.put_client(&app, asked.allow_private_scheme)?;
    if json {
        return output::json(&in_order(&ClientView::of(&app))?);
    }
    output::line(&format!(
        "Drivers can sign in with {} where `serve` has accounts.",
        app.id
    ))
}

fn list(place: &Place, json: bool) -> Outcome {
    let clients = place.open()?.clients()?;
    if json {
        return output::json(&in_order(&clients)?);
    }
    let lines: Vec<_> = clients
        .iter()
        .map(|app| {
            format!(
                "{}  {}",
                plain(&app.client),
                plain(&app.redirects.join(" "))
            )
        })
        .collect();
    output::line(&lines.join("\n"))
}
