//! Which services a widget offers, and why it doesn't offer the others.

use crate::catalogue::{CheckedFields, ClientAuth, Method, Service, Snapshot};
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
    #[error("no client is configured: set `clients.<service>.client_id` and `client_secret`")]
    NoClient,
    /// The client lacks its secret.
    #[error("its client has no secret: set `clients.<service>.client_secret`")]
    NoClientSecret,
}

/// Is `service` offered in `environment`?
pub fn check(
    config: &Config,
    environment: Environment,
    service: &Service,
) -> Result<(), NotOffered> {
    match (&service.method, environment) {
        (Method::Later(_), _) => Err(NotOffered::NotSupported),
        (Method::Sandbox, Environment::Sandbox) => Ok(()),
        (Method::Sandbox, Environment::Production) => Err(NotOffered::SandboxOnly),
        (Method::OAuth2Code(_), Environment::Sandbox) => config
            .sandbox
            .provider_url
            .as_ref()
            .map(|_| ())
            .ok_or(NotOffered::NoSandboxProvider),
        (Method::OAuth2Code(oauth), Environment::Production) => {
            let client = config
                .clients
                .get(&service.service_name)
                .ok_or(NotOffered::NoClient)?;
            let public = oauth.client_auth == ClientAuth::None;
            if client.client_id.is_empty() {
                Err(NotOffered::NoClient)
            } else if client.client_secret.expose_secret().is_empty() && !public {
                Err(NotOffered::NoClientSecret)
            } else {
                Ok(())
            }
        }
    }
}

/// The services offered in `environment`, most used first.
#[must_use]
pub fn services(
    config: &Config,
    environment: Environment,
    catalogue: &Snapshot,
) -> Vec<Arc<Service>> {
    let offered = |service: &&Arc<Service>| check(config, environment, service).is_ok();
    catalogue.iter().filter(offered).cloned().collect()
}

/// The provider of an OAuth service that is offered in `environment`.
pub fn provider(
    config: &Config,
    environment: Environment,
    service: &Service,
    fields: &CheckedFields,
) -> Result<Provider, ProviderError> {
    match environment {
        Environment::Sandbox => match &config.sandbox.provider_url {
            Some(url) => Provider::sandbox(service, url),
            None => Err(ProviderError::NoSandboxUrl),
        },
        Environment::Production => {
            let configured = config.clients.get(&service.service_name);
            let client = configured
                .ok_or_else(|| ProviderError::NoClientId(service.service_name.clone()))?;
            let credentials = ClientCredentials {
                client_id: client.client_id.clone(),
                client_secret: client.client_secret.clone(),
            };
            Provider::production(service, &credentials, fields)
        }
    }
}
