//! What a person does and sees on a page: finds things by role and name, presses, types, reads.

use crate::{Browser, Engine, Name, PATIENCE, Role, until, until_within};
use anyhow::{Context, Result, bail, ensure};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use http::Method;
use serde_json::{Value, json};
use std::sync::PoisonError;
use std::time::Duration;

const FIND: &str = include_str!("query.js");
const TEXT: &str = include_str!("text.js");
/// Says whether the page is in a frame.
const IN_VIEW: &str = "arguments[0].scrollIntoView({ block: 'nearest' }); return window !== top";

impl Browser {
    /// Looks only in the part of the page that this selector names, until told otherwise.
    pub fn look_in(&self, part: Option<&'static str>) {
        *self.part.lock().unwrap_or_else(PoisonError::into_inner) = part;
    }

    pub(crate) fn part(&self) -> Option<&'static str> {
        *self.part.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The elements of this role and name that are visible now, in open shadow roots too.
    pub async fn all(&self, role: Role, name: Name<'_>) -> Result<Vec<Element>> {
        let (text, how) = name.for_script();
        let arguments = vec![
            json!(role.as_str()),
            json!(text),
            json!(how),
            json!(self.part()),
        ];
        let found = self.script(FIND, arguments).await?;
        let references = found.as_array().context("no list of elements")?;
        references
            .iter()
            .map(|reference| self.element(reference))
            .collect()
    }

    /// The element that a script has returned.
    pub(crate) fn element(&self, reference: &Value) -> Result<Element> {
        Ok(serde_json::from_value::<Found>(reference.clone())?.element(self))
    }

    /// Waits for one visible element of this role and name, and has the engine confirm both: what assistive
    /// technology is told is what the test asked for.
    pub async fn find(&self, role: Role, name: impl Into<Name<'_>>) -> Result<Element> {
        self.find_within(PATIENCE, role, name).await
    }

    /// The same, with another patience.
    pub async fn find_within(
        &self,
        patience: Duration,
        role: Role,
        name: impl Into<Name<'_>>,
    ) -> Result<Element> {
        let name = name.into();
        until_within(
            patience,
            &format!("a {} {name:?}", role.as_str()),
            async || {
                let mut told = vec![];
                for element in self.all(role, name).await? {
                    // What is scrolled out of view may not be laid out yet.
                    let framed = self.script(IN_VIEW, vec![json!(element)]).await?;
                    // In frames of another site, drivers do not know what assistive technology is told.
                    if framed == true {
                        return Ok(Some(element));
                    }
                    let computed_role = self.computed(&element, "computedrole").await?;
                    let computed_name = self.computed(&element, "computedlabel").await?;
                    let fits = match computed_role.as_str() {
                        // By HTML-AAM a password has no role at all; some engines call it a text field.
                        "" => role == Role::Textbox,
                        // WebKit tells of a list to choose from as of a button that opens a menu.
                        "button" if self.engine() == Engine::WebKit => {
                            matches!(role, Role::Button | Role::Combobox)
                        }
                        told => told == role.as_str(),
                    };
                    if fits && name.fits(&computed_name) {
                        return Ok(Some(element));
                    }
                    told.push(format!("{computed_role} {computed_name:?}"));
                }
                ensure!(
                    told.is_empty(),
                    "assistive technology is told: {}",
                    told.join(", ")
                );
                Ok(None)
            },
        )
        .await
    }

    /// Waits for the element and presses it as a person would: it must be in view, not covered and not busy.
    pub async fn click(&self, role: Role, name: impl Into<Name<'_>>) -> Result<()> {
        let name = name.into();
        until(
            &format!("a {} {name:?} that can be pressed", role.as_str()),
            async || {
                let element = self.find(role, name).await?;
                let disabled = element.attr("aria-disabled").await?;
                ensure!(disabled.as_deref() != Some("true"), "it is busy");
                match element.click().await {
                    Ok(()) => Ok(Some(())),
                    // Still moving, covered for a moment, or just replaced: nothing was pressed.
                    Err(CmdError::Standard(error)) => Err(CmdError::Standard(error).into()),
                    Err(error) => bail!("the press failed: {error}"),
                }
            },
        )
        .await
    }

    /// Waits for the text field, empties it and types `text`.
    pub async fn fill(&self, role: Role, name: impl Into<Name<'_>>, text: &str) -> Result<()> {
        let field = self.find(role, name).await?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    /// Chooses from a list to choose from.
    pub async fn select(&self, list: &Element, value: &str) -> Result<()> {
        if self.engine() != Engine::WebKit {
            return Ok(list.select_by_value(value).await?);
        }
        // WebKit's driver opens the menu, which is a window of the system's, and then cannot press anything in it.
        let choose = "const [list, value] = arguments; list.focus(); list.value = value; \
                      for (const type of ['input', 'change']) list.dispatchEvent(new Event(type, { bubbles: true }))";
        self.script(choose, vec![json!(list), json!(value)]).await?;
        Ok(())
    }

    /// Waits until a person can read `text` somewhere on the page.
    pub async fn reads(&self, text: &str) -> Result<()> {
        until(&format!("the text {text:?}"), async || {
            let page = self.text().await?;
            ensure!(page.contains(text), "the page says:\n{page}");
            Ok(Some(()))
        })
        .await
    }

    /// Waits until no visible element has this role and name.
    pub async fn loses(&self, role: Role, name: impl Into<Name<'_>>) -> Result<()> {
        let name = name.into();
        until(
            &format!("the {} {name:?} to go", role.as_str()),
            async || Ok(self.all(role, name).await?.is_empty().then_some(())),
        )
        .await
    }

    /// Is there a visible element of this role and name now?
    pub async fn has(&self, role: Role, name: impl Into<Name<'_>>) -> Result<bool> {
        Ok(!self.all(role, name.into()).await?.is_empty())
    }

    /// All that a person can read on the page now.
    pub async fn text(&self) -> Result<String> {
        let text = self.script(TEXT, vec![]).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Picks `service` from the list, to be renewed if it is connected, and goes on to its own pages: the popup is the present window afterwards.
    pub async fn go_to_service(&self, service: &str) -> Result<()> {
        self.choose_service(service).await?;
        let go = format!("Continue to {service}");
        let renew = Name::Starts("Renew access");
        let connected = until("consent, or what is connected", async || {
            let connected = self.has(Role::Button, renew).await?;
            let asked = self.has(Role::Button, Name::Is(&go)).await?;
            Ok((connected || asked).then_some(connected))
        })
        .await?;
        if connected {
            self.click(Role::Button, renew).await?;
        }
        self.click(Role::Button, Name::Is(&go)).await?;
        self.switch_to_popup().await?;
        Ok(())
    }

    /// Presses `service` in the list.
    pub async fn press_service(&self, service: &str) -> Result<()> {
        self.click(Role::Option, Name::Starts(service)).await
    }

    /// Picks `service` from the list, up to the step that asks for consent, or says what is connected.
    pub async fn choose_service(&self, service: &str) -> Result<()> {
        self.press_service(service).await?;
        self.find(Role::Heading, Name::Has(service)).await?;
        Ok(())
    }

    /// Goes on in the second window, which is open already, or opens when this is pressed.
    pub async fn look_for_window_or(&self, role: Role, name: &str) -> Result<()> {
        let open = until("a second window, or the way to one", async || {
            let open = self.window_count().await? > 1;
            Ok((open || self.has(role, name).await?).then_some(open))
        })
        .await?;
        if !open {
            self.click(role, name).await?;
        }
        self.switch_to_popup().await?;
        Ok(())
    }

    /// Tries again to connect `service`, once the window of the former attempt has closed.
    pub async fn try_again_at(&self, service: &str) -> Result<()> {
        self.popup_closes().await?;
        self.click(Role::Button, "Try again").await?;
        let way = format!("Continue to {service}");
        self.look_for_window_or(Role::Button, &way).await
    }

    /// Signs in on the demo provider's page, as the persona `user`, whoever is signed in there already.
    pub async fn sign_in(&self, user: &str) -> Result<()> {
        let signed_in = until("the provider's first page", async || {
            let other = self.has(Role::Link, "Use another user").await?;
            Ok((other || self.has(Role::Textbox, "User name").await?).then_some(other))
        })
        .await?;
        if signed_in {
            self.click(Role::Link, "Use another user").await?;
        }
        self.fill(Role::Textbox, "User name", user).await?;
        self.fill(Role::Textbox, "Password", "correct horse")
            .await?;
        self.click(Role::Button, "Sign in").await
    }

    /// Signs in and allows; the host page is the present window afterwards.
    pub async fn approve_as(&self, user: &str) -> Result<()> {
        self.sign_in(user).await?;
        self.click(Role::Button, "Allow").await?;
        self.switch_to_host().await
    }

    /// The same, and waits until the widget says that it is connected.
    pub async fn connect_as(&self, user: &str) -> Result<()> {
        self.approve_as(user).await?;
        self.find(Role::Heading, Name::Has("is connected")).await?;
        Ok(())
    }

    /// The detail of the first event `name` that the host page has got from the widget.
    pub async fn event(&self, name: &str) -> Result<Value> {
        self.becomes(&format!(
            "window.seen?.find((event) => event.name === '{name}')?.detail"
        ))
        .await
    }

    /// The names of all events the host page has got so far, in their order.
    pub async fn event_names(&self) -> Result<Vec<String>> {
        let names = self
            .script("return window.seen.map((event) => event.name)", vec![])
            .await?;
        Ok(serde_json::from_value(names)?)
    }

    /// What the engine computes: `computedrole` or `computedlabel`.
    pub(crate) async fn computed(&self, element: &Element, what: &str) -> Result<String> {
        let path = format!("element/{}/{what}", element.element_id().as_ref());
        let value = self.command(Method::GET, &path, None).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }
}

/// A reference to an element as WebDriver writes it.
#[derive(serde::Deserialize)]
pub(crate) struct Found {
    #[serde(rename = "element-6066-11e4-a52e-4f735466cecf")]
    id: String,
}

impl Found {
    pub(crate) fn element(self, browser: &Browser) -> Element {
        Element::from_element_id(browser.client().clone(), self.id.into())
    }
}
