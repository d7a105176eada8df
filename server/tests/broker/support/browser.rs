//! A browser as far as this flow goes: cookies by host, redirects followed by hand, forms of the demo provider.

use super::http;
use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder, Response};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use url::Url;

/// A browser with its own cookies. Clones share them, as windows do.
#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
    /// Requests for the first go to the second: host and port, and a port of this machine.
    through: Option<(String, u16)>,
    cookies: Arc<Mutex<BTreeMap<(String, String), String>>>,
    seen: Arc<Mutex<String>>,
}

/// Where a window ended up.
pub(crate) struct Landing {
    pub(crate) url: Url,
    pub(crate) status: u16,
    pub(crate) html: String,
}

impl Browser {
    pub(crate) fn new() -> Self {
        Self::with(http())
    }

    /// A browser that speaks through `client`.
    pub(crate) fn with(client: Client) -> Self {
        Self {
            client,
            through: None,
            cookies: Arc::default(),
            seen: Arc::default(),
        }
    }

    /// The same browser while a load balancer sends what is for `public` to `port`.
    pub(crate) fn through(&self, public: &Url, port: u16) -> Self {
        Self {
            through: Some((authority(public), port)),
            ..self.clone()
        }
    }

    /// Everything the server under test at `host` has answered to this browser, headers included.
    pub(crate) fn seen(&self) -> String {
        self.seen.lock().unwrap().clone()
    }

    /// Forgets its cookies, as another browser would not have them.
    pub(crate) fn forget_cookies(&self) {
        self.cookies.lock().unwrap().clear();
    }

    /// The names and values of the cookies for `host`, which is a name and a port.
    pub(crate) fn cookies(&self, host: &str) -> Vec<(String, String)> {
        let cookies = self.cookies.lock().unwrap();
        let of_host = cookies.iter().filter(|((at, _), _)| at == host);
        of_host
            .map(|((_, name), value)| (name.clone(), value.clone()))
            .collect()
    }

    /// Sends one request with the cookies it has for the address, and keeps those it gets.
    pub(crate) async fn send(
        &self,
        url: &Url,
        build: impl FnOnce(RequestBuilder) -> RequestBuilder,
        method: Method,
    ) -> Response {
        self.try_send(url, build, method).await.unwrap()
    }

    async fn try_send(
        &self,
        url: &Url,
        build: impl FnOnce(RequestBuilder) -> RequestBuilder,
        method: Method,
    ) -> reqwest::Result<Response> {
        let host = authority(url);
        let cookies: Vec<_> = self
            .cookies(&host)
            .into_iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut target = url.clone();
        if let Some((_, port)) = self.through.as_ref().filter(|(public, _)| *public == host) {
            target.set_port(Some(*port)).unwrap();
        }
        let mut request = self.client.request(method, target);
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies.join("; "));
        }
        let response = build(request).send().await?;
        for header in response.headers().get_all(SET_COOKIE) {
            let cookie = header.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = cookie.split_once('=').unwrap();
            let key = (host.clone(), name.to_owned());
            self.cookies.lock().unwrap().insert(key, value.to_owned());
        }
        Ok(response)
    }

    /// Opens an address in a window and follows redirects until a page is shown.
    pub(crate) async fn open(&self, url: &Url) -> Landing {
        self.try_open(url).await.unwrap()
    }

    /// The same where the server may be gone.
    pub(crate) async fn try_open(&self, url: &Url) -> reqwest::Result<Landing> {
        let mut url = url.clone();
        for _ in 0..10 {
            let response = self.try_send(&url, |request| request, Method::GET).await?;
            match redirected(&url, &response) {
                Some(next) => url = next,
                None => return self.landed(url, response).await,
            }
        }
        panic!("redirected too often, last to {url}");
    }

    /// Signs in at the demo provider and answers its consent; stops before going back: the address of the callback.
    pub(crate) async fn consent(&self, authorize: &Url, user: &str, decision: &str) -> Url {
        let mut page = self.open(authorize).await;
        assert_eq!(page.status, 200, "{}", page.html);
        if let Some(switch) = attribute(&page.html, "href", "?switch=1") {
            page = self.open(&page.url.join(switch).unwrap()).await;
        }
        let login = page.url.join(form(&page.html, "/login")).unwrap();
        let answer = self
            .submit(&login, &[("user", user), ("password", "anything")])
            .await;
        let consent = self.open(&answer).await;
        let decide = consent.url.join(form(&consent.html, "/decision")).unwrap();
        self.submit(&decide, &[("decision", decision)]).await
    }

    /// Sends a form; answers where it redirects to.
    async fn submit(&self, url: &Url, fields: &[(&str, &str)]) -> Url {
        let origin = url.origin().ascii_serialization();
        let build = |request: RequestBuilder| request.header(ORIGIN, origin).form(fields);
        let response = self.send(url, build, Method::POST).await;
        redirected(url, &response).unwrap_or_else(|| panic!("{url} answered {}", response.status()))
    }

    async fn landed(&self, url: Url, response: Response) -> reqwest::Result<Landing> {
        let status = response.status().as_u16();
        let headers = format!("{:?}", response.headers());
        let html = response.text().await?;
        self.remember(&headers);
        self.remember(&html);
        Ok(Landing { url, status, html })
    }

    /// Adds to what this browser has seen.
    pub(crate) fn remember(&self, text: &str) {
        let mut seen = self.seen.lock().unwrap();
        seen.push_str(text);
        seen.push('\n');
    }
}

fn redirected(url: &Url, response: &Response) -> Option<Url> {
    if !response.status().is_redirection() {
        return None;
    }
    Some(
        url.join(response.headers().get(LOCATION)?.to_str().unwrap())
            .unwrap(),
    )
}

fn authority(url: &Url) -> String {
    format!(
        "{}:{}",
        url.host_str().unwrap(),
        url.port_or_known_default().unwrap()
    )
}

/// The action of the first form whose action ends with `end`.
fn form<'h>(html: &'h str, end: &str) -> &'h str {
    attribute(html, "action", end).unwrap_or_else(|| panic!("no form {end} in {html}"))
}

/// The first value of the attribute `name` that ends with `end`.
fn attribute<'h>(html: &'h str, name: &str, end: &str) -> Option<&'h str> {
    let start = format!("{name}=\"");
    let mut values = html
        .split(start.as_str())
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    values.find(|value| value.ends_with(end))
}
