//! What the host page's options change about the first step, as the loader writes them down.

use super::Unpaintable;
use crate::app::{Settings, is_web};
use crate::text::{Words, pack};
use railhead_protocol::{Language, Links, ServiceKind, SessionState};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The options of `init` that change the first step, and where it is shown. The loader leaves out the options that it
/// knows to change nothing, and sends all others: one that is unknown here, or not of its type, is for the widget to
/// deal with.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Wishes {
    /// Is the frame a modal dialog?
    pub(super) modal: bool,
    /// The API's address, as the loader calls it.
    pub(super) base: String,
    #[serde(default)]
    options: Options,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Options {
    close_url: Option<String>,
    logo: Option<String>,
    links: Option<Links>,
    kinds: Option<Vec<ServiceKind>>,
    required_kinds: Option<Vec<ServiceKind>>,
    skippable: Option<bool>,
    overview: Option<bool>,
    services: Option<Services>,
    messages: Option<BTreeMap<String, Option<String>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Services {
    include: Option<Vec<String>>,
    exclude: Option<Vec<String>>,
}

impl Wishes {
    /// The settings that the widget makes of the same options, in the same session.
    pub(super) fn settings(
        self,
        locale: Option<&str>,
        session: &SessionState,
    ) -> Result<Settings, Unpaintable> {
        if !is_web(&self.base) {
            return Err(Unpaintable::Options("base".to_owned()));
        }
        let options = self.options;
        let services = options.services.unwrap_or_default();
        let messages = options.messages.unwrap_or_default().into_iter();
        let messages: Words = messages
            .filter_map(|(name, text)| Some((name, text?)))
            .collect();
        let language = locale.and_then(Language::best).unwrap_or(Language::English);
        let mut settings = Settings {
            locale: locale.map(str::to_owned),
            language: Some(language.id().to_owned()),
            pack: Arc::new(pack(language)),
            messages,
            logo: options.logo,
            links: options.links.unwrap_or_default(),
            include: services.include,
            exclude: services.exclude.unwrap_or_default(),
            kinds: options.kinds,
            required_kinds: options.required_kinds,
            skippable: options.skippable,
            overview: options.overview,
            close_url: options.close_url.filter(|address| is_web(address)),
            ..Settings::default()
        };
        settings.speak(Some(&session.widget.messages));
        Ok(settings)
    }
}
