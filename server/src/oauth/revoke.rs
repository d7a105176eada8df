//! Gives tokens back (RFC 7009).

use super::client;
use super::http::Http;
use super::provider::Provider;
use super::token::{TokenError, judge};
use secrecy::{ExposeSecret as _, SecretString};

/// Which kind of token is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// With most services this ends the access tokens as well.
    Refresh,
    /// For connections that have no refresh token.
    Access,
}

/// What became of a token that was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// It is worth nothing any more.
    Revoked,
    /// The service has no way to give tokens back.
    NotSupported,
}

/// Gives `token` back. That the service doesn't know it (any more) counts as done.
pub async fn revoke(
    http: &Http,
    provider: &Provider,
    token: &SecretString,
    kind: TokenKind,
) -> Result<Revocation, TokenError> {
    let Some(url) = &provider.revoke_url else {
        return Ok(Revocation::NotSupported);
    };
    let hint = match kind {
        TokenKind::Refresh => "refresh_token",
        TokenKind::Access => "access_token",
    };
    let params = vec![("token", token.expose_secret()), ("token_type_hint", hint)];
    let answer = client::post(http, provider, url, params).await?;
    match judge(&answer) {
        Ok(_) | Err(TokenError::Denied { .. }) => Ok(Revocation::Revoked),
        Err(TokenError::Refused {
            code: "unsupported_token_type",
            ..
        }) => Ok(Revocation::NotSupported),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::testing::{http, provider, serve};
    use axum::Router;
    use axum::http::StatusCode;
    use axum::routing::post;

    async fn revoked(status: u16, body: &'static str) -> Result<Revocation, TokenError> {
        let status = StatusCode::from_u16(status).unwrap();
        let give_back = async move |request: String| {
            if request == "token=RT&token_type_hint=refresh_token" {
                (status, body)
            } else {
                (StatusCode::BAD_REQUEST, "")
            }
        };
        let base = serve(Router::new().route("/revoke", post(give_back))).await;
        revoke(
            &http(),
            &provider(base.as_str()),
            &"RT".into(),
            TokenKind::Refresh,
        )
        .await
    }

    #[tokio::test]
    async fn gives_a_token_back() {
        assert_eq!(revoked(200, "").await, Ok(Revocation::Revoked));
        assert_eq!(revoked(200, "{}").await, Ok(Revocation::Revoked));
        let unknown = revoked(400, r#"{"error":"invalid_token"}"#).await;
        assert_eq!(
            unknown,
            Ok(Revocation::Revoked),
            "the service has forgotten it already"
        );
    }

    #[tokio::test]
    async fn tells_when_it_cannot() {
        let unsupported = revoked(400, r#"{"error":"unsupported_token_type"}"#).await;
        assert_eq!(unsupported, Ok(Revocation::NotSupported));
        assert!(revoked(503, "").await.unwrap_err().is_temporary());
        let refused = revoked(401, r#"{"error":"invalid_client"}"#).await;
        assert_eq!(
            refused,
            Err(TokenError::InvalidClient {
                code: "invalid_client"
            })
        );
        let mut provider = provider("https://service.example");
        provider.revoke_url = None;
        let outcome = revoke(&http(), &provider, &"RT".into(), TokenKind::Access).await;
        assert_eq!(outcome, Ok(Revocation::NotSupported));
    }
}
