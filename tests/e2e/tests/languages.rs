//! The widget and the pages in its window speak the end user's language, and are laid out the way it is read.

use anyhow::{Context, Result, ensure};
use railhead_e2e::{
    Ability, Browser, Name, Role, Setup, Stage, scenario, scenario_with, until, watch,
};
use serde_json::{Value, json};
use std::fs;
use std::time::Duration;

#[tokio::test]
async fn a_french_page_gets_french_with_nothing_said() {
    scenario(async |stage| {
        let browser = &stage.browser;
        open_plain(stage, "fr-BE", "").await?;
        browser.find(Role::Searchbox, "Rechercher").await?;
        browser
            .find(Role::Heading, "Connectez vos logiciels")
            .await?;
        browser.reads("Choisissez ce que vous utilisez.").await?;
        let frame = frame(browser).await?;
        ensure!(frame["lang"] == "fr" && frame["dir"] == "ltr", "{frame}");
        ensure!(frame["label"] == "Connectez vos logiciels", "{frame}");
        let packs = packs_fetched(browser).await?;
        ensure!(packs.len() == 1, "one pack and no other: {packs:?}");
        browser.choose_service("Sandbox").await?;
        browser.click(Role::Button, "Connecter Sandbox").await?;
        // "Accès jusqu’au 27 nov. 2027": month and order are those of the language.
        let page = until("the date", async || {
            let page = browser.text().await?;
            Ok(page.contains("Accès jusqu’au ").then_some(page))
        })
        .await?;
        ensure!(!page.contains("Access until"), "{page}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn arabic_is_laid_out_from_right_to_left() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage
            .open_page(vec![
                stage.sandbox_widget("Harbor Coffee Ltd", json!({ "locale": "ar-EG" })),
            ])
            .await?;
        browser.find(Role::Searchbox, "بحث").await?;
        let frame = frame(browser).await?;
        ensure!(frame["lang"] == "ar" && frame["dir"] == "rtl", "{frame}");
        let (close, field) = (
            middle(browser, ".rh-close").await?,
            middle(browser, ".rh-search input").await?,
        );
        ensure!(
            close < field,
            "the way out is at the left: {close} and {field}"
        );
        let icon = middle(browser, ".rh-search-icon").await?;
        ensure!(
            icon > field,
            "the search icon is at the right: {icon} and {field}"
        );
        browser.choose_service("Sandbox").await?;
        browser.find(Role::Button, "رجوع").await?;
        let (back, close) = (
            middle(browser, ".rh-back").await?,
            middle(browser, ".rh-close").await?,
        );
        ensure!(
            back > close,
            "the way back is at the right: {back} and {close}"
        );
        let arrow = browser
            .script(
                &in_shadow("return getComputedStyle(root.querySelector('.rh-back svg')).transform"),
                vec![],
            )
            .await?;
        ensure!(
            arrow == "matrix(-1, 0, 0, 1, 0, 0)",
            "the arrow points to the right: {arrow}"
        );
        let heading = browser.find(Role::Heading, Name::Has("Sandbox")).await?;
        ensure!(
            heading.css_value("direction").await? == "rtl",
            "the heading is read from the right"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn the_language_of_an_open_widget_changes() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.find(Role::Searchbox, "Search").await?;
        for (locale, search, dir) in [
            ("de-CH", "Suchen", "ltr"),
            ("he", "חיפוש", "rtl"),
            ("pl", "Search", "ltr"),
        ] {
            browser
                .script(
                    "window.handles[0].update({ locale: arguments[0] })",
                    vec![json!(locale)],
                )
                .await?;
            browser.find(Role::Searchbox, search).await?;
            let frame = frame(browser).await?;
            ensure!(frame["dir"] == dir, "{locale}: {frame}");
        }
        let packs = packs_fetched(browser).await?;
        ensure!(
            packs.len() == 2,
            "each is fetched when it is needed: {packs:?}"
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_pack_that_does_not_come_leaves_english_and_one_line_on_the_console() {
    scenario(async |stage| {
        let line = "could not be loaded; English is shown";
        stage.expect_console_error(line);
        let browser = &stage.browser;
        let gone = "const real = fetch; window.fetch = (input, init) => \
            /railhead-text-/.test(String(input)) ? Promise.reject(new TypeError('gone')) : real(input, init);";
        open_plain(stage, "de", gone).await?;
        browser.find(Role::Searchbox, "Search").await?;
        let frame = frame(browser).await?;
        ensure!(frame["lang"] == "en", "{frame}");
        let console = browser.console().await?;
        let said = console.iter().filter(|entry| entry.text.contains(line)).count();
        ensure!(said == 1, "{console:?}");
        browser.choose_service("Sandbox").await?;
        browser.click(Role::Button, "Connect Sandbox").await?;
        browser
            .find(Role::Heading, Name::Has("is connected"))
            .await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_the_loader_says_by_itself_is_said_in_the_language() {
    scenario(async |stage| {
        stage.expect_console_error("could not be loaded");
        let browser = &stage.browser;
        let gone = "WebAssembly.compileStreaming = () => Promise.reject(new TypeError('gone'));";
        open_plain(stage, "sv", gone).await?;
        browser
            .find(Role::Heading, "Det gick inte att läsa in")
            .await?;
        browser.find(Role::Button, "Försök igen").await?;
        browser.find(Role::Button, "Stäng").await?;
        Ok(())
    })
    .await;
}

/// Pictures for people to look at, in `target/screenshots`; and no word is cut off in any language.
#[tokio::test]
async fn every_language_fits_a_desk_and_a_phone() {
    let setup = Setup {
        limit: Duration::from_mins(6),
        ..Setup::default()
    };
    scenario_with(setup, async |stage| {
        let browser = &stage.browser;
        let media = [("prefers-reduced-motion", "reduce")];
        for (device, width, height) in [("desk", 1280, 800), ("phone", 390, 844)] {
            browser.set_viewport(width, height).await?;
            // The pictures show nothing half on its way.
            if browser.engine().can(Ability::Media) {
                browser.set_media(&media).await?;
            }
            for locale in [
                "fr", "fr-CA", "es", "de", "pt-BR", "it", "nl", "sv", "ja", "zh-Hans", "ko", "ar",
                "he",
            ] {
                let fits = async |step: &str| {
                    browser.comes_to_rest().await?;
                    fits(browser)
                        .await
                        .with_context(|| format!("{step}, {locale}, {device}"))?;
                    let png = browser.client().screenshot().await?;
                    let folder = stage.parts.root.join("target/screenshots");
                    fs::create_dir_all(&folder)?;
                    fs::write(folder.join(format!("{step}-{device}-{locale}.png")), png)?;
                    Ok::<_, anyhow::Error>(())
                };
                let options = json!({ "locale": locale });
                stage
                    .open_page(vec![stage.sandbox_widget("Harbor Coffee Ltd", options)])
                    .await?;
                browser.find(Role::Searchbox, Name::Any).await?;
                fits("language-picker").await?;
                browser.choose_service("QuickBooks Online").await?;
                fits("language-consent").await?;
            }
        }
        Ok(())
    })
    .await;
}

/// Opens a page in `lang` that says nothing of languages to the widget; `before` runs first.
async fn open_plain(stage: &Stage, lang: &str, before: &str) -> Result<()> {
    let html = include_str!("../pages/script-tag.html")
        .replace("lang=\"en\"", &format!("lang=\"{lang}\""))
        .replace(
            "<script\n",
            &format!("{}<script>{before}</script>\n    <script\n", watch()?),
        )
        .replace("{{api}}", stage.railhead.url())
        .replace("{{widget}}", &stage.widget.id)
        .replace("{{business}}", "Harbor Coffee Ltd")
        .replace("{{origin}}", &stage.host.origin());
    let path = stage.host.put_html(html);
    stage
        .browser
        .goto(&format!("{}{path}", stage.host.origin()))
        .await
}

/// `script` with the widget's shadow root as `root`.
fn in_shadow(script: &str) -> String {
    format!("const root = document.querySelector('[data-railhead]').shadowRoot; {script}")
}

/// What the frame says of its language.
async fn frame(browser: &Browser) -> Result<Value> {
    let script = "const frame = root.querySelector('.rh-frame'); \
        return { lang: frame.lang, dir: frame.dir, label: frame.ariaLabel };";
    browser.script(&in_shadow(script), vec![]).await
}

/// How far from the left the middle of an element is.
async fn middle(browser: &Browser, selector: &str) -> Result<f64> {
    let script = "const box = root.querySelector(arguments[0]).getBoundingClientRect(); return box.left + box.width / 2";
    let middle = browser
        .script(&in_shadow(script), vec![json!(selector)])
        .await?;
    middle
        .as_f64()
        .with_context(|| format!("{selector} is nowhere"))
}

/// The packs that the page has asked for.
async fn packs_fetched(browser: &Browser) -> Result<Vec<String>> {
    let script = "return performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => /railhead-text-/.test(name))";
    Ok(serde_json::from_value(
        browser.script(script, vec![]).await?,
    )?)
}

/// Is every word within its element, and every element within the window?
async fn fits(browser: &Browser) -> Result<()> {
    let script = "const cut = [...root.querySelectorAll('h2, p, span, strong, button, a, li')]
        .filter((element) => element.checkVisibility() && element.textContent.trim() && !element.classList.contains('rh-unseen'))
        .filter((element) => element.getBoundingClientRect().width > 1)
        .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline');
        const frame = root.querySelector('.rh-frame');
        const wide = frame.scrollWidth > frame.clientWidth || document.documentElement.scrollWidth > innerWidth;
        return [...cut.map((element) => `${element.className}: ${element.textContent}`), ...(wide ? ['the frame'] : [])];";
    let cut = browser.script(&in_shadow(script), vec![]).await?;
    ensure!(cut == json!([]), "cut off: {cut}");
    Ok(())
}
