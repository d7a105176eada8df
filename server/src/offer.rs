//! Which services are offered to a tenant, and why the others aren't.

use crate::catalogue::{CheckedFields, ClientAuth, Method, RedirectForm, Service};
use crate::clients::OwnClients;
use crate::config::Config;
use crate::oauth::{ClientCredentials, Provider, ProviderError};
use railhead_protocol::Environment;
use secrecy::ExposeSecret as _;
use std::sync::Arc;

/// Why a service is not offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotOffered {
    /// Its way of authorizing is not there yet.
    #[error("this version cannot authorize it yet")]
    NotSupported,
    /// It is the built-in service for trying out.
    #[error("it exists in the sandbox environment only")]
    SandboxOnly,
    /// There is nowhere to authorize it in the sandbox.
    #[error("no `sandbox.provider_url` is configured")]
    NoSandboxProvider,
    /// The workspace has no client there.
    #[error(
        "no client is configured: set `clients.<service>.client_id` and `client_secret`, or PUT /v1/services/<service>/client"
    )]
    NoClient,
    /// The client lacks its secret.
    #[error("its client has no secret: set `clients.<service>.client_secret`")]
    NoClientSecret,
    /// The client lacks the name of its redirect address.
    #[error(
        "its client has no redirect name: set `clients.<service>.redirect_name` to the name that the service gave the callback's address"
    )]
    NoRedirectName,
}

/// What can be offered to one tenant, by the server's settings and the tenant's own clients, which come first.
#[derive(Clone, Debug)]
pub struct Offer<'c> {
    config: &'c Config,
    environment: Environment,
    own: Arc<OwnClients>,
}

impl<'c> Offer<'c> {
    /// To a tenant in `environment` with clients of its `own`.
    #[must_use]
    pub fn new(config: &'c Config, environment: Environment, own: Arc<OwnClients>) -> Self {
        Self {
            config,
            environment,
            own,
        }
    }

    /// The client known at a service.
    #[must_use]
    pub fn client(&self, service_name: &str) -> Option<ClientCredentials> {
        let configured = || {
            let client = self.config.clients.get(service_name)?;
            Some(ClientCredentials {
                client_id: client.client_id.clone(),
                client_secret: client.client_secret.clone(),
                redirect_name: client.redirect_name.clone(),
            })
        };
        self.own.get(service_name).cloned().or_else(configured)
    }

    /// Is `service` offered?
    pub fn check(&self, service: &Service) -> Result<(), NotOffered> {
        match (&service.method, self.environment) {
            (Method::Later(_), _) => Err(NotOffered::NotSupported),
            (Method::Sandbox, Environment::Sandbox) => Ok(()),
            (Method::Sandbox, Environment::Production) => Err(NotOffered::SandboxOnly),
            (Method::OAuth2Code(_), Environment::Sandbox) => {
                let url = self.config.sandbox.provider_url.as_ref();
                url.map(|_| ()).ok_or(NotOffered::NoSandboxProvider)
            }
            (Method::OAuth2Code(oauth), Environment::Production) => {
                let client = self.client(&service.service_name);
                let client = client.ok_or(NotOffered::NoClient)?;
                let public = oauth.client_auth == ClientAuth::None;
                if client.client_id.is_empty() {
                    Err(NotOffered::NoClient)
                } else if client.client_secret.expose_secret().is_empty() && !public {
                    Err(NotOffered::NoClientSecret)
                } else if oauth.redirect == RedirectForm::RegisteredName
                    && client.redirect_name.is_none()
                {
                    Err(NotOffered::NoRedirectName)
                } else {
                    Ok(())
                }
            }
        }
    }

    /// The provider of an OAuth service that is offered.
    pub fn provider(
        &self,
        service: &Service,
        fields: &CheckedFields,
    ) -> Result<Provider, ProviderError> {
        match self.environment {
            Environment::Sandbox => match &self.config.sandbox.provider_url {
                Some(url) => Provider::sandbox(service, url),
                None => Err(ProviderError::NoSandboxUrl),
            },
            Environment::Production => {
                let client = self.client(&service.service_name);
                let client = client
                    .ok_or_else(|| ProviderError::NoClientId(service.service_name.clone()))?;
                Provider::production(service, &client, fields)
            }
        }
    }
}
