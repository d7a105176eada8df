//! An authorization that goes on in the widget's own tab: where the browser comes back to, and what it has to bring so
//! that anything comes of it. This is the guard against session fixation where no opener can vouch for the window.

use super::widget::Origin;
use crate::secret::Digest;
use time::Duration;
use url::Url;

/// How long a code is kept for the page that began. It is on its way back there.
pub const CLAIM_LIFETIME: Duration = Duration::minutes(5);

/// What the nonces of the widget's own tab begin with: each kind of nonce is worth nothing as the other.
pub const NONCE_PREFIX: &str = "tab_";

/// The query parameter that the browser brings back.
pub const PARAMETER: &str = "railhead_claim";

/// The most characters of an address to come back to.
const LONGEST: usize = 2048;

/// Where the browser comes back to, and what it has to bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Homecoming {
    /// A page of the origin that began.
    pub address: String,
    /// Of the value that the page has to show, for a browser that was sent off without an opener.
    pub claim: Option<Digest>,
}

/// `asked` as an address to come back to: a page of `origin`, exactly.
#[must_use]
pub fn address(asked: &str, origin: &Origin) -> Option<Url> {
    if asked.len() > LONGEST {
        return None;
    }
    let mut url = Url::parse(asked).ok()?;
    // An address of a `blob:` has its maker's origin as well.
    let is_web = matches!(url.scheme(), "http" | "https");
    let is_ours = is_web && Origin::of(&url).as_ref() == Some(origin);
    let names_nobody = url.username().is_empty() && url.password().is_none();
    if !is_ours || !names_nobody {
        return None;
    }
    // What an earlier visit brought back is of no use any more.
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != PARAMETER)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    if kept.len() < url.query_pairs().count() {
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
    }
    Some(url)
}

impl Homecoming {
    /// The address, if it is still one of `origin`.
    #[must_use]
    pub fn url(&self, origin: &Origin) -> Option<Url> {
        address(&self.address, origin)
    }
}

#[cfg(test)]
mod tests {
    use super::address;
    use crate::domain::widget::Origin;

    #[test]
    fn leads_to_the_origin_that_began_and_nowhere_else() {
        let origin = Origin::parse("https://northwind.example").unwrap();
        let read = |asked: &str| address(asked, &origin).map(String::from);
        for good in [
            "https://northwind.example/",
            "https://northwind.example/connect?step=2&step=3#/books",
            "https://northwind.example/a%20b?x=%2F",
        ] {
            assert_eq!(read(good).as_deref(), Some(good));
        }
        for bad in [
            "https://northwind.example.evil.example/",
            "https://evil.example/?https://northwind.example/",
            "https://northwind.example@evil.example/",
            "https://user@northwind.example/",
            "https://northwind.example:8443/",
            "http://northwind.example/",
            "//northwind.example/",
            "/connect",
            "javascript:alert(1)//northwind.example",
            "blob:https://northwind.example/1",
            "",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(
            read(&format!("https://northwind.example/{}", "a".repeat(2048))),
            None
        );
    }

    #[test]
    fn brings_nothing_old_along() {
        let origin = Origin::parse("https://northwind.example").unwrap();
        let read = |asked: &str| address(asked, &origin).map(String::from);
        assert_eq!(
            read("https://northwind.example/?a=1&railhead_claim=ath_1.old#x").as_deref(),
            Some("https://northwind.example/?a=1#x")
        );
        assert_eq!(
            read("https://northwind.example/?railhead_claim=old").as_deref(),
            Some("https://northwind.example/")
        );
    }
}
