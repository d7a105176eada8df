//! Grants, and the codes and tokens that stand for them. Every secret is known by its fingerprint only.

use crate::{
    entropy::Fingerprint,
    persona::Persona,
    pkce::Challenge,
    records::{GrantRecord, GrantStatus, Records, ServiceRecord},
    request::AuthorizationRequest,
    scope::Scope,
    service::Service,
};
use std::{
    collections::{BTreeMap, HashMap},
    time::SystemTime,
};

/// Position of a grant among all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GrantId(usize);

/// What one person allowed at one service.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    /// The service it is for.
    pub(crate) service: Service,
    /// Who gave it.
    pub(crate) user: String,
    /// What it covers.
    pub(crate) scope: Scope,
    status: GrantStatus,
    code_requests: u64,
    refresh_requests: u64,
}

/// Why a token request gets no tokens. The texts travel as `error_description`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GrantError {
    #[error("the code or refresh token is not known here")]
    Unknown,
    #[error("the code or refresh token has expired")]
    Expired,
    #[error("it was used before; the whole grant is revoked now")]
    Reused,
    #[error("the grant is not good any more")]
    Revoked,
    #[error("redirect_uri differs from the authorization request")]
    OtherRedirect,
    #[error("code_verifier does not fit the code_challenge")]
    WrongVerifier,
    #[error("the scope goes beyond what was granted")]
    WiderScope,
}

struct Code {
    grant: GrantId,
    redirect_uri: String,
    challenge: Challenge,
    expires: SystemTime,
    use_: Use,
}

struct RefreshToken {
    grant: GrantId,
    /// When it ends if nobody uses it.
    expires: Option<SystemTime>,
    use_: Use,
}

/// Codes and refresh tokens work once; a second use means that somebody else has a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Never,
    Once,
}

struct AccessToken {
    grant: GrantId,
    scope: Scope,
    expires: SystemTime,
}

/// Fingerprints of a freshly minted pair of tokens.
#[derive(Clone, Copy)]
pub(crate) struct TokenPair {
    /// Of the access token.
    pub(crate) access: Fingerprint,
    /// Of the refresh token.
    pub(crate) refresh: Fingerprint,
    /// When the access token stops working.
    pub(crate) expires: SystemTime,
    /// When the refresh token stops working if it isn't used.
    pub(crate) refresh_expires: Option<SystemTime>,
}

/// All grants of all services.
#[derive(Default)]
pub(crate) struct Grants {
    given: Vec<Grant>,
    codes: HashMap<Fingerprint, Code>,
    refresh_tokens: HashMap<Fingerprint, RefreshToken>,
    access_tokens: HashMap<Fingerprint, AccessToken>,
    services: BTreeMap<String, ServiceRecord>,
}

impl Grants {
    /// The counters of a service.
    pub(crate) fn record(&mut self, service: &Service) -> &mut ServiceRecord {
        self.services.entry(service.to_string()).or_default()
    }

    /// Writes down that `user` allowed `request`; `code` is what the client gets for it.
    pub(crate) fn allow(
        &mut self,
        service: Service,
        user: String,
        request: &AuthorizationRequest,
        code: Fingerprint,
        expires: SystemTime,
    ) {
        let grant = GrantId(self.given.len());
        self.given.push(Grant {
            service,
            user,
            scope: request.scope.clone(),
            status: GrantStatus::Active,
            code_requests: 0,
            refresh_requests: 0,
        });
        let redirect_uri = request.way_back.redirect_uri.clone();
        let challenge = request.challenge.clone();
        self.codes.insert(
            code,
            Code {
                grant,
                redirect_uri,
                challenge,
                expires,
                use_: Use::Never,
            },
        );
    }

    /// Takes a code. Whatever is wrong with the rest of the request, the code is used up.
    pub(crate) fn redeem(
        &mut self,
        service: &Service,
        code: Fingerprint,
        redirect_uri: &str,
        verifier: &str,
        now: SystemTime,
    ) -> Result<GrantId, GrantError> {
        let code = self.codes.get_mut(&code).ok_or(GrantError::Unknown)?;
        let id = code.grant;
        let grant = &mut self.given[id.0];
        if grant.service != *service {
            return Err(GrantError::Unknown);
        }
        grant.code_requests += 1;
        if code.use_ == Use::Once {
            grant.status = GrantStatus::Revoked;
            return Err(GrantError::Reused);
        }
        code.use_ = Use::Once;
        if now >= code.expires {
            Err(GrantError::Expired)
        } else if code.redirect_uri != redirect_uri {
            Err(GrantError::OtherRedirect)
        } else if !code.challenge.is_met_by(verifier) {
            Err(GrantError::WrongVerifier)
        } else {
            Ok(id)
        }
    }

    /// Takes a refresh token; `narrower` is the scope the client asked for, if it did.
    pub(crate) fn refresh(
        &mut self,
        service: &Service,
        token: Fingerprint,
        narrower: Option<&Scope>,
        now: SystemTime,
    ) -> Result<GrantId, GrantError> {
        let token = self
            .refresh_tokens
            .get_mut(&token)
            .ok_or(GrantError::Unknown)?;
        let id = token.grant;
        let grant = &mut self.given[id.0];
        if grant.service != *service {
            return Err(GrantError::Unknown);
        }
        grant.refresh_requests += 1;
        if Persona::of(&grant.user).withdraws_before_refresh() {
            grant.status = GrantStatus::Revoked;
        }
        if grant.status == GrantStatus::Revoked {
            return Err(GrantError::Revoked);
        }
        if token.use_ == Use::Once {
            grant.status = GrantStatus::Revoked;
            return Err(GrantError::Reused);
        }
        if token.expires.is_some_and(|expires| now >= expires) {
            return Err(GrantError::Expired);
        }
        if narrower.is_some_and(|scope| !grant.scope.covers(scope)) {
            return Err(GrantError::WiderScope);
        }
        token.use_ = Use::Once;
        Ok(id)
    }

    /// Makes a pair of tokens stand for a grant. `scope` narrows the access token only.
    pub(crate) fn issue(
        &mut self,
        id: GrantId,
        pair: TokenPair,
        scope: Option<Scope>,
        now: SystemTime,
    ) -> Grant {
        // Grants are never removed, so an id always has one.
        let grant = self.given[id.0].clone();
        let scope = scope.unwrap_or_else(|| grant.scope.clone());
        self.access_tokens.retain(|_, token| token.expires > now);
        self.access_tokens.insert(
            pair.access,
            AccessToken {
                grant: id,
                scope: scope.clone(),
                expires: pair.expires,
            },
        );
        self.refresh_tokens.insert(
            pair.refresh,
            RefreshToken {
                grant: id,
                expires: pair.refresh_expires,
                use_: Use::Never,
            },
        );
        Grant { scope, ..grant }
    }

    /// The grant a working access token stands for, with the token's own scope, and its name in the records.
    pub(crate) fn of_access_token(
        &self,
        service: &Service,
        token: Fingerprint,
        now: SystemTime,
    ) -> Option<(String, Grant)> {
        let token = self
            .access_tokens
            .get(&token)
            .filter(|token| token.expires > now)?;
        let grant = &self.given[token.grant.0];
        let works = grant.service == *service && grant.status == GrantStatus::Active;
        works.then(|| {
            (
                token.grant.name(),
                Grant {
                    scope: token.scope.clone(),
                    ..grant.clone()
                },
            )
        })
    }

    /// Revokes what a token stands for: a refresh token takes the whole grant with it, an access token only itself.
    /// A token of another service, or of nobody, is left alone.
    pub(crate) fn revoke(&mut self, service: &Service, token: Fingerprint) {
        let is_ours = |grant: GrantId| self.given[grant.0].service == *service;
        if let Some(refresh) = self
            .refresh_tokens
            .get(&token)
            .filter(|token| is_ours(token.grant))
        {
            self.given[refresh.grant.0].status = GrantStatus::Revoked;
        } else if self
            .access_tokens
            .get(&token)
            .is_some_and(|token| is_ours(token.grant))
        {
            self.access_tokens.remove(&token);
        }
    }

    /// Everything counted so far.
    pub(crate) fn records(&self) -> Records {
        let grants = self
            .given
            .iter()
            .enumerate()
            .map(|(position, grant)| GrantRecord {
                grant: GrantId(position).name(),
                service: grant.service.to_string(),
                user: grant.user.clone(),
                status: grant.status,
                code_requests: grant.code_requests,
                refresh_requests: grant.refresh_requests,
                token_requests: grant.code_requests + grant.refresh_requests,
            });
        Records {
            token_requests: self
                .services
                .values()
                .map(|record| record.token_requests)
                .sum(),
            services: self.services.clone(),
            grants: grants.collect(),
        }
    }
}

impl GrantId {
    fn name(self) -> String {
        format!("grant_{}", self.0 + 1)
    }
}
