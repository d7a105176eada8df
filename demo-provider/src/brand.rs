//! How a service shows itself: its name and colour from the catalogue's files, or made up from its path.

use crate::color::Color;
use serde::Deserialize;
use std::{io, path::PathBuf};

/// Name and colour of a service on its pages.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Brand {
    /// What people call it.
    pub(crate) display_name: String,
    /// Its brand colour.
    pub(crate) color: Color,
}

impl Brand {
    /// What is shown for a service no file describes: `free_agent` becomes "Free Agent".
    pub(crate) fn made_up(service: &str) -> Self {
        let words: Vec<_> = service
            .split('_')
            .filter(|word| !word.is_empty())
            .map(capitalised)
            .collect();
        Self {
            display_name: words.join(" "),
            color: Color::SLATE,
        }
    }

    /// One or two letters that stand for the name.
    pub(crate) fn monogram(&self) -> String {
        let mut initials: Vec<char> = self
            .display_name
            .split_whitespace()
            .filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()))
            .take(2)
            .collect();
        // Capitals inside one word count as initials too: "FreshBooks" is FB.
        if initials.len() == 1 {
            initials.extend(
                self.display_name
                    .chars()
                    .skip(1)
                    .find(|letter| letter.is_uppercase()),
            );
        }
        initials.into_iter().flat_map(char::to_uppercase).collect()
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The folders with the catalogue's files. Read anew for every page, so a new file shows at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Brands {
    folders: Vec<PathBuf>,
}

/// The only lines of a service's file that matter here.
#[derive(Deserialize)]
struct ServiceFile {
    service_name: String,
    display_name: Option<String>,
    color: Option<String>,
}

impl Brands {
    /// Reads from these folders; later ones override earlier ones.
    pub(crate) fn new(folders: Vec<PathBuf>) -> Self {
        Self { folders }
    }

    /// The brand of a service whose name was checked (it becomes part of a path).
    pub(crate) async fn of(&self, service: &str) -> Brand {
        for folder in self.folders.iter().rev() {
            let path = folder.join(format!("{service}.toml"));
            let text = match tokio::fs::read_to_string(&path).await {
                Ok(text) => text,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => {
                    tracing::warn!(path = %path.display(), %error, "service file could not be read");
                    continue;
                }
            };
            match toml::from_str::<ServiceFile>(&text) {
                Ok(file) if file.service_name == service => return file.brand(),
                Ok(_) => {
                    tracing::warn!(path = %path.display(), "service file is of another service");
                }
                Err(error) => {
                    tracing::warn!(path = %path.display(), error = error.message(), "service file is not valid");
                }
            }
        }
        Brand::made_up(service)
    }
}

impl ServiceFile {
    fn brand(self) -> Brand {
        let made_up = Brand::made_up(&self.service_name);
        Brand {
            display_name: self.display_name.unwrap_or(made_up.display_name),
            color: self
                .color
                .as_deref()
                .and_then(Color::parse)
                .unwrap_or(made_up.color),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Brand, Brands};
    use crate::color::Color;

    fn monogram(display_name: &str) -> String {
        Brand {
            display_name: display_name.into(),
            color: Color::SLATE,
        }
        .monogram()
    }

    #[test]
    fn makes_monograms_of_words_or_of_capitals() {
        assert_eq!(monogram("QuickBooks Online"), "QO");
        assert_eq!(monogram("FreshBooks"), "FB");
        assert_eq!(monogram("Xero"), "X");
        assert_eq!(monogram("éclair (beta)"), "ÉB");
    }

    #[tokio::test]
    async fn takes_name_and_colour_from_the_last_folder_that_has_the_service() {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let file = |name: &str| {
            format!(
                "service_name = \"xero\"\ndisplay_name = \"{name}\"\ncolor = \"#13B5EA\"\n[oauth]\npkce = 1\n"
            )
        };
        std::fs::write(first.path().join("xero.toml"), file("Old")).unwrap();
        std::fs::write(second.path().join("xero.toml"), file("Xero")).unwrap();
        std::fs::write(second.path().join("broken.toml"), "service_name = ").unwrap();
        let brands = Brands::new(vec![first.path().into(), second.path().into()]);
        assert_eq!(brands.of("xero").await.display_name, "Xero");
        assert_eq!(brands.of("broken").await.display_name, "Broken");
        assert_eq!(brands.of("free_agent").await, Brand::made_up("free_agent"));
        assert_eq!(Brand::made_up("free_agent").display_name, "Free Agent");
    }
}
