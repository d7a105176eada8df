//! What pages do with the handle and the element that their authors did not think much about: changing options in the middle,
//! mounting everything twice, setting what was set, being early.

use anyhow::{Result, ensure};
use railhead_e2e::{Name, Role, Stage, scenario};
use serde_json::json;

/// Opens a page with this in its body, and with the loader.
async fn open_html(stage: &Stage, body: &str) -> Result<()> {
    let html = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Host</title><link rel=icon href=data:,>
         <script src=\"{api}/railhead.js\"></script><body><h1>Your accounts</h1>{body}",
        api = stage.railhead.url(),
    );
    let path = stage.host.put_html(html);
    let address = format!("{}{path}", stage.host.origin());
    stage.browser.goto(&address).await
}

#[tokio::test]
async fn options_that_change_nothing_about_a_step_leave_what_was_entered_in_it() {
    scenario(async |stage| {
        let browser = &stage.browser;
        stage.open_widget("Harbor Coffee Ltd").await?;
        browser.choose_service("Shopify").await?;
        let field = browser.find(Role::Textbox, Name::Any).await?;
        field.send_keys("harbor").await?;
        let update = "window.handles[0].update({ theme: { primary: '#b3125c' }, metadata: { a: 1 }, successUrl: '/welcome' })";
        browser.script(update, vec![]).await?;
        let entered = "const { activeElement } = document.querySelector('[data-railhead]').shadowRoot;
            return [activeElement.localName, activeElement.value]";
        let entered = browser.script(entered, vec![]).await?;
        ensure!(entered == json!(["input", "harbor"]), "{entered}");
        browser
            .becomes("getComputedStyle(document.querySelector('[data-railhead]').shadowRoot.querySelector('.is-primary')).backgroundColor === 'rgb(179, 18, 92)'")
            .await?;
        // Other words need another view; nobody is moved by them.
        let words = "window.handles[0].update({ messages: { 'consent.lead': 'Just so.' } })";
        browser.script(words, vec![]).await?;
        browser.reads("Just so.").await
    })
    .await;
}

#[tokio::test]
async fn a_success_page_named_relative_to_the_page_is_found_however_it_is_named() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let element = format!(
            "<railhead-connect widget-id={} business-name=Harbor success-url=/elsewhere></railhead-connect>",
            stage.widget.id
        );
        open_html(stage, &element).await?;
        browser.find(Role::Searchbox, "Search").await?;
        let change = "const element = document.querySelector('railhead-connect');
            element.setAttribute('success-url', '/welcome');
            element.classList.toggle('is-active');";
        browser.script(change, vec![]).await?;
        browser.go_to_service("QuickBooks Online").await?;
        browser.approve_as("alice").await?;
        browser.click(Role::Button, "Continue").await?;
        let welcome = format!("{}?", stage.host.success_url());
        browser.arrives_at(&welcome).await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_element_takes_what_it_is_told_before_its_widget_is_there() {
    scenario(async |stage| {
        let browser = &stage.browser;
        open_html(stage, "").await?;
        let put = "const element = document.createElement('railhead-connect');
            element.setAttribute('widget-id', arguments[0]);
            element.setAttribute('modal', '');
            element.setAttribute('open', 'false');
            document.body.append(element);
            window.told = [];
            element.options = {
                messages: { 'picker.title': 'Link your books' },
                onConnect() {},
                onEvent: ({ type }) => window.told.push(type),
            };
            element.open();";
        browser.script(put, vec![stage.widget.id.clone().into()]).await?;
        browser.find(Role::Dialog, Name::Any).await?;
        browser.find(Role::Heading, "Link your books").await?;
        browser.becomes("window.told.join() === 'open,load'").await?;
        // An option that is taken back is as if it had never been there.
        let back = "document.querySelector('railhead-connect').options = {}; document.querySelector('railhead-connect').open()";
        browser.script(back, vec![]).await?;
        browser.find(Role::Heading, "Connect your software").await?;
        // So is one that was set before the element was known.
        let early = "const late = document.createElement('railhead-later');
            late.options = { messages: { 'picker.title': 'Early words' } };
            late.setAttribute('widget-id', arguments[0]);
            document.querySelector('railhead-connect').replaceWith(late);
            customElements.define('railhead-later', class extends customElements.get('railhead-connect') {});";
        browser.script(early, vec![stage.widget.id.clone().into()]).await?;
        browser.find(Role::Heading, "Early words").await?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn what_is_mounted_twice_and_cleared_away_once_is_there() {
    scenario(async |stage| {
        let browser = &stage.browser;
        open_html(stage, "<div id=place></div>").await?;
        for container in ["#place", ""] {
            // As a framework does it that mounts everything twice while developing.
            let mount = "const [widget, container] = arguments;
                const effect = () => {
                    const coming = Railhead.init(widget, 'Harbor Coffee Ltd', { container: container || null });
                    return { coming, clear: () => coming.then((connect) => connect.destroy()) };
                };
                effect().clear();
                effect().coming.then((connect) => (window.connect = connect));";
            let arguments = vec![stage.widget.id.clone().into(), container.into()];
            browser.script(mount, arguments).await?;
            browser.becomes("window.connect").await?;
            browser.find(Role::Searchbox, "Search").await?;
            let hosts = "return document.querySelectorAll('[data-railhead]').length";
            let hosts = browser.script(hosts, vec![]).await?;
            ensure!(hosts == 1, "{hosts} widgets");
            browser
                .script("window.connect.destroy(); delete window.connect", vec![])
                .await?;
            browser.loses(Role::Searchbox, "Search").await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_widget_taken_away_by_its_own_first_event_is_gone() {
    scenario(async |stage| {
        let browser = &stage.browser;
        open_html(stage, "").await?;
        let start = "window.told = [];
            Railhead.init(arguments[0], 'Harbor Coffee Ltd', {
                onEvent({ type }) {
                    window.told.push(type);
                    if (type === 'load') window.connect.destroy();
                },
            }).then((connect) => (window.connect = connect));";
        browser.script(start, vec![stage.widget.id.clone().into()]).await?;
        browser.becomes("window.told.join() === 'open,load,exit'").await?;
        let remains = "return [document.querySelectorAll('[data-railhead]').length, document.documentElement.getAttribute('style')]";
        let remains = browser.script(remains, vec![]).await?;
        ensure!(remains == json!([0, null]), "{remains}");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn no_element_of_the_page_passes_for_the_script() {
    scenario(async |stage| {
        let browser = &stage.browser;
        let html = format!(
            "<!doctype html><html lang=en><meta charset=utf-8><title>Host</title><link rel=icon href=data:,><body><h1>Comments</h1>
             <img name=currentScript alt=\"\" src=\"data:,#/railhead.js\" data-widget-id=wid_evil>
             <script src=\"{api}/railhead.js\" data-widget-id={widget} data-business-name=Harbor></script>",
            api = stage.railhead.url(),
            widget = stage.widget.id,
        );
        let path = stage.host.put_html(html);
        let address = format!("{}{path}", stage.host.origin());
        browser.goto(&address).await?;
        browser.find(Role::Searchbox, "Search").await?;
        Ok(())
    })
    .await;
}
