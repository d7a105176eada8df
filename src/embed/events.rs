//! Events as the host page gets them: a name, and a plain object.

use js_sys::{Array, Function, Object, Reflect};
use railhead_protocol::{Account, Event, ExitReason};
use wasm_bindgen::JsValue;

/// Hands an event to the host page. What its listener throws goes to the console and stops nothing here.
pub(super) fn deliver(listener: &Function, event: &Event, metadata: &JsValue) {
    let detail = Object::new();
    let name = describe(event, metadata, &detail);
    if let Err(thrown) = listener.call2(&JsValue::NULL, &name.into(), &detail) {
        web_sys::console::error_2(&"Railhead: a listener threw:".into(), &thrown);
    }
}

/// Writes the event into `detail`, as its JSON form has it, and returns its name.
fn describe(event: &Event, metadata: &JsValue, detail: &Object) -> &'static str {
    let set = |name: &str, value: &JsValue| set(detail, name, value);
    let text = |name: &str, value: &str| set(name, &value.into());
    match event {
        Event::Load { widget_id } => {
            text("widgetId", widget_id);
            "load"
        }
        Event::Open {} => "open",
        Event::Select { service_name } => {
            text("serviceName", service_name);
            "select"
        }
        Event::Authorization {
            authorization_id,
            service_name,
        } => {
            text("authorizationId", authorization_id);
            text("serviceName", service_name);
            "authorization"
        }
        Event::Connect {
            connection_id,
            service_name,
            business_name,
            business_uuid,
            account,
        } => {
            text("connectionId", connection_id);
            text("serviceName", service_name);
            text("businessName", business_name);
            text("businessUuid", business_uuid);
            if let Some(account) = account {
                set("account", &object_of(account));
            }
            if !metadata.is_undefined() {
                set("metadata", metadata);
            }
            "connect"
        }
        Event::Error {
            code,
            message,
            recoverable,
            service_name,
        } => {
            text("code", code.as_str());
            text("message", message);
            set("recoverable", &(*recoverable).into());
            if let Some(service_name) = service_name {
                text("serviceName", service_name);
            }
            "error"
        }
        Event::Redirect { url } => {
            text("url", url);
            "redirect"
        }
        Event::Exit {
            reason,
            connections,
        } => {
            let reason = match reason {
                ExitReason::Done => "done",
                ExitReason::Closed => "closed",
                ExitReason::Redirected => "redirected",
            };
            text("reason", reason);
            let list: Array = connections.iter().map(JsValue::from).collect();
            set("connections", &list);
            "exit"
        }
    }
}

fn object_of(account: &Account) -> JsValue {
    let object = Object::new();
    set(&object, "accountId", &account.account_id.as_str().into());
    set(&object, "name", &account.name.as_str().into());
    object.into()
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // A fresh object takes any property.
    let _ = Reflect::set(object, &name.into(), value);
}
