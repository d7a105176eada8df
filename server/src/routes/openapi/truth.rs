//! The document tells the truth: in builds for development, the tests' above all, an answer that it does not tell of is
//! a panic. Programs built for release carry none of this.

use super::{document, operation_of};
use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::Response;
use utoipa::openapi::{RefOr, path::Operation};

pub(in crate::routes) async fn kept(request: Request, next: Next) -> Response {
    if !cfg!(debug_assertions) {
        return next.run(request).await;
    }
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    if let Some(operation) = route.and_then(|route| operation(&method, route.as_str())) {
        let lie = lie(operation, &response);
        debug_assert!(lie.is_none(), "{method}: {lie:?} is not in the document");
    }
    response
}

fn operation(method: &Method, route: &str) -> Option<&'static Operation> {
    let method = match method.as_str() {
        "HEAD" => "get".to_owned(),
        other => other.to_ascii_lowercase(),
    };
    operation_of(document().api.paths.get_path_item(route)?, &method)
}

/// The status, or the status and the code, that nobody was told of.
fn lie(operation: &Operation, response: &Response) -> Option<String> {
    let status = response.status().as_u16();
    let id = operation.operation_id.clone().unwrap_or_default();
    let Some(RefOr::T(told)) = operation.responses.responses.get(&status.to_string()) else {
        return Some(format!("{id} {status}"));
    };
    if let Some(refusal) = response.extensions().get::<crate::routes::Refusal>() {
        let code = refusal.code();
        let is_page = response.headers().contains_key(CONTENT_TYPE);
        let listed = told.description.contains(&format!("- `{code}`: "));
        return (!listed && !is_page).then(|| format!("{id} {status} {code}"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{lie, operation};
    use crate::routes::Refusal;
    use axum::http::{Method, StatusCode};
    use axum::response::{IntoResponse as _, Response};
    use railhead_protocol::ErrorCode;

    fn told(method: &Method, answer: &Response) -> Option<String> {
        let operation = operation(method, "/v1/businesses/{businessUuid}").unwrap();
        lie(operation, answer)
    }

    #[test]
    fn an_answer_that_nobody_was_told_of_is_found() {
        let refused = |status, code| Refusal::new(status, code, "").into_response();
        let missing = StatusCode::NOT_FOUND;
        for known in [
            StatusCode::OK.into_response(),
            refused(missing, ErrorCode::BusinessNotFound),
            refused(missing, ErrorCode::NotFound),
        ] {
            assert_eq!(told(&Method::HEAD, &known), None);
        }
        for (unknown, name) in [
            (StatusCode::CREATED.into_response(), "getBusiness 201"),
            (
                refused(missing, ErrorCode::ConnectionNotFound),
                "getBusiness 404 connection_not_found",
            ),
            (
                refused(StatusCode::CONFLICT, ErrorCode::BusinessNotFound),
                "getBusiness 409",
            ),
        ] {
            assert_eq!(told(&Method::GET, &unknown).as_deref(), Some(name));
        }
        assert!(operation(&Method::DELETE, "/v1/openapi.json").is_none());
    }
}
