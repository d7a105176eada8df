//! What an operator has to act upon, said once an hour instead of at every request that meets it.

use crate::domain::id::WorkspaceId;
use crate::domain::tenant::{Tenant, environment_name};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use time::{Duration, OffsetDateTime};

/// How long the same is not said again.
const QUIET: Duration = Duration::hours(1);

/// When which tenant's client was last reported, by service.
#[derive(Debug, Default)]
pub struct Alerts(Mutex<HashMap<(WorkspaceId, &'static str, String), OffsetDateTime>>);

impl Alerts {
    /// Is it time to say so at `now`? Counts as said if it is.
    fn is_time(&self, tenant: &Tenant, service_name: &str, now: OffsetDateTime) -> bool {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        said.retain(|_, at| (now - *at).abs() < QUIET);
        let environment = environment_name(tenant.environment);
        let key = (
            tenant.workspace.clone(),
            environment,
            service_name.to_owned(),
        );
        let first = !said.contains_key(&key);
        if first {
            said.insert(key, now);
        }
        first
    }

    /// A service refuses the client, not a customer's grant: every connection to it waits for the operator.
    pub fn client_refused(
        &self,
        tenant: &Tenant,
        service_name: &str,
        code: &'static str,
        now: OffsetDateTime,
    ) {
        if self.is_time(tenant, service_name, now) {
            let workspace = tenant.workspace.as_str();
            let environment = environment_name(tenant.environment);
            tracing::error!(
                service = service_name,
                workspace,
                environment,
                code,
                "the service refuses the client: its connections are kept, but get no fresh tokens until the client's \
                 id and secret are put right"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Alerts;
    use crate::domain::tenant::Tenant;
    use railhead_protocol::Environment;
    use time::{Duration, OffsetDateTime};

    #[test]
    fn says_the_same_once_an_hour() {
        let tenant = Tenant {
            workspace: "wsp_1".into(),
            environment: Environment::Production,
        };
        let alerts = Alerts::default();
        let start = OffsetDateTime::UNIX_EPOCH;
        assert!(alerts.is_time(&tenant, "xero", start));
        assert!(!alerts.is_time(&tenant, "xero", start + Duration::minutes(59)));
        assert!(alerts.is_time(&tenant, "wave", start + Duration::minutes(59)));
        assert!(alerts.is_time(&tenant, "xero", start + Duration::minutes(60)));
    }
}
