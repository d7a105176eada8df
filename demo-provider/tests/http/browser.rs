//! What the tests use as browser and as client: real HTTP, no redirects followed, cookies kept by hand.
#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected stops")]

use demo_provider::{CLIENT_ID, CLIENT_SECRET, Clock, Config, Provider, Running};
use reqwest::{Client, Response, StatusCode, header, redirect};
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};
use url::Url;

pub(crate) const REDIRECT_URI: &str = "http://localhost:4400/v1/callback/default/xero";
// The example of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A clock whose hands the test moves.
#[derive(Clone)]
pub(crate) struct HandClock(Arc<Mutex<SystemTime>>);

impl HandClock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(
            SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 365 * 50),
        )))
    }

    pub(crate) fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for HandClock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }
}

pub(crate) async fn start() -> Running {
    Provider::start(Config {
        slow_delay: Duration::from_millis(50),
        ..Config::default()
    })
    .await
    .unwrap()
}

/// A page or a redirect as the browser got it.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: header::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    async fn of(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self {
            status,
            headers,
            text: response.text().await.unwrap(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// Where a redirect leads.
    pub(crate) fn location(&self) -> Url {
        let location = self.header("location");
        Url::parse(location)
            .unwrap_or_else(|_| panic!("{} {location:?}: {}", self.status, self.text))
    }

    /// A parameter of the address a redirect leads to.
    pub(crate) fn returned(&self, name: &str) -> Option<String> {
        self.location()
            .query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// Where the form with this button is sent.
    pub(crate) fn form_of(&self, button: &str) -> String {
        let forms = self.text.split("<form ").skip(1);
        let form = forms.into_iter().find(|form| {
            form.split("</form>")
                .next()
                .is_some_and(|form| form.contains(&format!(">{button}</button>")))
        });
        let form = form.unwrap_or_else(|| panic!("no button {button:?} in {}", self.text));
        form.split("action=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned()
    }

    pub(crate) fn has_button(&self, name: &str) -> bool {
        self.text.contains(&format!(">{name}</button>"))
    }
}

/// A browser at one provider, and the client that sent it there.
pub(crate) struct Browser {
    client: Client,
    base: String,
    cookies: HashMap<String, String>,
}

impl Browser {
    #[expect(
        clippy::disallowed_methods,
        reason = "the test is the browser and the client, not our server"
    )]
    pub(crate) fn at(provider: &Running) -> Self {
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            client,
            base: provider.url.clone(),
            cookies: HashMap::new(),
        }
    }

    fn address(&self, path: &str) -> Url {
        Url::parse(&self.base).unwrap().join(path).unwrap()
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Answer {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let answer = Answer::of(
            request
                .header(header::COOKIE, cookies.join("; "))
                .send()
                .await
                .unwrap(),
        )
        .await;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            self.cookies
                .insert(name.to_owned(), rest.split(';').next().unwrap().to_owned());
        }
        answer
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let request = self.client.get(self.address(path));
        self.send(request).await
    }

    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.client.post(self.address(path)).form(form);
        self.send(request).await
    }

    /// Opens the authorization endpoint with a good request, changed or extended by `changes`; an empty value removes one.
    pub(crate) async fn authorize(&mut self, service: &str, changes: &[(&str, &str)]) -> Answer {
        let mut params = vec![
            ("response_type", "code"),
            ("client_id", CLIENT_ID),
            ("redirect_uri", REDIRECT_URI),
            ("scope", "accounting.read offline_access"),
            ("state", "the state & more"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        params.retain(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
        params.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
        let mut address = self.address(&format!("/{service}/authorize"));
        address.query_pairs_mut().extend_pairs(params);
        let request = self.client.get(address);
        self.send(request).await
    }

    /// Signs in on the sign-in page, and follows to the consent page.
    pub(crate) async fn sign_in(&mut self, page: &Answer, user: &str) -> Answer {
        let done = self
            .post(
                &page.form_of("Sign in"),
                &[("user", user), ("password", "any")],
            )
            .await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        self.get(done.header("location")).await
    }

    /// Goes the whole way as `user` and returns the code.
    pub(crate) async fn code(&mut self, service: &str, user: &str) -> String {
        let mut page = self.authorize(service, &[]).await;
        if page.has_button("Sign in") {
            page = self.sign_in(&page, user).await;
        }
        let back = self
            .post(&page.form_of("Allow"), &[("decision", "allow")])
            .await;
        back.returned("code").unwrap()
    }

    /// Asks the token endpoint, authenticated the right way.
    pub(crate) async fn token(&self, service: &str, form: &[(&str, &str)]) -> Answer {
        self.call(
            &format!("/{service}/token"),
            &encoded(CLIENT_ID),
            &encoded(CLIENT_SECRET),
            form,
        )
        .await
    }

    /// Posts a form with Basic authentication, the two halves as they are given.
    pub(crate) async fn call(
        &self,
        path: &str,
        id: &str,
        secret: &str,
        form: &[(&str, &str)],
    ) -> Answer {
        let request = self
            .client
            .post(self.address(path))
            .basic_auth(id, Some(secret))
            .form(form);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Posts a form without an Authorization header.
    pub(crate) async fn call_openly(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        Answer::of(
            self.client
                .post(self.address(path))
                .form(form)
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    /// Exchanges a code with the right verifier and redirect.
    pub(crate) async fn redeem(&self, service: &str, code: &str) -> Answer {
        self.token(service, &code_form(code)).await
    }

    pub(crate) async fn refresh(&self, service: &str, token: &str) -> Answer {
        self.token(
            service,
            &[("grant_type", "refresh_token"), ("refresh_token", token)],
        )
        .await
    }

    pub(crate) async fn revoke(&self, service: &str, token: &str) -> Answer {
        let path = format!("/{service}/revoke");
        self.call(
            &path,
            &encoded(CLIENT_ID),
            &encoded(CLIENT_SECRET),
            &[("token", token)],
        )
        .await
    }

    /// Calls the API with an access token.
    pub(crate) async fn api(&self, path: &str, token: &str) -> Answer {
        let request = self.client.get(self.address(path)).bearer_auth(token);
        Answer::of(request.send().await.unwrap()).await
    }
}

pub(crate) fn code_form(code: &str) -> [(&str, &str); 4] {
    [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ]
}

/// Form-encodes one half of Basic credentials.
pub(crate) fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A text member of a JSON answer.
pub(crate) fn text(answer: &Answer, member: &str) -> String {
    answer.json()[member]
        .as_str()
        .unwrap_or_else(|| panic!("no {member} in {}", answer.text))
        .to_owned()
}
