//! The pages people see: plain HTML without scripts, under the service's name and colour.

mod consent;
mod index;
mod login;
mod notice;

pub(crate) use consent::consent;
pub(crate) use index::index;
pub(crate) use login::{LoginProblem, login};
pub(crate) use notice::{Notice, notice};

use crate::{app::App, brand::Brand, color::Color, service::Service};
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use maud::{DOCTYPE, Markup, html};

/// The stylesheet of all pages.
pub(crate) const STYLE: &str = concat!(include_str!("style.css"), include_str!("content.css"));

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Whose page it is and how it may behave.
pub(crate) struct Setting {
    brand: Brand,
    root: String,
    path: String,
    return_origin: Option<String>,
    isolated: bool,
}

impl Setting {
    /// A page of this service.
    pub(crate) async fn of(app: &App, service: &Service) -> Self {
        let brand = app.brand(service).await;
        let (root, path) = (app.root().to_owned(), app.path(service));
        Self {
            brand,
            root,
            path,
            return_origin: None,
            isolated: false,
        }
    }

    /// The forms of the page may lead to this origin: browsers hold redirects after a form against `form-action`.
    pub(crate) fn returning_to(self, origin: String) -> Self {
        Self {
            return_origin: Some(origin),
            ..self
        }
    }

    /// Whether the page cuts itself off from the window that opened it.
    pub(crate) fn isolated(self, isolated: bool) -> Self {
        Self { isolated, ..self }
    }
}

/// Marks an answer as cut off from the window that opened it.
pub(crate) fn isolate(response: &mut Response) {
    response
        .headers_mut()
        .insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
}

/// A whole page around its content.
fn page(status: StatusCode, setting: Option<&Setting>, title: &str, content: &Markup) -> Response {
    let root = setting.map_or("", |setting| setting.root.as_str());
    let name = setting.map_or("Demo provider", |setting| {
        setting.brand.display_name.as_str()
    });
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (name) }
                link rel="stylesheet" href={ (root) "/-/style.css" };
                @if let Some(setting) = setting {
                    link rel="stylesheet" href={ (setting.path) "/brand.css" };
                    link rel="icon" type="image/svg+xml" href={ (setting.path) "/mark.svg" };
                } @else {
                    link rel="icon" href="data:,";
                }
            }
            body {
                div class="sheet" {
                    header class="band" {
                        span class="monogram" aria-hidden="true" {
                            (setting.map_or_else(|| "D".to_owned(), |setting| setting.brand.monogram()))
                        }
                        span class="name" { (name) }
                        @if setting.is_some() { span class="badge" { "Demo" } }
                    }
                    main { (content) }
                    footer {
                        @if setting.is_some() {
                            p { "Demo provider of Railhead Connect. This is not the real " (name) "." }
                        } @else {
                            p { "Demo provider of Railhead Connect." }
                        }
                    }
                }
            }
        }
    };
    respond(status, setting, markup)
}

fn respond(status: StatusCode, setting: Option<&Setting>, markup: Markup) -> Response {
    let origin = setting
        .and_then(|setting| setting.return_origin.as_deref())
        .unwrap_or_default();
    // No further than to the client: where that sends the browser on to does not come from this page's form.
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self' {origin}; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
    ];
    let mut response = (status, headers, markup.into_string()).into_response();
    if setting.is_some_and(|setting| setting.isolated) {
        isolate(&mut response);
    }
    response
}

/// The colours of a service as custom properties, with shades that stay readable on the light and the dark card.
pub(crate) fn brand_style(brand: &Brand) -> String {
    let color = brand.color;
    // The name on the band is large and bold, so 3:1 is enough there; everything smaller gets 4.5:1.
    let on_brand = color.text_on(3.0);
    let letter = color.readable_on(Color::WHITE, Color::INK, 4.5);
    let light = if on_brand == Color::WHITE {
        color.readable_on(Color::WHITE, Color::INK, 4.5)
    } else {
        color
    };
    // On the dark card the minimum makes buttons look switched off, most of all those of black brands.
    let enough = if color.is_grey() { 13.0 } else { 7.0 };
    let dark = color.readable_on(Color::NIGHT, Color::WHITE, enough);
    format!(
        ":root{{--brand:{color};--on-brand:{on_brand};--letter:{letter};--accent:{letter};\
         --action:{light};--on-action:{}}}\
         @media (prefers-color-scheme:dark){{:root{{--accent:{dark};--action:{dark};--on-action:{}}}}}",
        light.text_on(4.5),
        dark.text_on(4.5),
    )
}

/// The monogram as a picture, for the browser's tab.
pub(crate) fn mark(brand: &Brand) -> String {
    let (fill, letters) = (
        brand.color.to_string(),
        brand.color.text_on(3.0).to_string(),
    );
    let markup = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" {
            rect width="32" height="32" rx="7" fill=(fill);
            text x="16" y="21.5" fill=(letters) font-family="system-ui, sans-serif" font-size="15" font-weight="700"
                text-anchor="middle" { (brand.monogram()) }
        }
    };
    markup.into_string()
}

#[cfg(test)]
mod tests {
    use super::{brand_style, mark};
    use crate::{brand::Brand, color::Color};

    #[test]
    fn writes_only_colours_into_styles_and_escapes_the_monogram() {
        let brand = Brand {
            display_name: "<b> &amp".into(),
            color: Color::SLATE,
        };
        let style = brand_style(&brand);
        assert!(
            style.starts_with(":root{--brand:#33558b;--on-brand:#ffffff;--letter:#33558b;"),
            "{style}"
        );
        assert!(
            mark(&brand).ends_with(">BA</text></svg>"),
            "{}",
            mark(&brand)
        );
    }
}
