//! The section `webhooks` of the settings.

use crate::limits::count;
use crate::outgoing::Network;
use serde::{Deserialize, Deserializer};

/// How messages to the workspace's servers are sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Webhooks {
    /// Networks that endpoints may be in although they are not public, such as `["10.0.0.0/8"]`. Default: none.
    pub allow_private_networks: Vec<Network>,
    /// How many seconds an endpoint may take to answer, 1 to 60. Default 15.
    #[serde(deserialize_with = "seconds")]
    pub timeout_seconds: u64,
}

impl Default for Webhooks {
    fn default() -> Self {
        Self {
            allow_private_networks: Vec::new(),
            timeout_seconds: 15,
        }
    }
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    match u64::try_from(count(deserializer)?) {
        Ok(seconds @ 1..=60) => Ok(seconds),
        _ => Err(serde::de::Error::custom(
            "expected a whole number from 1 to 60",
        )),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    fn load(name: &str, value: &str) -> Result<Config, String> {
        let variables = [(name.into(), value.into())];
        Config::load(None, variables).map_err(|error| error.to_string())
    }

    #[test]
    fn reads_networks_and_seconds_and_says_what_they_must_be() {
        let networks = "RAILHEAD_WEBHOOKS__ALLOW_PRIVATE_NETWORKS";
        let config = load(networks, "10.0.0.0/8, fd00::/8").unwrap();
        assert_eq!(config.webhooks.allow_private_networks.len(), 2);
        let refused = load(networks, "10.0.0.0").unwrap_err();
        assert!(
            refused.contains(networks) && refused.contains("10.0.0.0/8"),
            "{refused}"
        );
        let seconds = "RAILHEAD_WEBHOOKS__TIMEOUT_SECONDS";
        assert_eq!(load(seconds, "5").unwrap().webhooks.timeout_seconds, 5);
        for wrong in ["0", "61", "soon"] {
            let refused = load(seconds, wrong).unwrap_err();
            assert!(refused.contains("whole number"), "{refused}");
        }
    }
}
