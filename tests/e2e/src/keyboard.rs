//! Keys pressed wherever the focus is.

use crate::Browser;
use anyhow::Result;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};

impl Browser {
    /// Presses these keys one after the other; WebDriver has letters for those that write nothing.
    pub async fn type_keys(&self, keys: &str) -> Result<()> {
        let strokes = keys
            .chars()
            .flat_map(|value| [KeyAction::Down { value }, KeyAction::Up { value }]);
        let keyboard = strokes.fold(KeyActions::new("keyboard".into()), KeyActions::then);
        Ok(self.client().perform_actions(keyboard).await?)
    }
}
