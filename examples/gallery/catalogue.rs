//! The service cards of the gallery: those of the real catalogue, in the order in which the server offers them.

use serde_json::{Value, json};
use std::error::Error;
use std::fs;
use std::path::Path;

/// Where the catalogue is, seen from the repository's root.
pub(crate) const SERVICES: &str = "services";

/// All services as JSON, as the session answer carries them.
pub(crate) fn cards(root: &Path) -> Result<Vec<Value>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join(SERVICES))? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            files.push(toml::from_str::<Value>(&fs::read_to_string(path)?)?);
        }
    }
    files.sort_by_key(|file| file["rank"].as_i64().unwrap_or(i64::MAX));
    Ok(files.iter().filter_map(card).collect())
}

/// The card of a service file; none for what this version cannot authorize.
fn card(file: &Value) -> Option<Value> {
    let authorization = match file["authorization"].as_str()? {
        "oauth2_code" => "popup",
        "sandbox" => "instant",
        _ => return None,
    };
    let icon = file["icon"].as_str();
    let mut card = json!({
        "serviceName": file["service_name"],
        "displayName": file["display_name"],
        "kind": file["kind"],
        "color": file["color"],
        "authorization": authorization,
        "fields": file["fields"].as_array().into_iter().flatten().map(field).collect::<Vec<_>>(),
    });
    if let Some(icon) = icon {
        card["icon"] = json!(format!("/icons/{icon}"));
    }
    Some(card)
}

/// A field; in a file, what is not said has a default.
fn field(field: &Value) -> Value {
    let mut field = field.clone();
    if field["required"].is_null() {
        field["required"] = json!(true);
    }
    field
}
