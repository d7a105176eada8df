//! Links to the hosted page: opened once, and over with the session they were given out with.

use super::place::{NOW, tenant};
use super::{Place, contract};
use futures_util::future::join_all;
use railhead_server::domain::id::SessionId;
use railhead_server::domain::session::Session;
use railhead_server::entropy::SystemEntropy;
use railhead_server::secret::Digest;
use railhead_server::store::{LinkStore as _, Saved, SessionStore as _};
use time::Duration;

contract!(
    one_of_many_browsers_opens_a_link,
    ending_a_session_ends_what_was_opened_with_its_link,
    a_link_is_never_opened_past_the_end_of_its_session,
);

/// A minted session with the link `link`.
async fn minted(place: &Place, link: &str) -> Session {
    let business = place.business(&format!("Business of {link}")).await;
    let session = Session {
        minted: true,
        expires_at: NOW + Duration::HOUR,
        ..place.session_of(&business)
    };
    let digest = Digest::of(session.id.as_str());
    let added = place
        .store
        .add_minted_session(&session, digest, Digest::of(link));
    added.await.unwrap();
    session
}

/// The session as a browser opens it with the link of `session`; its own end is a later one.
fn opened(session: &Session) -> Session {
    Session {
        id: SessionId::generate(&SystemEntropy),
        minted_from: Some(session.id.clone()),
        expires_at: NOW + Duration::DAY,
        ..session.clone()
    }
}

async fn one_of_many_browsers_opens_a_link(place: Place) {
    let session = minted(&place, "link").await;
    let found = place.store.session_by_id(&session.id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&session));
    let link = Digest::of("link");
    let fresh = place.store.session_link(link).await.unwrap().unwrap();
    assert_eq!((fresh.session, fresh.cookie), (session.id.clone(), None));

    let other = place.again().await;
    let asked = join_all((0..20).map(|number| {
        let store = if number % 2 == 0 {
            &*place.store
        } else {
            &other
        };
        let opened = opened(&session);
        let cookie = Digest::of(&format!("cookie {number}"));
        async move {
            let digest = Digest::of(opened.id.as_str());
            let saved = store.open_link(link, cookie, &opened, digest).await;
            (saved.unwrap(), cookie, digest, opened)
        }
    }))
    .await;
    let done = asked.iter().filter(|(saved, ..)| *saved == Saved::Done);
    assert_eq!(done.count(), 1);
    let kept = place.store.session_link(link).await.unwrap().unwrap();
    for (saved, cookie, digest, opened) in asked {
        let expected = (saved == Saved::Done).then_some(Session {
            expires_at: session.expires_at,
            ..opened
        });
        let found = place.store.session(digest).await.unwrap();
        assert_eq!(found, expected);
        assert_eq!(kept.cookie == Some(cookie), saved == Saved::Done);
    }
    let unknown = place.store.session_link(Digest::of("other")).await.unwrap();
    assert!(unknown.is_none());
}

async fn ending_a_session_ends_what_was_opened_with_its_link(place: Place) {
    let session = minted(&place, "link").await;
    let opened = opened(&session);
    let digest = Digest::of(opened.id.as_str());
    let link = Digest::of("link");
    let saved = place
        .store
        .open_link(link, Digest::of("cookie"), &opened, digest);
    assert_eq!(saved.await.unwrap(), Saved::Done);
    let (other, _) = tenant(&place.store, "other").await;
    let end = async |tenant, at| {
        let ended = place.store.end_session(tenant, &session.id, at).await;
        ended.unwrap()
    };
    let ends = async || {
        let found = [
            place.store.session_by_id(&session.id).await,
            place.store.session_by_id(&opened.id).await,
        ];
        found.map(|found| found.unwrap().unwrap().expires_at)
    };
    assert!(!end(&other, NOW).await, "it is not that tenant's");
    assert_eq!(ends().await, [session.expires_at; 2]);
    assert!(end(&place.tenant, NOW).await);
    assert_eq!(ends().await, [NOW; 2]);
    assert!(end(&place.tenant, NOW + Duration::MINUTE).await);
    assert_eq!(ends().await, [NOW; 2], "nothing that is over begins again");
}

async fn a_link_is_never_opened_past_the_end_of_its_session(place: Place) {
    let other = place.again().await;
    for number in 0..15 {
        let link = format!("link {number}");
        let session = minted(&place, &link).await;
        let opened = opened(&session);
        let digest = Digest::of(opened.id.as_str());
        let (saved, ended) = tokio::join!(
            other.open_link(Digest::of(&link), Digest::of("cookie"), &opened, digest),
            place.store.end_session(&place.tenant, &session.id, NOW)
        );
        assert_eq!(saved.unwrap(), Saved::Done);
        assert!(ended.unwrap());
        let found = place.store.session_by_id(&opened.id).await.unwrap();
        assert_eq!(found.unwrap().expires_at, NOW);
    }
}
