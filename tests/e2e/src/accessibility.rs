//! What assistive technology is told: the tree of a step, who has the focus and whether one sees it, what is read out
//! by itself; and the rules of axe-core.

use crate::{Browser, Parts, until};
use anyhow::{Context, Result, bail, ensure};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde::Deserialize;
use serde_json::{Value, json};
use std::fmt;
use std::fs;

const TREE: &str = include_str!("tree.js");
const FOCUS: &str = include_str!("focus.js");
const TARGETS: &str = include_str!("targets.js");
/// The rules of WCAG 2.2 up to AA, and what axe-core's authors advise beside them.
const RULES: [&str; 6] = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
];
const CHECK: &str = "const [rules, done] = arguments; \
    axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] }) \
      .then(({ violations, passes }) => done({ passes: passes.length, violations: violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ target, failureSummary }) => `${target.flat().join(' ')}: ${failureSummary}`) })) }), \
            (error) => done({ broke: String(error) }))";

const AT_REST: &str = "(() => {
    const roots = [document];
    for (const root of roots) for (const element of root.querySelectorAll('*')) if (element.shadowRoot) roots.push(element.shadowRoot);
    // What is out of view and not drawn stands still on its way in Firefox until one scrolls there: it is brought to its end.
    const drawn = (target) => target?.checkVisibility({ contentVisibilityAuto: true });
    const moves = (animation) => {
        const { playState, effect } = animation;
        const { endTime, fill } = effect?.getComputedTiming() ?? {};
        // One that is over without a fill is told of as long as it still shows.
        const shows = playState === 'running' || playState === 'finished' && !/forwards|both/.test(fill);
        if (!shows || endTime === Infinity) return false;
        if (drawn(effect?.target)) return true;
        animation.finish();
        return false;
    };
    return document.readyState === 'complete' && !roots.some((root) => root.getAnimations().some(moves));
})()";

/// Who has the focus, deep in shadow roots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Focus {
    /// Its role, as the engine computes it.
    pub role: String,
    /// Its accessible name.
    pub name: String,
    /// Does one see that it has the focus?
    pub visible: bool,
}

impl fmt::Display for Focus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.role, self.name)
    }
}

/// Something to press or to fill in, with its box in CSS pixels.
#[derive(Clone, Debug, Deserialize)]
pub struct Target {
    /// What it is.
    pub what: String,
    /// How wide the box is that reacts.
    pub width: f64,
    /// How high it is.
    pub height: f64,
}

impl Browser {
    /// Checks the page with axe-core; fails with all that it finds.
    pub async fn meets_the_rules(&self, step: &str) -> Result<()> {
        if self.script("return typeof axe", vec![]).await? != "object" {
            let parts = Parts::find()?;
            let path = parts
                .root
                .join("tests/e2e/peers/axe-core/node_modules/axe-core/axe.min.js");
            let axe = fs::read_to_string(&path)
                .with_context(|| format!("{}: `npm ci` installs it", path.display()))?;
            self.script(&format!("{axe}; window.axe = axe"), vec![])
                .await?;
        }
        let result = self
            .client()
            .execute_async(CHECK, vec![json!(RULES)])
            .await?;
        if let Some(broke) = result["broke"].as_str() {
            bail!("axe-core broke at {step}: {broke}");
        }
        // Rules that nothing on the page was held against prove nothing.
        ensure!(
            result["passes"].as_u64().is_some_and(|passes| passes > 10),
            "axe-core looked at nothing at {step}: {result}"
        );
        ensure!(
            result["violations"].as_array().is_some_and(Vec::is_empty),
            "{step} breaks rules of accessibility: {:#}",
            result["violations"]
        );
        Ok(())
    }

    /// Waits until nothing moves or fades any more: what does is not as legible, and not where it will be. Endless ones
    /// (a skeleton's shimmer) don't count.
    pub async fn comes_to_rest(&self) -> Result<()> {
        self.becomes(AT_REST).await?;
        Ok(())
    }

    /// The tree of what is open for use now: one line for each role and name, as the engine computes them, with its
    /// states. Without a modal dialog it is the page's.
    pub async fn tree(&self) -> Result<String> {
        let found = self.script(TREE, vec![json!(self.part())]).await?;
        let mut lines: Vec<String> = vec![];
        for entry in found.as_array().context("no tree")? {
            let element = self.element(&entry[0])?;
            let role = self.computed(&element, "computedrole").await?;
            let mut name = self.computed(&element, "computedlabel").await?;
            let role = match role.as_str() {
                // Without a role of its own its text is read.
                "" | "generic" | "none" | "presentation" | "paragraph" | "strong" => {
                    name = squeezed(entry[3].as_str().unwrap_or_default());
                    "text"
                }
                // The engines name it differently; only its content counts.
                "listitem" | "list" => {
                    if !has_own_name(&entry[3], &name) {
                        name.clear();
                    }
                    &role
                }
                role => role,
            };
            let depth = usize::try_from(entry[1].as_u64().unwrap_or_default())?;
            let name = match squeezed(&name) {
                name if name.is_empty() => name,
                name => format!(" {name:?}"),
            };
            let states = match entry[2].as_str().unwrap_or_default() {
                "" => String::new(),
                states => format!(" [{states}]"),
            };
            if role != "text" || !name.is_empty() {
                lines.push(format!("{}{role}{name}{states}", "  ".repeat(depth)));
            }
        }
        Ok(lines.join("\n"))
    }

    /// Presses keys one after the other, with Shift held when told so.
    pub async fn press_with(&self, shift: bool, keys: &[Key]) -> Result<()> {
        let mut actions = KeyActions::new("keyboard".into());
        let held = char::from(Key::Shift);
        if shift {
            actions = actions.then(KeyAction::Down { value: held });
        }
        for key in keys {
            let value = char::from(*key);
            actions = actions
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        if shift {
            actions = actions.then(KeyAction::Up { value: held });
        }
        Ok(self.client().perform_actions(actions).await?)
    }

    /// Presses one key.
    pub async fn press(&self, key: Key) -> Result<()> {
        self.press_with(false, &[key]).await
    }

    /// Types text with the keyboard, into whatever has the focus.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        let keys = text
            .chars()
            .fold(KeyActions::new("keyboard".into()), |keys, value| {
                keys.then(KeyAction::Down { value })
                    .then(KeyAction::Up { value })
            });
        Ok(self.client().perform_actions(keys).await?)
    }

    /// Who has the focus now; nobody, when it is the page as a whole.
    pub async fn focus(&self) -> Result<Option<Focus>> {
        let found = self.script(FOCUS, vec![]).await?;
        if found.is_null() {
            return Ok(None);
        }
        let element = self.element(&found[0])?;
        Ok(Some(Focus {
            role: self.computed(&element, "computedrole").await?,
            name: squeezed(&self.computed(&element, "computedlabel").await?),
            visible: found[1] == true,
        }))
    }

    /// The same, once one sees it: the ring may come a moment later.
    pub async fn shown_focus(&self) -> Result<Option<Focus>> {
        until("the focus to be seen", async || {
            let focus = self.focus().await?;
            if let Some(focus) = focus.as_ref().filter(|focus| !focus.visible) {
                bail!("one does not see that {focus} has the focus");
            }
            Ok(Some(focus))
        })
        .await
    }

    /// Waits until the focus is on this, as `role "name"`.
    pub async fn focus_comes_to(&self, wanted: &str) -> Result<Focus> {
        until(&format!("the focus on {wanted}"), async || {
            match self.focus().await? {
                Some(focus) if focus.to_string() == wanted => Ok(Some(focus)),
                Some(focus) => bail!("it is on {focus}"),
                None => bail!("nothing has it"),
            }
        })
        .await
    }

    /// Presses Tab (with Shift: backwards) until the focus is on this, as `role "name"`, and returns all it came by on
    /// the way. Each must show that it has the focus.
    pub async fn tab_to(&self, shift: bool, wanted: &str) -> Result<Vec<String>> {
        let mut passed = vec![];
        for _ in 0..80 {
            self.press_with(shift, &[Key::Tab]).await?;
            let Some(focus) = self.shown_focus().await? else {
                passed.push("the page".to_owned());
                continue;
            };
            passed.push(focus.to_string());
            if focus.to_string() == wanted {
                return Ok(passed);
            }
        }
        bail!("Tab does not come to {wanted}, but by {passed:#?}")
    }

    /// All there is to press or to fill in, with the boxes that react.
    pub async fn targets(&self) -> Result<Vec<Target>> {
        Ok(serde_json::from_value(self.script(TARGETS, vec![]).await?)?)
    }

    /// From now on, keeps what live regions say; [`Browser::read_out`] tells it.
    pub async fn listen(&self) -> Result<()> {
        self.script(include_str!("listen.js"), vec![]).await?;
        Ok(())
    }

    /// What live regions have said since [`Browser::listen`], in order. A region that is not rendered says nothing.
    pub async fn read_out(&self) -> Result<Vec<String>> {
        let said: Value = self.script("return window.readOut ?? []", vec![]).await?;
        Ok(serde_json::from_value(said)?)
    }

    /// Waits until a live region says `text`.
    pub async fn hears(&self, text: &str) -> Result<()> {
        until(&format!("{text:?} to be read out"), async || {
            let said = self.read_out().await?;
            ensure!(
                said.iter().any(|line| line.contains(text)),
                "read out: {said:#?}"
            );
            Ok(Some(()))
        })
        .await
    }
}

/// Is the name one that the author gave, and not the element's text?
fn has_own_name(text: &Value, name: &str) -> bool {
    let text = text.as_str().map(squeezed).unwrap_or_default();
    squeezed(name) != text && !name.is_empty() && !text.contains(&squeezed(name))
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
