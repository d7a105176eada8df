//! Serde's sentences about input, in words that don't need Rust to be understood.

/// Where serde names a type of Rust, and what the sender has to know.
const TYPES: [(&str, &str); 10] = [
    ("struct ", "an object"),
    ("a map", "an object"),
    ("a sequence", "an array"),
    ("u8", "a small whole number"),
    ("u16", WHOLE),
    ("u32", WHOLE),
    ("u64", WHOLE),
    ("usize", WHOLE),
    ("i32", "a whole number"),
    ("i64", "a whole number"),
];
const WHOLE: &str = "a whole number, 0 or more";

/// `reason` without the names of types.
pub(super) fn plain(reason: &str) -> String {
    let Some((found, expected)) = reason.rsplit_once(", expected ") else {
        return number(reason).unwrap_or(reason).to_owned();
    };
    for (name, words) in TYPES {
        let named = if name.ends_with(' ') {
            expected.starts_with(name)
        } else {
            expected == name
        };
        if named {
            return format!("{found}, expected {words}");
        }
    }
    reason.to_owned()
}

/// What the standard library says of numbers in query strings, as what to send.
fn number(reason: &str) -> Option<&'static str> {
    match reason {
        "invalid digit found in string" | "cannot parse integer from empty string" => {
            Some("send a whole number, 0 or more")
        }
        "number too large to fit in target type" => Some("send a smaller number"),
        _ => None,
    }
}

/// The field that serde names in a sentence such as "missing field `widgetId`".
pub(super) fn named_field(reason: &str) -> Option<&str> {
    let named = ["missing field", "unknown field", "duplicate field"]
        .iter()
        .any(|start| reason.starts_with(start));
    if named {
        reason.split('`').nth(1)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{named_field, plain};

    #[test]
    fn names_no_type_of_rust() {
        for (serde, told) in [
            (
                "invalid type: integer `5`, expected struct SessionRequest",
                "invalid type: integer `5`, expected an object",
            ),
            (
                "invalid value: integer `-1`, expected u32",
                "invalid value: integer `-1`, expected a whole number, 0 or more",
            ),
            (
                "invalid type: string \"x\", expected a map",
                "invalid type: string \"x\", expected an object",
            ),
            (
                "invalid digit found in string",
                "send a whole number, 0 or more",
            ),
            (
                "number too large to fit in target type",
                "send a smaller number",
            ),
            (
                "invalid type: sequence, expected a string",
                "invalid type: sequence, expected a string",
            ),
        ] {
            assert_eq!(plain(serde), told);
        }
    }

    #[test]
    fn finds_the_field_that_is_named() {
        assert_eq!(named_field("duplicate field `widgetId`"), Some("widgetId"));
        assert_eq!(
            named_field("invalid type: integer `5`, expected a string"),
            None
        );
    }
}
