//! What the widget tells the host page.

use crate::{Account, ErrorCode};
use serde::{Deserialize, Serialize};

/// Why the widget was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ExitReason {
    /// The end user finished.
    Done,
    /// The end user, or the host page, closed it.
    Closed,
    /// The browser goes on to the success page.
    Redirected,
}

/// An event of the widget. `detail` never holds a credential. Host `metadata` is added by the border to the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(
    tag = "type",
    content = "detail",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Event {
    /// The session has answered; the widget is usable.
    Load {
        /// The widget.
        widget_id: String,
    },
    /// The widget became visible.
    Open {},
    /// The end user picked a service.
    Select {
        /// Which one.
        service_name: String,
    },
    /// The end user went on to the service's own site.
    Authorization {
        /// `ath_…`
        authorization_id: String,
        /// The service.
        service_name: String,
    },
    /// A connection was made or renewed.
    Connect {
        /// `con_…`
        connection_id: String,
        /// The service.
        service_name: String,
        /// Whose it is.
        business_name: String,
        /// Whose it is, `biz_…`
        business_uuid: String,
        /// What was chosen at the service.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<Account>,
    },
    /// Something went wrong.
    Error {
        /// What to branch on.
        code: ErrorCode,
        /// One sentence for the developer.
        message: String,
        /// Can the end user go on by themselves?
        recoverable: bool,
        /// The service concerned.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        service_name: Option<String>,
    },
    /// The browser goes on to this page.
    Redirect {
        /// Where to.
        url: String,
    },
    /// The widget was left. Exactly once per opening, after everything else.
    Exit {
        /// Why.
        reason: ExitReason,
        /// The ids of the connections made since it was opened.
        connections: Vec<String>,
    },
}
