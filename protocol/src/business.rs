//! The end customer whose accounts are connected.

use crate::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a business stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(example = "active"))]
#[serde(rename_all = "snake_case")]
pub enum BusinessStatus {
    /// Created, never connected. Removed within 24 hours if it stays so.
    New,
    /// Has at least one active connection.
    Active,
    /// Had connections; none is active now.
    Inactive,
}

/// A business as the Management API and the session answer show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Business {
    /// Unique in its workspace and environment.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::BusinessName))]
    pub business_name: String,
    /// `biz_…`
    #[cfg_attr(feature = "openapi", schema(example = "biz_3nJ7yP1wL9"))]
    pub business_uuid: String,
    /// Where it stands.
    pub status: BusinessStatus,
    /// When it was created.
    #[cfg_attr(feature = "openapi", schema(value_type = crate::openapi::Time))]
    pub created_at: Timestamp,
}

/// `POST /v1/businesses`: creates; with `businessUuid` it renames that business.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BusinessRequest {
    /// The new name; generated when absent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<crate::BusinessName>))]
    pub business_name: Option<String>,
    /// The business to rename.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(example = "biz_3nJ7yP1wL9"))]
    pub business_uuid: Option<String>,
}

/// A name that keeps the rules: 2 to 40 characters, none of `% [ ] \ * | ( ) { } "`, no control characters,
/// no white space at either end.
///
/// # Examples
/// ```
/// use railhead_protocol::BusinessName;
/// assert!(BusinessName::parse("Harbor Coffee Ltd").is_ok());
/// assert!(BusinessName::parse("Harbor (Coffee)").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BusinessName(String);

/// Which rule a business name breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BusinessNameError {
    /// Shorter than 2 or longer than 40 characters.
    Length,
    /// Contains this character.
    Character(char),
}

impl BusinessName {
    /// The fewest characters a name has.
    pub const MIN_CHARS: usize = 2;
    /// The most characters a name has.
    pub const MAX_CHARS: usize = 40;
    /// The characters a name must not contain.
    pub const FORBIDDEN: &'static str = "%[]\\*|(){}\"";

    /// Checks `name`, after removing white space at its ends.
    pub fn parse(name: &str) -> Result<Self, BusinessNameError> {
        let name = name.trim();
        let refused = |c: &char| Self::FORBIDDEN.contains(*c) || c.is_control();
        if let Some(character) = name.chars().find(refused) {
            return Err(BusinessNameError::Character(character));
        }
        if !(Self::MIN_CHARS..=Self::MAX_CHARS).contains(&name.chars().count()) {
            return Err(BusinessNameError::Length);
        }
        Ok(Self(name.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for BusinessNameError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Length => f.write_str("A business name has 2 to 40 characters."),
            Self::Character(c) if c.is_control() => {
                f.write_str("A business name has no control characters.")
            }
            Self::Character(c) if c.is_ascii() => {
                write!(f, "A business name must not contain {c}")
            }
            // It may show as nothing, or turn the sentence around.
            Self::Character(c) => {
                write!(
                    f,
                    "A business name must not contain the character U+{:04X}",
                    u32::from(*c)
                )
            }
        }
    }
}

impl std::error::Error for BusinessNameError {}

#[cfg(test)]
mod tests {
    use super::{BusinessName, BusinessNameError};

    #[test]
    fn keeps_the_length_rule_in_characters_not_bytes() {
        assert_eq!(BusinessName::parse(" é "), Err(BusinessNameError::Length));
        assert!(BusinessName::parse("éé").is_ok());
        assert!(BusinessName::parse(&"é".repeat(40)).is_ok());
        assert_eq!(
            BusinessName::parse(&"e".repeat(41)),
            Err(BusinessNameError::Length)
        );
    }

    #[test]
    fn names_the_forbidden_character() {
        for c in BusinessName::FORBIDDEN.chars() {
            let name = format!("Harbor {c}offee");
            assert_eq!(
                BusinessName::parse(&name),
                Err(BusinessNameError::Character(c))
            );
        }
        assert_eq!(
            BusinessName::parse("a\nb"),
            Err(BusinessNameError::Character('\n'))
        );
    }
}
