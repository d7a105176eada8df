//! The end customer whose accounts are connected.

use super::id::BusinessId;
use super::tenant::Tenant;
use super::timestamp;
use crate::entropy::Entropy;
use railhead_protocol::{BusinessName, BusinessNameError, BusinessStatus};
use time::{Duration, OffsetDateTime};

/// How long a business that never connected anything is kept.
pub const ORPHAN_AFTER: Duration = Duration::hours(24);

/// A business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Business {
    /// Its id.
    pub id: BusinessId,
    /// Whose customer it is.
    pub tenant: Tenant,
    /// Its name, unique for the tenant.
    pub name: BusinessName,
    /// Where it stands.
    pub status: BusinessStatus,
    /// When it was created.
    pub created_at: OffsetDateTime,
}

impl Business {
    /// A business that has not connected anything yet.
    #[must_use]
    pub fn create(id: BusinessId, tenant: Tenant, name: BusinessName, now: OffsetDateTime) -> Self {
        Self {
            id,
            tenant,
            name,
            status: BusinessStatus::New,
            created_at: now,
        }
    }

    /// It has an active connection now.
    #[must_use]
    pub fn activate(self) -> Self {
        Self {
            status: BusinessStatus::Active,
            ..self
        }
    }

    /// Its last active connection ended. One that never had any stays new.
    #[must_use]
    pub fn deactivate(self) -> Self {
        let status = match self.status {
            BusinessStatus::New => BusinessStatus::New,
            BusinessStatus::Active | BusinessStatus::Inactive => BusinessStatus::Inactive,
        };
        Self { status, ..self }
    }

    /// As it travels.
    #[must_use]
    pub fn wire(&self) -> railhead_protocol::Business {
        railhead_protocol::Business {
            business_name: self.name.as_str().to_owned(),
            business_uuid: self.id.to_string(),
            status: self.status,
            created_at: timestamp(self.created_at),
        }
    }
}

/// A name for a business that was given none: "Business" and eight characters that are easy to read aloud.
pub fn generated_name(entropy: &dyn Entropy) -> Result<BusinessName, BusinessNameError> {
    const READABLE: &[u8; 32] = b"ABCDEFGHJKMNPQRSTVWXYZ0123456789";
    let mut bytes = [0_u8; 8];
    entropy.fill(&mut bytes);
    let suffix: String = bytes
        .iter()
        .map(|byte| char::from(READABLE[usize::from(byte % 32)]))
        .collect();
    BusinessName::parse(&format!("Business {suffix}"))
}

#[cfg(test)]
mod tests {
    use super::{Business, generated_name};
    use crate::domain::tenant::Tenant;
    use crate::entropy::SystemEntropy;
    use railhead_protocol::{BusinessName, BusinessStatus, Environment};
    use time::OffsetDateTime;

    #[test]
    fn generates_names_that_keep_the_rules_and_differ() {
        let names: Vec<_> = (0..50)
            .map(|_| generated_name(&SystemEntropy).unwrap())
            .collect();
        assert!(
            names
                .iter()
                .enumerate()
                .all(|(i, name)| !names[..i].contains(name))
        );
    }

    #[test]
    fn becomes_inactive_only_after_having_been_active() {
        let tenant = Tenant {
            workspace: "wsp_1".into(),
            environment: Environment::Sandbox,
        };
        let name = BusinessName::parse("Harbor Coffee").unwrap();
        let new = Business::create("biz_1".into(), tenant, name, OffsetDateTime::UNIX_EPOCH);
        assert_eq!(new.clone().deactivate().status, BusinessStatus::New);
        assert_eq!(new.clone().activate().status, BusinessStatus::Active);
        assert_eq!(new.activate().deactivate().status, BusinessStatus::Inactive);
    }
}
