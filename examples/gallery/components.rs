//! All components in all their states, on one page.

use leptos::prelude::*;
use railhead_widget::components::{
    Brand, Button, ButtonKind, Choice, Control, Fact, Footer, Header, Heading, Icon, Mark,
    MarkSize, Notice, Pair, PairState, Picture, ProgressState, ProgressStep, RadioOption, Seal,
    SealKind, Search, ServiceTile, TextField, TileStatus, Tone, Way,
};
use std::cmp::Ordering;

/// The page of all components. Each section is one component, the states side by side.
#[component]
pub(crate) fn Components() -> impl IntoView {
    view! {
        <div class="rh-body">
            <Heading text="Components".into() focus=false />
            {section("Button", buttons().into_any())}
            {section("Service tile", tiles().into_any())}
            {section("Search", searches().into_any())}
            {section("Text field", fields().into_any())}
            {section("Option", options().into_any())}
            {section("Notice", notices().into_any())}
            {section("Fact", facts().into_any())}
            {section("Seal", seals().into_any())}
            {section("Mark", marks().into_any())}
            {section("Pair", pairs().into_any())}
            {section("Icon", icons().into_any())}
            {section("Header", headers().into_any())}
            {section("Footer", footers().into_any())}
        </div>
    }
}

fn section(name: &'static str, content: AnyView) -> impl IntoView {
    view! {
        <section aria-label=name style="display: grid; gap: 12px; margin-block-end: 20px">
            <p class="rh-lead">{name}</p>
            <div style="display: grid; gap: 8px; grid-template-columns: repeat(auto-fill, minmax(min(280px, 100%), 1fr)); align-items: start">
                {content}
            </div>
        </section>
    }
}

fn nothing() -> Callback<()> {
    Callback::new(|()| {})
}

fn buttons() -> impl IntoView {
    let kinds = [
        (ButtonKind::Primary, "Continue to Xero"),
        (ButtonKind::Secondary, "Open the window again"),
        (ButtonKind::Quiet, "Cancel"),
    ];
    [false, true]
        .map(|busy| {
            kinds.map(|(kind, label)| {
                let busy = Signal::stored(busy);
                view! { <Button kind label=label.into() busy on_press=nothing() /> }
            })
        })
        .into_iter()
        .flatten()
        .collect_view()
}

/// A service, with or without its logo and its colour.
fn brand(name: &str, logo: Option<&str>, color: Option<&str>) -> Brand {
    Brand {
        name: name.into(),
        logo: logo.map(|logo| format!("./icons/{logo}")),
        color: color.map(Into::into),
        full_bleed: false,
    }
}

fn xero() -> Brand {
    brand("Xero", Some("xero.svg"), None)
}

fn northwind() -> Brand {
    Brand {
        name: "Northwind Lending".into(),
        logo: Some("northwind.svg".into()),
        color: None,
        full_bleed: true,
    }
}

fn tiles() -> impl IntoView {
    let long = "Ledger and Stock for Wholesale Bakeries of the North";
    [
        (xero(), TileStatus::Plain, ""),
        (xero(), TileStatus::Good, "Connected"),
        (xero(), TileStatus::Due, "Reconnect"),
        (
            brand("FreshBooks", None, Some("#0075dd")),
            TileStatus::Plain,
            "",
        ),
        (brand("Ledger", None, None), TileStatus::Plain, ""),
        (
            brand(long, None, Some("#ffe14d")),
            TileStatus::Due,
            "Reconnect",
        ),
    ]
    .map(|(brand, status, label)| {
        view! { <ServiceTile brand status label=label.into() first=true /> }
    })
    .collect_view()
}

fn searches() -> impl IntoView {
    ["", "quick"]
        .map(|typed| {
            let query = RwSignal::new(typed.to_owned());
            view! { <Search label="Search".into() hint="Search by name".into() clear_label="Clear search".into() query input=NodeRef::new() /> }
        })
        .collect_view()
}

fn fields() -> impl IntoView {
    let choices = ["Europe", "United States"].map(|label| Choice {
        value: label.into(),
        label: label.into(),
    });
    let field = |name: &str, control, value: &str, wrong: &str| {
        let line = control == Control::Line;
        view! {
            <TextField
                name=name.into()
                label="Shop address".into()
                optional=(name == "optional").then(|| "optional".into())
                control
                value=value.into()
                pattern=None
                suffix=line.then(|| ".myshopify.com".into())
                hint=line.then(|| "For example: harbor-coffee".into())
                wrong=RwSignal::new(wrong.into())
            />
        }
    };
    [
        field("empty", Control::Line, "", ""),
        field("optional", Control::Line, "harbor-coffee", ""),
        field(
            "wrong",
            Control::Line,
            "harbor coffee",
            "There is no shop at this address.",
        ),
        field("hidden", Control::Hidden, "secret", ""),
        field("select", Control::Select(choices.into()), "Europe", ""),
    ]
    .collect_view()
}

fn options() -> impl IntoView {
    let chosen = RwSignal::new(String::new());
    ["Harbor Coffee Ltd", "Harbor Roasters & Wholesale Beans of the Eastern Seaboard Ltd"]
        .map(|label| {
            view! { <RadioOption group="gallery" value=label.into() label=label.into() described_by="" chosen /> }
        })
        .collect_view()
}

fn notices() -> impl IntoView {
    [
        (Tone::Quiet, Picture::Again, "Reconnecting", "Carry on; nothing is lost."),
        (
            Tone::Warning,
            Picture::Window,
            "The window was closed",
            "If you finished at Xero, wait a moment. If not, open it again.",
        ),
    ]
    .map(|(tone, picture, title, text)| {
        view! { <Notice tone picture title=title.into() text=text.into() shown=Signal::stored(true) /> }
    })
    .collect_view()
}

fn facts() -> impl IntoView {
    let title = "You sign in at Xero";
    let text = "Your password stays there. Northwind Lending never sees it.";
    view! { <ul><Fact picture=Picture::Key title=title.into() text=text.into() /></ul> }
}

fn seals() -> impl IntoView {
    [
        (SealKind::Good, Picture::Check),
        (SealKind::Neutral, Picture::Clock),
        (SealKind::Warning, Picture::Window),
        (SealKind::Bad, Picture::Warning),
    ]
    .map(|(kind, picture)| view! { <Seal kind picture /> })
    .collect_view()
}

fn marks() -> impl IntoView {
    let brands = || {
        [
            xero(),
            northwind(),
            brand("FreshBooks", None, Some("#0075dd")),
            brand("Yellow", None, Some("#ffe14d")),
            brand("Ledger", None, None),
        ]
    };
    [MarkSize::Tile, MarkSize::Hero]
        .map(|size| {
            let marks = brands().map(|brand| view! { <Mark brand size /> });
            view! { <div style="display: flex; gap: 8px">{marks.collect_view()}</div> }
        })
        .collect_view()
}

fn pairs() -> impl IntoView {
    [PairState::Safe, PairState::Moving]
        .map(|state| view! { <Pair from=northwind() to=xero() state /> })
        .collect_view()
}

fn icons() -> impl IntoView {
    use Picture::{
        Again, Back, Check, Clock, Close, Cross, Document, Flask, Forward, Info, Key, Lock, Person,
        Search, Shield, Warning, Window,
    };
    let icons = [
        Back, Forward, Close, Cross, Search, Document, Key, Shield, Person, Lock, Flask, Check,
        Info, Warning, Clock, Window, Again,
    ];
    let icons = icons.map(|picture| {
        view! { <span style="inline-size: 24px; block-size: 24px"><Icon picture /></span> }
    });
    view! { <div style="display: flex; flex-wrap: wrap; gap: 12px">{icons.collect_view()}</div> }
}

fn headers() -> impl IntoView {
    (0..4)
        .map(|position| {
            let way = |label: &str, open| Way {
                label: label.into(),
                open,
                on_take: nothing(),
            };
            view! {
                <Header
                    progress_label="Progress".into()
                    steps=steps(position)
                    back=way("Back", position == 1)
                    close=way("Close", true)
                />
            }
        })
        .collect_view()
}

/// The second was passed over, once it is behind.
fn steps(position: usize) -> Vec<ProgressStep> {
    let step = |(place, name): (usize, &&str)| ProgressStep {
        name: (*name).into(),
        state: match place.cmp(&position) {
            Ordering::Greater => ProgressState::Ahead,
            Ordering::Equal => ProgressState::Current,
            Ordering::Less if place == 1 => ProgressState::Skipped,
            Ordering::Less => ProgressState::Done,
        },
    };
    let names = ["Overview", "Accounting", "Banking", "Done"];
    names.iter().enumerate().map(step).collect()
}

fn footers() -> impl IntoView {
    let links = || {
        ["Terms", "Privacy", "Help"]
            .map(|name| (name.to_owned(), "https://northwind.example".to_owned()))
            .into()
    };
    [None, Some("Sandbox".to_owned())]
        .map(|badge| view! { <Footer secured="Secured by Railhead".into() badge links=links() /> })
        .collect_view()
}
