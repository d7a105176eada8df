//! Sealing and opening as the server does it: what opens, what does not, and how keys are rotated.
#![expect(clippy::expect_used, reason = "a test stops where its own steps fail")]

use railhead_vault::{CheckError, Context, Key, KeyRing, OpenError, Random, SealError, Sealed};
use secrecy::{ExposeSecret as _, SecretString};
use std::cell::Cell;

const PLACE: Context<'static> = Context {
    workspace: "wsp_1",
    record: "con_1",
    field: "access_token",
    version: 7,
};
const SECRET: &str = "eyJhbGciOi.a-token.of-the_usual~kind";

/// The same bytes in every run, never the same twice within one.
fn sequence(seed: u64) -> impl Random {
    let state = Cell::new(seed);
    move |buffer: &mut [u8]| {
        for byte in buffer {
            state.set(
                state
                    .get()
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(seed | 1),
            );
            *byte = state.get().to_be_bytes()[0];
        }
    }
}

fn sealed_by(ring: &KeyRing) -> Sealed {
    ring.seal(&PLACE, SECRET.as_bytes(), &sequence(99))
        .expect("short enough")
}

fn refused(sealed: &Sealed) -> OpenError {
    OpenError::Refused(sealed.key_id().clone())
}

#[test]
fn opens_what_was_sealed_for_the_same_place() {
    let (ring, random) = (KeyRing::generate(&sequence(1)), sequence(2));
    for secret in ["", "x", SECRET, &"long ".repeat(2000)] {
        let sealed = ring
            .seal_text(&PLACE, &SecretString::from(secret), &random)
            .expect("fits");
        let stored = sealed.to_string().parse().expect("own text");
        let opened = ring.open_text(&PLACE, &stored).expect("same place");
        assert_eq!(opened.expose_secret(), secret);
    }
}

#[test]
fn secrets_that_are_not_text_open_as_bytes_only() {
    let ring = KeyRing::generate(&sequence(1));
    let sealed = ring
        .seal(&PLACE, &[0xFF, 0, 0xFE], &sequence(2))
        .expect("fits");
    assert_eq!(
        ring.open(&PLACE, &sealed).expect("same place").as_slice(),
        [0xFF, 0, 0xFE]
    );
    assert_eq!(
        ring.open_text(&PLACE, &sealed).err(),
        Some(OpenError::NotText)
    );
}

#[test]
fn a_ciphertext_moved_elsewhere_does_not_open() {
    let ring = KeyRing::generate(&sequence(1));
    let sealed = sealed_by(&ring);
    let elsewhere = [
        Context {
            workspace: "wsp_2",
            ..PLACE
        },
        Context {
            record: "con_2",
            ..PLACE
        },
        Context {
            field: "refresh_token",
            ..PLACE
        },
        Context {
            version: 6,
            ..PLACE
        },
        Context {
            workspace: "wsp_",
            record: "1con_1",
            ..PLACE
        },
    ];
    for place in elsewhere {
        assert_eq!(
            ring.open(&place, &sealed),
            Err(refused(&sealed)),
            "{place:?}"
        );
        assert_eq!(
            ring.rewrap(&place, &sealed, &sequence(3)),
            Err(refused(&sealed)),
            "{place:?}"
        );
    }
}

#[test]
fn every_single_changed_character_is_noticed() {
    let ring = KeyRing::generate(&sequence(1));
    let text = sealed_by(&ring).to_string();
    for position in 0..text.len() {
        for bit in 0..7 {
            let mut bytes = text.clone().into_bytes();
            bytes[position] ^= 1 << bit;
            let changed = String::from_utf8(bytes).expect("ASCII");
            let opened = changed
                .parse()
                .and_then(|sealed| ring.open(&PLACE, &sealed));
            assert!(opened.is_err(), "bit {bit} of character {position}");
        }
    }
}

#[test]
fn parts_of_two_sealed_secrets_do_not_mix() {
    let (ring, random) = (KeyRing::generate(&sequence(1)), sequence(2));
    let one = ring
        .seal(&PLACE, b"the first secret", &random)
        .expect("fits")
        .to_string();
    let two = ring
        .seal(&PLACE, b"the other secret", &random)
        .expect("fits")
        .to_string();
    // The key id has 13 characters: the 15 + 24 + 48 bytes up to the second nonce are 116 characters.
    let mixed: Sealed = format!("{}{}", &one[..116], &two[116..])
        .parse()
        .expect("well formed");
    assert_eq!(ring.open(&PLACE, &mixed), Err(refused(&mixed)));
}

#[test]
fn sealing_the_same_secret_twice_shows_no_likeness() {
    let (ring, random) = (KeyRing::generate(&sequence(1)), sequence(2));
    let seal = || {
        ring.seal(&PLACE, SECRET.as_bytes(), &random)
            .expect("fits")
            .to_string()
    };
    let (one, two) = (seal(), seal());
    // The first 20 characters are the format and the key id.
    assert_eq!(one[..20], two[..20]);
    let same = one
        .bytes()
        .zip(two.bytes())
        .skip(20)
        .filter(|(a, b)| a == b)
        .count();
    assert!(same < one.len() / 8, "{same} of {} characters", one.len());
}

#[test]
fn a_ring_without_the_key_names_the_key_it_needs() {
    let sealed = sealed_by(&KeyRing::generate(&sequence(1)));
    let stranger = KeyRing::generate(&sequence(5));
    let error = stranger.open(&PLACE, &sealed).expect_err("another ring");
    assert_eq!(error, OpenError::UnknownKey(sealed.key_id().clone()));
    assert!(
        error.to_string().contains(sealed.key_id().as_str()),
        "{error}"
    );
}

#[test]
fn another_key_under_the_same_id_is_refused() {
    let ring = KeyRing::generate(&sequence(1));
    let sealed = sealed_by(&ring);
    let imposter = KeyRing::new(ring.active().clone(), Key::generate(&sequence(5)));
    assert_eq!(imposter.open(&PLACE, &sealed), Err(refused(&sealed)));
}

#[test]
fn a_rotation_can_stop_anywhere_and_everything_opens() {
    let random = sequence(2);
    let mut ring = KeyRing::generate(&sequence(1));
    let before = sealed_by(&ring);
    assert!(!ring.needs_rewrap(&before));

    let old = ring.active().clone();
    let new = ring.rotate(&random).expect("new id");
    assert!(ring.needs_rewrap(&before));
    let after = ring
        .rewrap(&PLACE, &before, &random)
        .expect("both keys are there");
    assert_eq!(after.key_id(), &new);
    assert!(!ring.needs_rewrap(&after));
    for sealed in [&before, &after] {
        assert_eq!(
            ring.open(&PLACE, sealed).expect("in the ring").as_slice(),
            SECRET.as_bytes()
        );
    }

    ring.remove(&old).expect("no longer active");
    assert_eq!(
        ring.open(&PLACE, &after).expect("in the ring").as_slice(),
        SECRET.as_bytes()
    );
    assert_eq!(ring.open(&PLACE, &before), Err(OpenError::UnknownKey(old)));
}

#[test]
fn a_secret_longer_than_the_limit_is_not_sealed() {
    let (ring, random) = (KeyRing::generate(&sequence(1)), sequence(2));
    let longest = vec![0; KeyRing::MAX_SECRET_LEN];
    assert!(ring.seal(&PLACE, &longest, &random).is_ok());
    let longer = vec![0; KeyRing::MAX_SECRET_LEN + 1];
    assert_eq!(ring.seal(&PLACE, &longer, &random), Err(SealError::TooLong));
}

#[test]
fn the_check_value_tells_a_right_ring_from_a_wrong_one() {
    let random = sequence(2);
    let mut ring = KeyRing::generate(&sequence(1));
    let id = ring.active().clone();
    let check = ring.check_value(&random).expect("short");
    ring.rotate(&random).expect("new id");
    assert_eq!(
        ring.verify_check(&check),
        Ok(()),
        "an older key still counts"
    );

    let stranger = KeyRing::generate(&sequence(5));
    assert_eq!(
        stranger.verify_check(&check),
        Err(CheckError::UnknownKey(id.clone()))
    );
    let imposter = KeyRing::new(id.clone(), Key::generate(&sequence(5)));
    assert_eq!(
        imposter.verify_check(&check),
        Err(CheckError::WrongKey(id.clone()))
    );
    assert_eq!(
        ring.verify_check(&sealed_by(&ring)),
        Err(CheckError::WrongKey(ring.active().clone()))
    );
}

#[test]
fn debug_of_what_is_sealed_shows_the_key_id_only() {
    let ring = KeyRing::generate(&sequence(1));
    let sealed = sealed_by(&ring);
    let shown = format!("{sealed:?}");
    assert_eq!(
        shown,
        format!("Sealed {{ key_id: {:?}, .. }}", ring.active())
    );
}
