//! The end customer whose accounts are connected.

use super::id::BusinessId;
use super::tenant::Tenant;
use super::timestamp;
use crate::entropy::Entropy;
use railhead_protocol::{BusinessName, BusinessNameError, BusinessStatus};
use time::{Duration, OffsetDateTime};
use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::GeneralCategory::{Format, LineSeparator, ParagraphSeparator};
use unicode_properties::GeneralCategoryGroup::Mark;
use unicode_properties::UnicodeGeneralCategory as _;

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
    /// Where it stood when that was last written down; see [`Business::at`].
    pub status: BusinessStatus,
    /// When the last of its active connections expires; `None` when it has none.
    pub connected_until: Option<OffsetDateTime>,
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
            connected_until: None,
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

    /// The business as it is at `now`: one whose last connection has expired is inactive.
    #[must_use]
    pub fn at(self, now: OffsetDateTime) -> Self {
        if self.connected_until.is_some_and(|until| now < until) {
            self
        } else {
            self.deactivate()
        }
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

/// The name that somebody gave a business, in the one form it is stored and compared in (Unicode NFC). Besides what
/// [`BusinessName`] refuses, it must not hold characters that show as nothing or turn the text around them; the two
/// joiners that some scripts spell words with may stand between letters.
pub fn given_name(text: &str) -> Result<BusinessName, BusinessNameError> {
    let name: String = text.trim().nfc().collect();
    let characters: Vec<char> = name.chars().collect();
    let is_letter = |at: Option<usize>| {
        let neighbour = at.and_then(|at| characters.get(at));
        neighbour.is_some_and(|c| c.is_alphabetic() || c.general_category_group() == Mark)
    };
    for (at, &character) in characters.iter().enumerate() {
        let joins = matches!(character, '\u{200c}' | '\u{200d}')
            && is_letter(at.checked_sub(1))
            && is_letter(Some(at + 1));
        let hidden = matches!(
            character.general_category(),
            Format | LineSeparator | ParagraphSeparator
        );
        if hidden && !joins {
            return Err(BusinessNameError::Character(character));
        }
    }
    BusinessName::parse(&name)
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
    use super::{Business, generated_name, given_name};
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
    fn one_name_is_one_text_and_shows_all_of_itself() {
        let same = given_name(" Cafe\u{301} ").unwrap();
        assert_eq!(same, given_name("Caf\u{e9}").unwrap());
        for good in [
            "Harbor Coffee",
            "\u{645}\u{6cc}\u{200c}\u{62e}",
            "\u{915}\u{94d}\u{200d}\u{937}",
        ] {
            assert!(given_name(good).is_ok(), "{good:?}");
        }
        for bad in [
            "\u{200b}\u{200b}",
            "a\u{202e}b",
            "a\u{2028}b",
            "a\u{feff}b",
            "ab\u{200d}",
            "a\u{ad}b",
        ] {
            let refused = given_name(bad).unwrap_err().to_string();
            assert!(refused.contains("U+"), "{refused}");
        }
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
