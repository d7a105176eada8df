//! Who signs in, and how the provider behaves for them. The user name chooses; any other name behaves like `alice`.

use std::time::Duration;

/// One way the provider can behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Persona {
    Alice,
    Denise,
    Sam,
    Olga,
    Erin,
    Gary,
    Carl,
    Nora,
    Rita,
    Tina,
    Mona,
    Lars,
    Hugo,
}

/// An organisation a user may connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Organisation {
    /// Stable id.
    pub(crate) id: &'static str,
    /// Name as the user knows it.
    pub(crate) name: &'static str,
}

/// What the token endpoint says when everything about the request is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenManner {
    /// The answer of RFC 6749 section 5.1.
    Proper,
    /// 500.
    ServerError,
    /// 200 with an HTML page.
    Html,
    /// `expires_in` as text, `scope` as an array.
    OddTypes,
    /// 200 with an OAuth error body.
    ErrorWith200,
    /// A proper answer that carries one megabyte besides.
    Huge,
}

const HARBOR_COFFEE: Organisation = Organisation {
    id: "org_harbor_coffee",
    name: "Harbor Coffee Ltd",
};
const ONE: &[Organisation] = &[HARBOR_COFFEE];
const THREE: &[Organisation] = &[
    HARBOR_COFFEE,
    Organisation {
        id: "org_harbor_roastery",
        name: "Harbor Roastery Ltd",
    },
    Organisation {
        id: "org_quayside_events",
        name: "Quayside Events LLP",
    },
];

/// Names that are markup, for whoever would take them for it.
const MARKUP: &[Organisation] = &[
    Organisation {
        id: "org_markup_svg",
        name: "<svg onload=hacked=4>",
    },
    Organisation {
        id: "org_markup_quotes",
        name: "\"><img src=x onerror='hacked=5'>{{title}}",
    },
];

impl Persona {
    /// Every persona, in the order the sign-in page lists them.
    pub(crate) const ALL: [Self; 13] = [
        Self::Alice,
        Self::Olga,
        Self::Nora,
        Self::Denise,
        Self::Sam,
        Self::Carl,
        Self::Erin,
        Self::Gary,
        Self::Mona,
        Self::Tina,
        Self::Lars,
        Self::Rita,
        Self::Hugo,
    ];

    /// The persona a user name stands for.
    pub(crate) fn of(user: &str) -> Self {
        let known = Self::ALL
            .into_iter()
            .find(|persona| persona.user_name().eq_ignore_ascii_case(user));
        known.unwrap_or(Self::Alice)
    }

    /// The user name that chooses it.
    pub(crate) const fn user_name(self) -> &'static str {
        match self {
            Self::Alice => "alice",
            Self::Denise => "denise",
            Self::Sam => "sam",
            Self::Olga => "olga",
            Self::Erin => "erin",
            Self::Gary => "gary",
            Self::Carl => "carl",
            Self::Nora => "nora",
            Self::Rita => "rita",
            Self::Tina => "tina",
            Self::Mona => "mona",
            Self::Lars => "lars",
            Self::Hugo => "hugo",
        }
    }

    /// What happens for them, in the words of the sign-in page.
    pub(crate) const fn summary(self) -> &'static str {
        match self {
            Self::Alice => "Approves; one organisation",
            Self::Denise => "May not approve, only deny",
            Self::Sam => "Slow: tokens come after a pause",
            Self::Olga => "Approves; three organisations",
            Self::Erin => "Token request fails with 500",
            Self::Gary => "Token request answers with HTML",
            Self::Carl => "Pages cut off the opening window",
            Self::Nora => "Approves; no organisation",
            Self::Rita => "Refreshing answers invalid_grant",
            Self::Tina => "Token answer with odd types",
            Self::Mona => "Token answer 200 with an error",
            Self::Lars => "Token answer of one megabyte",
            Self::Hugo => "Approves; names that look like code",
        }
    }

    /// Whether they have the right to let somebody in.
    pub(crate) fn may_approve(self) -> bool {
        self != Self::Denise
    }

    /// Whether their pages send `Cross-Origin-Opener-Policy: same-origin`.
    pub(crate) fn isolates_window(self) -> bool {
        self == Self::Carl
    }

    /// Whether their grant is gone by the time it is refreshed.
    pub(crate) fn withdraws_before_refresh(self) -> bool {
        self == Self::Rita
    }

    /// How long the token endpoint waits before it answers for them.
    pub(crate) fn delay(self, slow: Duration) -> Duration {
        if self == Self::Sam {
            slow
        } else {
            Duration::ZERO
        }
    }

    /// The organisations they may connect.
    pub(crate) const fn organisations(self) -> &'static [Organisation] {
        match self {
            Self::Nora => &[],
            Self::Olga => THREE,
            Self::Hugo => MARKUP,
            _ => ONE,
        }
    }

    /// What their token answers look like.
    pub(crate) const fn token_manner(self) -> TokenManner {
        match self {
            Self::Erin => TokenManner::ServerError,
            Self::Gary => TokenManner::Html,
            Self::Tina => TokenManner::OddTypes,
            Self::Mona => TokenManner::ErrorWith200,
            Self::Lars => TokenManner::Huge,
            _ => TokenManner::Proper,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Persona;

    #[test]
    fn is_chosen_by_user_name_in_any_case_and_is_alice_otherwise() {
        for persona in Persona::ALL {
            assert_eq!(Persona::of(persona.user_name()), persona);
        }
        assert_eq!(Persona::of("OLGA"), Persona::Olga);
        assert_eq!(Persona::of("someone else"), Persona::Alice);
    }
}
