use super::{Unpaintable, first_step, nodes};
use crate::flow::session::samples::{connection, service};
use railhead_protocol::{
    Ahead, AuthorizationKind, Business, BusinessStatus, ConnectionStatus, Environment, Links,
    PaintNode, ServiceKind, SessionState, WidgetCard,
};
use std::collections::BTreeMap;

const HOSTILE: &str = r#"</p><img src=x onerror="alert(1)">'&amp;<script>alert(2)</script>"#;
const MODAL: &str = r#"{"modal":true,"base":"https://connect.example"}"#;

fn session() -> SessionState {
    SessionState {
        session_token: None,
        expires_at: "2026-11-22T10:30:00Z".into(),
        widget: WidgetCard {
            widget_id: "wid_1".into(),
            environment: Environment::Sandbox,
            company_name: "Northwind Lending".into(),
            logo: None,
            success_url: None,
            close_url: None,
            kinds: Vec::new(),
            required_kinds: Vec::new(),
            skippable: true,
            overview: None,
            validity_months: 12,
            theme: BTreeMap::new(),
            messages: BTreeMap::new(),
            links: Links::default(),
            may_disconnect: false,
        },
        business: Business {
            business_name: "Harbor Coffee".into(),
            business_uuid: "biz_1".into(),
            status: BusinessStatus::New,
            created_at: "2026-11-22T09:30:00Z".into(),
        },
        services: ["Xero", "Sage Accounting", "FreshBooks"]
            .map(|name| service(&name.to_lowercase().replace(' ', "_"), name))
            .into(),
        connections: vec![connection("xero", ConnectionStatus::Active)],
        first_paint: None,
    }
}

fn paint(wishes: &str, session: &SessionState) -> Vec<PaintNode> {
    first_step(wishes, None, session).expect("nodes").nodes
}

/// With options as JSON.
fn with(options: &str) -> String {
    format!(r#"{{"modal":true,"base":"https://connect.example","options":{options}}}"#)
}

/// Every element and every text, in order.
fn walk<'n>(nodes: &'n [PaintNode], visit: &mut dyn FnMut(&'n PaintNode)) {
    for node in nodes {
        visit(node);
        if let PaintNode::Element(_, _, inner) = node {
            walk(inner, visit);
        }
    }
}

fn texts(nodes: &[PaintNode]) -> Vec<&str> {
    let mut found = Vec::new();
    walk(nodes, &mut |node| {
        if let PaintNode::Text(text) = node {
            found.push(text.as_str());
        }
    });
    found
}

/// The values of an attribute, wherever it stands.
fn values<'n>(nodes: &'n [PaintNode], name: &str) -> Vec<&'n str> {
    let mut found = Vec::new();
    walk(nodes, &mut |node| {
        if let PaintNode::Element(_, attributes, _) = node {
            let pairs = attributes.chunks(2).filter(|pair| pair[0] == name);
            found.extend(pairs.map(|pair| pair[1].as_str()));
        }
    });
    found
}

#[test]
fn the_first_step_shows_the_services_and_how_they_stand() {
    let nodes = paint(MODAL, &session());
    let texts = texts(&nodes);
    for shown in ["Xero", "Connected", "Sage Accounting", "FreshBooks"] {
        assert!(texts.contains(&shown), "{shown} is not in {texts:?}");
    }
    assert!(texts.iter().any(|text| text.contains("Northwind Lending")));
}

#[test]
fn a_service_that_asks_for_nothing_first_leads_to_its_consent_step() {
    let mut session = session();
    session.services[1].kind = ServiceKind::Banking;
    let mut shop = service("shop", "Shop");
    shop.authorization = AuthorizationKind::Form;
    session.services.push(shop);
    session.widget.company_name = HOSTILE.into();
    let Ahead { steps, services } = first_step(MODAL, None, &session)
        .expect("a step")
        .ahead
        .expect("steps ahead");
    // One is connected already; the kinds of the next two are asked for in different words; the last one asks itself.
    assert_eq!(services, [None, Some(0), Some(1), None]);
    for step in &steps {
        let texts = texts(step);
        let title = format!("Connect {}", Ahead::NAME);
        assert!(texts.contains(&&*title), "{texts:?}");
        assert!(texts.iter().any(|text| text.contains(HOSTILE)));
        assert!(values(step, "class").contains(&"rh-mark is-hero"));
    }
    assert_ne!(steps[0], steps[1]);
    let overview = first_step(
        &with(r#"{"kinds":["accounting","banking"]}"#),
        None,
        &session,
    );
    assert_eq!(overview.expect("a step").ahead, None);
}

#[test]
fn names_that_people_choose_stay_text() {
    let mut session = session();
    session.widget.company_name = HOSTILE.into();
    session.services[1].display_name = HOSTILE.into();
    session.services[2].icon = Some(format!("/{HOSTILE}"));
    session.widget.links.help = Some(format!("https://a.example/{HOSTILE}"));
    let nodes = paint(
        &with(&format!(r#"{{"messages":{{"search.hint":{HOSTILE:?}}}}}"#)),
        &session,
    );
    assert!(texts(&nodes).contains(&HOSTILE));
    assert!(
        texts(&nodes)
            .iter()
            .any(|text| text.len() > HOSTILE.len() && text.contains(HOSTILE))
    );
    assert_eq!(values(&nodes, "placeholder"), [HOSTILE]);
    assert_eq!(
        values(&nodes, "src"),
        [format!("https://connect.example/{HOSTILE}")]
    );
    assert_eq!(
        values(&nodes, "href"),
        [format!("https://a.example/{HOSTILE}")]
    );
    walk(&nodes, &mut |node| {
        if let PaintNode::Element(name, attributes, _) = node {
            assert_ne!(name, "script");
            assert!(attributes.chunks(2).all(|pair| !pair[0].starts_with("on")));
        }
    });
}

#[test]
fn the_options_of_the_host_page_count() {
    let options = r#"{"services":{"exclude":["sage_accounting"]},"messages":{"search":"Find","nonsense":"x","picker.title":null},
        "logo":"/logo.svg","links":{"terms":"/terms","privacy":"javascript:alert(1)"},"kinds":["accounting"]}"#;
    let nodes = paint(&with(options), &session());
    assert!(!texts(&nodes).contains(&"Sage Accounting"));
    assert!(values(&nodes, "aria-label").contains(&"Find"));
    assert_eq!(values(&nodes, "href"), ["/terms"]);
}

#[test]
fn what_only_the_widget_understands_is_left_to_it() {
    for paint in [
        "",
        "nonsense",
        "{}",
        r#"{"modal":true,"base":"javascript:alert(1)"}"#,
        &with(r#"{"kinds":"accounting"}"#),
        &with(r#"{"logo":7}"#),
        &with(r#"{"ofAnotherVersion":true}"#),
        &with(r#"{"services":{"only":[]}}"#),
    ] {
        let refused = first_step(paint, None, &session());
        assert!(matches!(refused, Err(Unpaintable::Options(_))), "{paint}");
    }
}

#[test]
fn visitors_are_served_at_once_and_share_nothing() {
    let alone = paint(MODAL, &session());
    std::thread::scope(|scope| {
        for number in 0..8 {
            let alone = &alone;
            scope.spawn(move || {
                let mut theirs = session();
                theirs.connections.clear();
                theirs.widget.company_name = format!("Company {number}");
                let nodes = paint(MODAL, &theirs);
                let named = format!("Company {number} ");
                assert!(texts(&nodes).iter().any(|text| text.contains(named.trim())));
                assert!(!texts(&nodes).contains(&"Connected"));
                assert_eq!(paint(MODAL, &session()), *alone);
            });
        }
    });
}

#[test]
fn nodes_are_read_as_the_framework_writes_them() {
    let text = |text: &str| PaintNode::Text(text.into());
    let element = |name: &str, attributes: &[&str], nodes| {
        let attributes = attributes.iter().map(ToString::to_string).collect();
        PaintNode::Element(name.into(), attributes, nodes)
    };
    assert_eq!(
        nodes::read(
            r#"<p class="a &quot;b&quot;" hidden>x &lt; y &amp; z<!>s</p><!----><img alt=""><svg><path d="M1"></path></svg>"#
        ),
        Ok(vec![
            element(
                "p",
                &["class", "a \"b\"", "hidden", ""],
                vec![text("x < y & z"), PaintNode::Mark(()), text("s")]
            ),
            PaintNode::Mark(()),
            element("img", &["alt", ""], vec![]),
            element("svg", &[], vec![element("path", &["d", "M1"], vec![])]),
        ])
    );
}

#[test]
fn nothing_that_acts_is_sent() {
    for html in [
        "<script></script>",
        "<iframe></iframe>",
        r#"<img onerror="x">"#,
        r#"<p onClick="x"></p>"#,
        r#"<a href="javascript:x"></a>"#,
        r#"<button formaction="x"></button>"#,
        r#"<p src="x"></p>"#,
        "<p>",
        "</p>",
        "<p></div>",
        "<p",
        r#"<p class="x></p>"#,
        "&nbsp;",
        "a & b",
        "<!-- x -->",
        "<p a'=\"1\"></p>",
    ] {
        assert!(nodes::read(html).is_err(), "{html}");
    }
    let deep = "<p>".repeat(100) + &"</p>".repeat(100);
    assert!(nodes::read(&deep).is_err());
}
