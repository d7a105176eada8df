//! A service resolved for one authorization: every address known, every parameter filled in.

use crate::catalogue::{
    AccountSource, CallbackProof, CheckedFields, ClientAuth, OAuth, PkceMode, RedirectForm,
    RefreshRule, RefreshSemantics, Service, TemplateError, TextTemplate, TokenBody, UrlTemplate,
};
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::BTreeMap;
use url::Url;

/// What a workspace registered with a service.
#[derive(Clone, Debug)]
pub struct ClientCredentials {
    /// Public.
    pub client_id: String,
    /// Not public. Empty for public clients.
    pub client_secret: SecretString,
    /// What the service calls our callback's address, where it takes a name for it ([`RedirectForm::RegisteredName`]).
    pub redirect_name: Option<String>,
}

/// Everything about a service that one authorization, refresh or revocation needs.
#[derive(Clone, Debug)]
pub struct Provider {
    /// The service's key.
    pub service_name: String,
    /// The service's name for people.
    pub display_name: String,
    /// Who we are there.
    pub client: ClientCredentials,
    /// Where the end user consents.
    pub authorize_url: Url,
    /// Where tokens are had.
    pub token_url: Url,
    /// Where tokens are revoked.
    pub revoke_url: Option<Url>,
    /// What a callback's `iss` must say when it is sent.
    pub issuer: Option<String>,
    /// Is PKCE used?
    pub pkce: PkceMode,
    /// How the client proves itself.
    pub client_auth: ClientAuth,
    /// How token requests are written.
    pub token_body: TokenBody,
    /// The scopes asked for.
    pub scopes: Vec<String>,
    /// What stands between two scopes.
    pub scope_separator: String,
    /// Further parameters of the authorization request.
    pub authorize_params: BTreeMap<String, String>,
    /// Further parameters of the code exchange.
    pub token_params: BTreeMap<String, String>,
    /// What `redirect_uri` says instead of the callback's address; public.
    pub redirect_name: Option<String>,
    /// The callback parameter that carries the code.
    pub code_param: String,
    /// How the service signs the callback.
    pub callback_proof: CallbackProof,
    /// Callback parameters kept with the connection.
    pub callback_store: Vec<String>,
    /// Members of the token answer kept with the connection.
    pub token_store: Vec<String>,
    /// How access tokens are renewed.
    pub refresh: RefreshRule,
    /// How the account is found after consent.
    pub account: Option<AccountSource<Url>>,
}

/// Why a service cannot be authorized as asked.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The service is not authorized by OAuth 2.0.
    #[error("the service `{0}` is not authorized by OAuth 2.0")]
    NotOAuth(String),
    /// The client id is empty.
    #[error("the client of `{0}` has no id")]
    NoClientId(String),
    /// The service asks for a client secret.
    #[error("the client of `{0}` has no secret")]
    NoClientSecret(String),
    /// The service takes a registered name for the redirect address.
    #[error("the client of `{0}` has no redirect name")]
    NoRedirectName(String),
    /// An address or parameter cannot be made from the fields.
    #[error("`{key}` {source}")]
    Template {
        /// The key of the service's file.
        key: &'static str,
        /// Why not.
        source: TemplateError,
    },
    /// There is nowhere to authorize in the sandbox.
    #[error("no `sandbox.provider_url` is configured")]
    NoSandboxUrl,
    /// The sandbox provider's address cannot be built upon.
    #[error("the sandbox provider's address cannot have paths below it")]
    SandboxUrl,
}

/// The client that the demo provider knows. Its secret holds what HTTP Basic must encode first.
const SANDBOX_CLIENT: (&str, &str) = ("railhead-sandbox", "railhead-sandbox-secret+/:=");

impl Provider {
    /// The service itself, with the workspace's own client.
    pub fn production(
        service: &Service,
        client: &ClientCredentials,
        fields: &CheckedFields,
    ) -> Result<Self, ProviderError> {
        let oauth = oauth_of(service)?;
        if client.client_id.is_empty() {
            return Err(ProviderError::NoClientId(service.service_name.clone()));
        }
        let secret_missing = client.client_secret.expose_secret().is_empty();
        if secret_missing && oauth.client_auth != ClientAuth::None {
            return Err(ProviderError::NoClientSecret(service.service_name.clone()));
        }
        let redirect_name = match oauth.redirect {
            RedirectForm::Address => None,
            RedirectForm::RegisteredName => {
                let missing = || ProviderError::NoRedirectName(service.service_name.clone());
                Some(client.redirect_name.clone().ok_or_else(missing)?)
            }
        };
        let url = |key, template: &UrlTemplate| {
            template
                .expand(fields)
                .map_err(|source| ProviderError::Template { key, source })
        };
        let params = |key, templates: &BTreeMap<String, TextTemplate>| {
            let expand =
                |(name, value): (&String, _)| Ok((name.clone(), text(fields, key, value)?));
            templates
                .iter()
                .map(expand)
                .collect::<Result<BTreeMap<_, _>, ProviderError>>()
        };
        Ok(Self {
            service_name: service.service_name.clone(),
            display_name: service.display_name.clone(),
            client: client.clone(),
            authorize_url: url("oauth.authorize_url", &oauth.authorize_url)?,
            token_url: url("oauth.token_url", &oauth.token_url)?,
            revoke_url: oauth
                .revoke_url
                .as_ref()
                .map(|template| url("oauth.revoke_url", template))
                .transpose()?,
            issuer: oauth
                .issuer
                .as_ref()
                .map(|issuer| text(fields, "oauth.issuer", issuer))
                .transpose()?,
            pkce: oauth.pkce,
            client_auth: oauth.client_auth,
            token_body: oauth.token_body,
            scopes: oauth.scopes.clone(),
            scope_separator: oauth.scope_separator.clone(),
            authorize_params: params("oauth.authorize_params", &oauth.authorize_params)?,
            token_params: params("oauth.token_params", &oauth.token_params)?,
            redirect_name,
            code_param: oauth.code_param.clone(),
            callback_proof: oauth.callback_proof,
            callback_store: oauth.callback_store.clone(),
            token_store: oauth.token_store.clone(),
            refresh: oauth.refresh,
            account: match &oauth.account {
                Some(source) => Some(source.try_map(|template| url("account.url", template))?),
                None => None,
            },
        })
    }

    /// The demo provider in the service's place: it shows itself under the service's name, with the service's
    /// scopes, and ignores its fields.
    pub fn sandbox(service: &Service, provider_url: &Url) -> Result<Self, ProviderError> {
        let oauth = oauth_of(service)?;
        let below = |page: &[&str]| {
            let mut url = provider_url.clone();
            url.set_query(None);
            url.set_fragment(None);
            url.path_segments_mut()
                .map_err(|()| ProviderError::SandboxUrl)?
                .pop_if_empty()
                .push(&service.service_name)
                .extend(page);
            Ok::<Url, ProviderError>(url)
        };
        let (client_id, client_secret) = SANDBOX_CLIENT;
        Ok(Self {
            service_name: service.service_name.clone(),
            display_name: service.display_name.clone(),
            client: ClientCredentials {
                client_id: client_id.to_owned(),
                client_secret: client_secret.into(),
                redirect_name: None,
            },
            authorize_url: below(&["authorize"])?,
            token_url: below(&["token"])?,
            revoke_url: Some(below(&["revoke"])?),
            issuer: Some(below(&[])?.into()),
            pkce: PkceMode::S256,
            client_auth: ClientAuth::Basic,
            token_body: TokenBody::Form,
            scopes: oauth.scopes.clone(),
            scope_separator: " ".to_owned(),
            authorize_params: BTreeMap::new(),
            token_params: BTreeMap::new(),
            redirect_name: None,
            code_param: "code".to_owned(),
            callback_proof: CallbackProof::None,
            callback_store: oauth.callback_store.clone(),
            token_store: oauth.token_store.clone(),
            // The demo provider renews whatever it grants, also for services that don't.
            refresh: match oauth.refresh.semantics {
                RefreshSemantics::None => RefreshRule::default(),
                _ => oauth.refresh,
            },
            account: Some(AccountSource::Request {
                url: below(&["accounts"])?,
                list: "/accounts".to_owned(),
                id: "/id".to_owned(),
                name: Some("/name".to_owned()),
            }),
        })
    }

    /// What `redirect_uri` says, in the authorization request and again in the exchange: `address`, unless the service
    /// knows it by a name.
    #[must_use]
    pub fn redirect_uri<'a>(&'a self, address: &'a Url) -> &'a str {
        self.redirect_name.as_deref().unwrap_or(address.as_str())
    }
}

fn text(
    fields: &CheckedFields,
    key: &'static str,
    template: &TextTemplate,
) -> Result<String, ProviderError> {
    template
        .expand(fields)
        .map_err(|source| ProviderError::Template { key, source })
}

fn oauth_of(service: &Service) -> Result<&OAuth, ProviderError> {
    service
        .oauth()
        .ok_or_else(|| ProviderError::NotOAuth(service.service_name.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::parse_for_tests;

    const SHOP: &str = r#"
        service_name = "shop"
        display_name = "Shop"
        kind = "commerce"
        authorization = "oauth2_code"
        [oauth]
        authorize_url = "https://{shop}.shop.example/authorize?filter=a%20b"
        token_url = "https://{shop}.shop.example/token"
        issuer = "https://{shop}.shop.example"
        allowed_hosts = ["*.shop.example"]
        scopes = ["orders:read", "products:read"]
        scope_separator = ","
        authorize_params = { access_type = "offline", context = "stores/{shop}" }
        [account]
        from = "request"
        url = "https://{shop}.shop.example/accounts"
        id = "/id"
        [[fields]]
        name = "shop"
        label = "Shop"
        kind = "text"
        required = true
        pattern = "[a-z]+"
    "#;

    fn client(id: &str, secret: &str) -> ClientCredentials {
        ClientCredentials {
            client_id: id.to_owned(),
            client_secret: secret.into(),
            redirect_name: None,
        }
    }

    fn harbor(service: &Service) -> CheckedFields {
        service
            .check_fields(&[("shop".to_owned(), "harbor".to_owned())].into())
            .unwrap()
    }

    #[test]
    fn fills_the_fields_into_every_address_and_parameter() {
        let service = parse_for_tests(SHOP);
        let provider =
            Provider::production(&service, &client("id", "s"), &harbor(&service)).unwrap();
        let authorize_url = "https://harbor.shop.example/authorize?filter=a%20b";
        assert_eq!(provider.authorize_url.as_str(), authorize_url);
        assert_eq!(
            provider.token_url.as_str(),
            "https://harbor.shop.example/token"
        );
        assert_eq!(
            provider.issuer.as_deref(),
            Some("https://harbor.shop.example")
        );
        assert_eq!(provider.authorize_params["context"], "stores/harbor");
        let Some(AccountSource::Request { url, .. }) = provider.account else {
            panic!()
        };
        assert_eq!(url.as_str(), "https://harbor.shop.example/accounts");
    }

    #[test]
    fn the_sandbox_leads_to_the_demo_provider_under_the_services_name() {
        let service = parse_for_tests(SHOP);
        for base in ["http://localhost:4401", "http://localhost:4401/"] {
            let provider = Provider::sandbox(&service, &Url::parse(base).unwrap()).unwrap();
            assert_eq!(
                provider.token_url.as_str(),
                "http://localhost:4401/shop/token"
            );
            assert_eq!(
                provider.issuer.as_deref(),
                Some("http://localhost:4401/shop")
            );
            assert_eq!(provider.scope_separator, " ");
        }
    }

    #[test]
    fn a_service_cannot_be_authorized_without_client_or_fields() {
        let service = parse_for_tests(SHOP);
        let fields = harbor(&service);
        let refusal = |client, fields| {
            Provider::production(&service, &client, fields)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            refusal(client("", "s"), &fields),
            "the client of `shop` has no id"
        );
        assert_eq!(
            refusal(client("i", ""), &fields),
            "the client of `shop` has no secret"
        );
        assert_eq!(
            refusal(client("i", "s"), &CheckedFields::default()),
            "`oauth.authorize_url` needs a value for the field `shop`"
        );
    }

    #[test]
    fn a_service_that_takes_a_name_for_the_redirect_address_gets_it() {
        let named = SHOP.replace("scopes =", "redirect = \"registered_name\"\nscopes =");
        let (named, plain) = (parse_for_tests(&named), parse_for_tests(SHOP));
        let mut client = client("id", "s");
        let refusal = Provider::production(&named, &client, &harbor(&named)).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "the client of `shop` has no redirect name"
        );
        client.redirect_name = Some("Northwind-PRD-1".to_owned());
        let address = Url::parse("https://connect.example/v1/callback/w/shop").unwrap();
        let said = |service: &Service| {
            let provider = Provider::production(service, &client, &harbor(service)).unwrap();
            provider.redirect_uri(&address).to_owned()
        };
        assert_eq!(said(&named), "Northwind-PRD-1");
        assert_eq!(said(&plain), address.as_str());
    }

    #[test]
    fn debug_hides_the_client_secret() {
        let service = parse_for_tests(SHOP);
        let provider =
            Provider::production(&service, &client("id", "hush-hush"), &harbor(&service)).unwrap();
        assert!(!format!("{provider:?}").contains("hush-hush"));
    }
}
