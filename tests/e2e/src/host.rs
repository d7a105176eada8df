//! The embedding company's site: a small server of host pages, on another origin (and site) than the Railhead server.

use crate::{Ability, Engine, free_port};
use anyhow::Result;
use axum::Router;
use axum::extract::{Path as UrlPath, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::services::ServeDir;

/// One call of `init` that a host page makes.
#[derive(Clone, Debug, Default)]
pub struct HostWidget {
    /// The first argument.
    pub widget: String,
    /// The second argument; null when absent.
    pub business: Option<String>,
    /// `options.container`.
    pub container: Option<String>,
    /// The other options.
    pub options: Value,
}

/// A page that embeds widgets.
#[derive(Clone, Debug)]
pub struct HostPage {
    /// Its widgets.
    pub widgets: Vec<HostWidget>,
    /// Does it call `init` when it loads? Otherwise its button does.
    pub starts_by_itself: bool,
    /// Its Content-Security-Policy beyond the strict one it always has.
    pub more_policy: &'static str,
    /// Its other headers.
    pub headers: Vec<(&'static str, &'static str)>,
}

/// The script of a page that writes down what its console says, where the driver does not tell.
pub fn watch() -> Result<&'static str> {
    let told = Engine::from_environment()?.can(Ability::Console);
    Ok(if told {
        ""
    } else {
        "<script src=\"/watch.js\"></script>"
    })
}

/// A running host server; dropping it stops it.
#[derive(Debug)]
pub struct Host {
    port: u16,
    api: String,
    pages: Pages,
    task: JoinHandle<()>,
}

type Pages = Arc<Mutex<Vec<(String, HeaderMap)>>>;

impl Host {
    /// Starts it for a Railhead server at `api`; `folder` holds a built site to serve as well.
    pub async fn start(api: &str, folder: Option<&Path>) -> Result<Self> {
        let port = free_port()?;
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let pages = Pages::default();
        let router = Router::new()
            .route("/pages/{number}", get(page))
            .route("/welcome", get(Html(include_str!("../pages/welcome.html"))))
            .route(
                "/host.js",
                get((
                    [(header::CONTENT_TYPE, "text/javascript")],
                    include_str!("../pages/host.js"),
                )),
            )
            .route(
                "/watch.js",
                get((
                    [(header::CONTENT_TYPE, "text/javascript")],
                    include_str!("../pages/watch.js"),
                )),
            )
            .route(
                "/host.css",
                get((
                    [(header::CONTENT_TYPE, "text/css")],
                    include_str!("../pages/host.css"),
                )),
            )
            .route("/strict/{file}", get(strict_file))
            .with_state(Arc::clone(&pages));
        let router = match folder {
            Some(folder) => router.fallback_service(ServeDir::new(folder)),
            None => router,
        };
        let task = tokio::spawn(async move {
            // Ends with the test that started it.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            port,
            api: api.to_owned(),
            pages,
            task,
        })
    }

    /// Its origin, which is another site than `localhost`, where the Railhead server is.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The same server under a name that is not registered for any widget.
    #[must_use]
    pub fn unregistered_origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Its success page.
    #[must_use]
    pub fn success_url(&self) -> String {
        format!("{}/welcome", self.origin())
    }

    /// Puts up a page and returns its path.
    pub fn put(&self, page: &HostPage) -> Result<String> {
        let policy = format!(
            "script-src 'self' {{api}} 'wasm-unsafe-eval'; style-src 'self'; connect-src {{api}}; {}",
            page.more_policy
        );
        self.put_as(include_str!("../pages/host.html"), page, &policy)
    }

    /// Puts up a page made from another template and under another policy, in which `{api}` is the API's origin.
    pub fn put_as(&self, template: &str, page: &HostPage, policy: &str) -> Result<String> {
        let widget = |widget: &HostWidget| {
            json!({
                "widget": widget.widget,
                "business": widget.business,
                "container": widget.container,
                "options": widget.options,
            })
        };
        let widgets: Vec<_> = page.widgets.iter().map(widget).collect();
        let config = json!({ "widgets": widgets, "startsByItself": page.starts_by_itself });
        let html = template
            .replace("{{watch}}", watch()?)
            .replace("{{api}}", &self.api)
            .replace("{{config}}", &config.to_string().replace('<', "\\u003c"));
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_str(&policy.replace("{api}", &self.api))?,
        );
        for (name, value) in &page.headers {
            headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        Ok(self.keep(html, headers))
    }

    /// Puts up the page that embeds the widget with nothing but a script tag, and returns its path.
    #[must_use]
    pub fn put_script_tag(&self, widget: &str, business: &str) -> String {
        let html = include_str!("../pages/script-tag.html")
            .replace("{{api}}", &self.api)
            .replace("{{widget}}", widget)
            .replace("{{business}}", business)
            .replace("{{origin}}", &self.origin());
        self.keep(html, HeaderMap::new())
    }

    /// Puts up a page as it is and returns its path.
    #[must_use]
    pub fn put_html(&self, html: String) -> String {
        self.keep(html, HeaderMap::new())
    }

    fn keep(&self, html: String, headers: HeaderMap) -> String {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.push((html, headers));
        format!("/pages/{}", pages.len() - 1)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Scripts and style sheets of the strict host pages.
async fn strict_file(UrlPath(file): UrlPath<String>) -> Response {
    let (kind, text) = match file.as_str() {
        "hostile.css" => ("text/css", include_str!("../pages/hostile.css")),
        "trap.js" => ("text/javascript", include_str!("../pages/trap.js")),
        "remains.js" => ("text/javascript", include_str!("../pages/remains.js")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

async fn page(State(pages): State<Pages>, UrlPath(number): UrlPath<usize>) -> Response {
    let pages = pages.lock().unwrap_or_else(PoisonError::into_inner);
    match pages.get(number).cloned() {
        Some((html, headers)) => (headers, Html(html)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
