//! The site that the measured pages are on, and the stub of the reference product's server.

use super::plan::Plan;
use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::{Path as UrlPath, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;

/// What the reference product has logos for; what it does not know it leaves out.
const KNOWN: [&str; 11] = [
    "quickbooks",
    "xero",
    "wave",
    "freshbooks",
    "zohoBooks",
    "sageBusinessCloud",
    "myob",
    "dynamicsBusinessCentral",
    "dynamics365Finance",
    "oracleNetsuite",
    "sageIntacct",
];

struct Site {
    folder: PathBuf,
    stub: String,
    catalogues: Vec<(usize, String)>,
    widget: String,
}

/// Serves the pages at the plan's host address, and the stub at its own.
pub(crate) async fn serve(plan: &Plan) -> Result<()> {
    let site = Arc::new(Site {
        folder: plan.pages.clone(),
        stub: format!("http://localhost:{}", plan.stub_port),
        catalogues: plan
            .brokers
            .iter()
            .map(|broker| (broker.services, broker.url.clone()))
            .collect(),
        widget: plan.widget.clone(),
    });
    let pages = Router::new()
        .route("/{services}/{page}", get(page))
        .route("/{script}", get(script))
        .with_state(site);
    listen(plan.host_port, pages).await?;
    let stub = Router::new()
        .route("/widget/session/{services}", post(session).options(allow))
        .route(
            "/widget/status",
            get(|| async { answer(&json!([])) }).options(allow),
        );
    listen(plan.stub_port, stub).await
}

async fn listen(port: u16, router: Router) -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .with_context(|| format!("port {port}"))?;
    // Ends with the program.
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(())
}

async fn page(
    State(site): State<Arc<Site>>,
    UrlPath((services, page)): UrlPath<(usize, String)>,
) -> Response {
    let broker = site.catalogues.iter().find(|(count, _)| *count == services);
    let (Some((_, api)), Ok(html)) = (
        broker,
        fs::read_to_string(site.folder.join(&page).with_extension("html")),
    ) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // The stub is told by the widget's id how many services it has.
    let widget = if page == "railz" {
        services.to_string()
    } else {
        site.widget.clone()
    };
    let html = html
        .replace("{{api}}", api)
        .replace("{{stub}}", &site.stub)
        .replace("{{widget}}", &widget);
    Html(html).into_response()
}

/// A script, compressed as the broker has the widget's.
async fn script(State(site): State<Arc<Site>>, UrlPath(name): UrlPath<String>) -> Response {
    match fs::read(site.folder.join(format!("{name}.br"))) {
        Ok(bytes) => (
            [
                (header::CONTENT_TYPE, "text/javascript"),
                (header::CONTENT_ENCODING, "br"),
            ],
            bytes,
        )
            .into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn session(UrlPath(services): UrlPath<usize>) -> Response {
    let integration = |number: usize| {
        json!({
            "uuid": format!("integration-{number}"),
            "service": KNOWN[number % KNOWN.len()],
            "serviceKind": "accounting",
            "isMockData": false,
        })
    };
    let integrations: Vec<_> = (0..services).map(integration).collect();
    answer(&json!({
        "access_token": "token",
        "connections": [],
        "integrations": integrations,
        "metadata": [],
        "businessName": "Harbor Coffee",
        "businessUuid": "business",
        "sandbox": false,
        "sites": false,
        "billingPlan": "custom",
        "customerName": "Northwind Lending",
        "email": "books@northwind.example",
    }))
}

fn answer(body: &Value) -> Response {
    (any_origin(), axum::Json(body.clone())).into_response()
}

async fn allow() -> Response {
    (StatusCode::NO_CONTENT, any_origin()).into_response()
}

fn any_origin() -> HeaderMap {
    let header = |name, value| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    };
    HeaderMap::from_iter([
        header("access-control-allow-origin", "*"),
        header("access-control-allow-methods", "GET, POST, PATCH, DELETE"),
        header(
            "access-control-allow-headers",
            "authorization, content-type, accept, railz-connect-version",
        ),
    ])
}
