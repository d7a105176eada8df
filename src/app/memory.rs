//! What a visit remembers over a reload, in the tab's `sessionStorage`: its token and what is under way, and nothing
//! that was entered. Where the browser keeps nothing, a reload starts anew.

use std::cell::RefCell;
use web_sys::{Storage, Window};

/// The query parameter that the browser brings back from the service.
const PARAMETER: &str = "railhead_claim=";

thread_local! {
    /// What this page was come back to with: taken out of the address once, for whichever widget left.
    static BROUGHT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// The session's token.
    pub(super) token: String,
    /// Whose it is, `biz_…`
    pub(super) business: String,
    /// The authorization under way.
    pub(super) authorization: String,
    /// The service of the attempt under way.
    pub(super) service: String,
    /// The connection that it renews.
    pub(super) connection: String,
    /// The connections made in this visit, with commas between them.
    pub(super) made: String,
    /// The authorization has come to a good end, and the host page has been told.
    pub(super) told: bool,
    /// Where on the way the person is, as the journey writes it; empty at the beginning.
    pub(super) way: String,
}

/// The place where one widget's visits are remembered.
#[derive(Debug)]
pub(super) struct Memory {
    key: String,
    storage: Option<Storage>,
    record: RefCell<Record>,
}

impl Memory {
    /// What this tab remembers of the visits of `widget_id` for `business`. The loader reads the same place.
    pub(super) fn new(page: &Window, api_url: &str, widget_id: &str, business: &str) -> Self {
        let key = ["railhead", api_url, widget_id, business].join(" ");
        let storage = page.session_storage().ok().flatten();
        let text = storage
            .as_ref()
            .and_then(|storage| storage.get_item(&key).ok().flatten());
        let record = text.as_deref().and_then(Record::read).unwrap_or_default();
        Self {
            key,
            storage,
            record: RefCell::new(record),
        }
    }

    pub(super) fn record(&self) -> Record {
        self.record.borrow().clone()
    }

    /// Remembers this, if it is anything new.
    pub(super) fn keep(&self, record: Record) {
        if *self.record.borrow() == record {
            return;
        }
        if let Some(storage) = &self.storage {
            // A full or closed storage only means that a reload starts anew.
            let _ = storage.set_item(&self.key, &record.write());
        }
        self.record.replace(record);
    }
}

impl Record {
    /// Forgets what was under way.
    pub(super) fn at_rest(self) -> Self {
        Self {
            authorization: String::new(),
            service: String::new(),
            connection: String::new(),
            told: false,
            ..self
        }
    }

    /// Forgets the visit, and goes on remembering the session.
    pub(super) fn at_end(self) -> Self {
        Self {
            made: String::new(),
            way: String::new(),
            ..self.at_rest()
        }
    }

    fn words(&self) -> [&str; 8] {
        [
            &self.token,
            &self.business,
            &self.authorization,
            &self.service,
            &self.connection,
            &self.made,
            if self.told { "told" } else { "" },
            &self.way,
        ]
    }

    fn write(&self) -> String {
        self.words()
            .map(|word| if word.is_empty() { "-" } else { word })
            .join(" ")
    }

    /// `None` where somebody else wrote.
    fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let mut word = || {
            let word = words.next()?;
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ',');
            let word = if word == "-" { "" } else { word };
            word.chars().all(plain).then(|| word.to_owned())
        };
        Some(Self {
            token: word()?,
            business: word()?,
            authorization: word()?,
            service: word()?,
            connection: word()?,
            made: word()?,
            // The version before knew no more.
            told: word().is_some_and(|told| !told.is_empty()),
            way: word().unwrap_or_default(),
        })
    }
}

/// What the browser brought back for the authorization `id`.
pub(super) fn brought_back(page: &Window, id: &str) -> Option<String> {
    clear_address(page);
    BROUGHT.with_borrow(|brought| {
        let (of, claim) = brought.as_deref()?.split_once('.')?;
        // It is kept: when the call that claims it is lost on the way, it is made once more.
        (of == id).then(|| claim.to_owned())
    })
}

/// Takes what the browser brought back out of the page's address, where histories and other scripts would see it.
pub(super) fn clear_address(page: &Window) {
    let location = page.location();
    let (Ok(path), Ok(search), Ok(hash)) =
        (location.pathname(), location.search(), location.hash())
    else {
        return;
    };
    let Some((rest, claim)) = without_claim(&search) else {
        return;
    };
    BROUGHT.set(Some(claim));
    if let Ok(history) = page.history() {
        let state = history.state().unwrap_or_default();
        // Browsers refuse addresses of other origins only.
        let _ = history.replace_state_with_url(&state, "", Some(&[path, rest, hash].concat()));
    }
}

/// The query without the parameter, and its value; `None` where it has none.
fn without_claim(search: &str) -> Option<(String, String)> {
    let query = search.strip_prefix('?')?;
    let mut claim = None;
    let mut rest = String::new();
    for part in query.split('&') {
        if let Some(value) = part.strip_prefix(PARAMETER) {
            claim = Some(value.to_owned());
        } else {
            rest.push(if rest.is_empty() { '?' } else { '&' });
            rest.push_str(part);
        }
    }
    claim.map(|claim| (rest, claim))
}

#[cfg(test)]
mod tests {
    use super::{Record, without_claim};

    #[test]
    fn reads_what_it_wrote_and_nothing_else() {
        let record = Record {
            token: "ses_a-B_1".into(),
            business: "biz_1".into(),
            authorization: "ath_1".into(),
            service: "xero".into(),
            connection: String::new(),
            made: "con_1,con_2".into(),
            told: true,
            way: "bns".into(),
        };
        assert_eq!(
            record.write(),
            "ses_a-B_1 biz_1 ath_1 xero - con_1,con_2 told bns"
        );
        assert_eq!(Record::read(&record.write()), Some(record.clone()));
        let rest = record.clone().at_rest();
        assert_eq!(rest.write(), "ses_a-B_1 biz_1 - - - con_1,con_2 - bns");
        assert_eq!(Record::read(&rest.write()), Some(rest));
        assert_eq!(record.at_end().write(), "ses_a-B_1 biz_1 - - - - - -");
        let before = Record::read("ses_a biz_1 - - - con_1").map(|record| record.write());
        assert_eq!(before.as_deref(), Some("ses_a biz_1 - - - con_1 - -"));
        for foreign in ["", "{}", "ses_1 biz_1", "a b ../c d e f g h", "ses_1  "] {
            assert_eq!(Record::read(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn leaves_the_rest_of_the_address_as_it_is() {
        let read = |search| without_claim(search).map(|(rest, claim)| [rest, claim].join(" "));
        assert_eq!(read("?railhead_claim=ath_1.x").as_deref(), Some(" ath_1.x"));
        assert_eq!(
            read("?a=%20b&railhead_claim=ath_1.x&c").as_deref(),
            Some("?a=%20b&c ath_1.x")
        );
        assert_eq!(read("?my_railhead_claim=1"), None);
        assert_eq!(read(""), None);
    }
}
