//! One configured instance of Connect.

use super::id::WidgetId;
use super::tenant::{Tenant, WorkspaceName};
use super::timestamp;
pub use super::widget_settings::Settings;
use crate::vault::Place;
use railhead_protocol::{ServiceKind, WidgetCard};
use time::OffsetDateTime;
use url::Url;

/// A widget as its workspace configured it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Widget {
    /// Its id, which host pages carry.
    pub id: WidgetId,
    /// Whose it is.
    pub tenant: Tenant,
    /// The workspace's name.
    pub workspace_name: WorkspaceName,
    /// The company's name for people.
    pub company_name: String,
    /// The pages that may embed it.
    pub origins: Vec<Origin>,
    /// What people see of the company.
    pub settings: Settings,
    /// Signs results; sealed by the vault.
    pub sealed_signing_secret: String,
    /// One more for each new secret.
    pub signing_secret_version: u32,
    /// Counts the changes, so that none is made from outdated settings.
    pub revision: u32,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

impl Widget {
    /// Is the page at `origin` allowed to embed this widget?
    #[must_use]
    pub fn is_registered(&self, origin: &Origin) -> bool {
        self.origins.contains(origin)
    }

    /// Where its signing secret is sealed.
    #[must_use]
    pub fn secret_place(&self) -> Place<'_> {
        Place {
            tenant: &self.tenant,
            record: self.id.as_str(),
            field: "signing_secret",
            version: self.signing_secret_version,
        }
    }

    /// The public part.
    #[must_use]
    pub fn card(&self) -> WidgetCard {
        let settings = self.settings.clone();
        let validity_months = settings.validity().into();
        WidgetCard {
            widget_id: self.id.to_string(),
            environment: self.tenant.environment,
            company_name: self.company_name.clone(),
            logo: settings.logo,
            success_url: settings.success_url,
            close_url: settings.close_url,
            kinds: settings.kinds,
            required_kinds: settings.required_kinds,
            skippable: settings.skippable.unwrap_or(true),
            overview: settings.overview,
            validity_months,
            theme: settings.theme,
            messages: settings.messages,
            links: settings.links,
            may_disconnect: settings.may_disconnect,
        }
    }

    /// Do its settings let it offer this service?
    #[must_use]
    pub fn offers(&self, service_name: &str, kind: ServiceKind) -> bool {
        let Settings {
            services, kinds, ..
        } = &self.settings;
        let named = |names: &[String]| names.iter().any(|name| name == service_name);
        (services.include.is_empty() || named(&services.include))
            && !named(&services.exclude)
            && (kinds.is_empty() || kinds.contains(&kind))
    }

    /// As its workspace sees it.
    #[must_use]
    pub fn wire(&self) -> railhead_protocol::Widget {
        let settings = self.settings.clone();
        railhead_protocol::Widget {
            widget_id: self.id.to_string(),
            environment: self.tenant.environment,
            company_name: self.company_name.clone(),
            name: settings.name.clone(),
            origins: self
                .origins
                .iter()
                .map(|origin| origin.as_str().to_owned())
                .collect(),
            validity_months: settings.validity(),
            success_url: settings.success_url,
            close_url: settings.close_url,
            services: settings.services,
            kinds: settings.kinds,
            required_kinds: settings.required_kinds,
            skippable: settings.skippable.unwrap_or(true),
            overview: settings.overview,
            theme: settings.theme,
            messages: settings.messages,
            links: settings.links,
            logo: settings.logo,
            session_policy: settings.session_policy,
            may_disconnect: settings.may_disconnect,
            created_at: timestamp(self.created_at),
        }
    }

    /// The address to send the end user to when done: the one `asked` for, if it is on a registered origin or the
    /// widget's own; else the widget's own.
    pub fn return_url(&self, asked: Option<&str>) -> Result<Option<Url>, BadReturnUrl> {
        let own = self.settings.success_url.as_deref();
        let Some(chosen) = asked.or(own) else {
            return Ok(None);
        };
        let url = web_address(chosen).ok_or(BadReturnUrl)?;
        let registered = || Origin::of(&url).is_some_and(|origin| self.is_registered(&origin));
        if own == Some(chosen) || registered() {
            Ok(Some(url))
        } else {
            Err(BadReturnUrl)
        }
    }
}

/// The return address is neither the widget's own nor on a registered origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The success URL is neither the widget's own nor on an origin registered for it.")]
pub struct BadReturnUrl;

/// `text` as an absolute http or https address without user name or password.
#[must_use]
pub fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let web = matches!(url.scheme(), "http" | "https") && url.has_host();
    (web && url.username().is_empty() && url.password().is_none()).then_some(url)
}

/// A web origin in the form browsers send it: `https://pay.example.com`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin(String);

impl Origin {
    /// Reads an origin as written by a person or sent by a browser: http or https, host, perhaps a port, no path.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = web_address(text)?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if bare { Self::of(&url) } else { None }
    }

    /// The origin of a page.
    #[must_use]
    pub fn of(url: &Url) -> Option<Self> {
        let origin = url.origin();
        origin
            .is_tuple()
            .then(|| Self(origin.ascii_serialization()))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{BadReturnUrl, Origin, Settings, Widget};
    use crate::domain::tenant::{Tenant, WorkspaceName};
    use railhead_protocol::Environment;
    use time::OffsetDateTime;

    fn widget() -> Widget {
        Widget {
            id: "wid_1".into(),
            tenant: Tenant {
                workspace: "wsp_1".into(),
                environment: Environment::Production,
            },
            workspace_name: WorkspaceName::parse("default").unwrap(),
            company_name: "Northwind Lending".to_owned(),
            origins: vec![Origin::parse("https://northwind.example").unwrap()],
            settings: Settings {
                success_url: Some("https://done.example/thanks?x=1".to_owned()),
                ..Settings::default()
            },
            sealed_signing_secret: String::new(),
            signing_secret_version: 1,
            revision: 0,
            created_at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn reads_origins_in_the_form_browsers_send() {
        let origin = |text| Origin::parse(text).map(|origin| origin.as_str().to_owned());
        assert_eq!(
            origin("https://Pay.Example.com:443/").as_deref(),
            Some("https://pay.example.com")
        );
        assert_eq!(
            origin("http://localhost:4402").as_deref(),
            Some("http://localhost:4402")
        );
        for bad in [
            "null",
            "",
            "https://a.example/path",
            "https://a.example?x",
            "ftp://a.example",
            "javascript:1",
        ] {
            assert_eq!(origin(bad), None, "{bad}");
        }
    }

    #[test]
    fn is_no_open_redirector() {
        let widget = widget();
        let asked = |url| {
            widget
                .return_url(Some(url))
                .map(|url| url.map(String::from))
        };
        assert!(asked("https://northwind.example/done?a=1").is_ok());
        assert!(asked("https://done.example/thanks?x=1").is_ok());
        for bad in [
            "https://done.example/other",
            "https://northwind.example@evil.example/",
            "https://user@northwind.example/",
            "http://northwind.example/",
            "https://northwind.example:8443/",
            "//northwind.example/",
            "javascript:alert(1)",
            "data:text/html,hi",
            "/done",
        ] {
            assert_eq!(asked(bad), Err(BadReturnUrl), "{bad}");
        }
    }
}
