//! What the server would have answered, for the states of the gallery.

use crate::catalogue;
use railhead_protocol::SessionState;
use railhead_widget::flow::Session;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::error::Error;
use std::path::Path;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// An answer as the widget reads it.
pub(crate) fn wire<T: DeserializeOwned>(value: Value) -> Result<T> {
    Ok(serde_json::from_value(value)?)
}

/// What the server answers at first: the whole catalogue, and perhaps two connections.
pub(crate) fn session(root: &Path, connected: bool) -> Result<Session> {
    let connections = if connected {
        vec![
            connection("xero", "active"),
            connection("stripe", "expired"),
        ]
    } else {
        vec![]
    };
    let state: SessionState = wire(json!({
        "sessionToken": "ses_gallery", "expiresAt": "2026-11-22T12:00:00Z",
        "widget": {
            "widgetId": "wid_gallery", "environment": "sandbox", "companyName": "Northwind Lending",
            "logo": "northwind.svg",
            "links": {"terms": "https://northwind.example/terms", "privacy": "https://northwind.example/privacy"},
        },
        "business": {
            "businessName": "Harbor Coffee", "businessUuid": "biz_1", "status": "new",
            "createdAt": "2026-11-22T10:00:00Z",
        },
        "services": catalogue::cards(root)?,
        "connections": connections,
    }))?;
    Ok(Session::new(state))
}

/// A connection of the business with `service`.
pub(crate) fn connection(service: &str, status: &str) -> Value {
    json!({
        "connectionId": format!("con_{service}"), "serviceName": service,
        "businessName": "Harbor Coffee", "businessUuid": "biz_1", "status": status,
        "account": {"accountId": "1", "name": "Harbor Coffee Ltd"},
        "createdAt": "2026-11-22T10:00:00Z", "authorizedAt": "2026-11-22T10:00:00Z",
        "expiresAt": "2027-11-22T10:00:00Z",
    })
}

/// Where an authorization at `service` stands; `more` is added to it.
pub(crate) fn authorization(service: &str, status: &str, more: Value) -> Value {
    let mut state = json!({
        "authorizationId": "ath_1", "serviceName": service, "version": 1, "status": status,
        "expiresAt": "2026-11-22T12:00:00Z",
    });
    if let (Some(state), Value::Object(more)) = (state.as_object_mut(), more) {
        state.extend(more);
    }
    state
}
