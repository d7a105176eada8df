//! English, and the keys of all languages. What is marked `later` comes with the later part of the code, since no first step says it.

use super::plural::Form;

macro_rules! texts {
    ($($variant:ident $name:literal $english:literal $($turn:ident)?;)+) => {
        /// Names a sentence. Host pages use the name, as in `messages: { "picker.title": "…" }`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Key {
            $(#[doc = $english] $variant,)+
        }

        /// Names and sentences; empty where they come with the later part of the code.
        const FIRST: Sentences = &[$(first!($name $english $($turn)?),)+];
        /// Those that come then, at their places.
        const LATER: Sentences = &[$(later!($name $english $($turn)?),)+];
    };
}

macro_rules! first {
    ($name:literal $english:literal later) => {
        ("", "")
    };
    ($name:literal $english:literal) => {
        ($name, $english)
    };
}

macro_rules! later {
    ($name:literal $english:literal later) => {
        ($name, $english)
    };
    ($name:literal $english:literal) => {
        ("", "")
    };
}

/// Names, each with its sentence, at the places of their keys.
pub type Sentences = &'static [(&'static str, &'static str)];

#[cfg(feature = "split")]
thread_local! {
    static BROUGHT: std::cell::Cell<Sentences> = const { std::cell::Cell::new(&[]) };
}

/// What the first step does not say.
pub(crate) fn later_sentences() -> Sentences {
    LATER
}

/// Takes in what the later part of the code has brought; where the widget is in one piece, nothing.
#[cfg_attr(
    not(feature = "split"),
    expect(unused_variables, reason = "they are there already")
)]
pub(crate) fn bring(sentences: Sentences) {
    #[cfg(feature = "split")]
    BROUGHT.set(sentences);
}

fn rest() -> Sentences {
    #[cfg(feature = "split")]
    return BROUGHT.get();
    #[cfg(not(feature = "split"))]
    LATER
}

/// The name and the sentence at a place.
fn entry(place: usize) -> (&'static str, &'static str) {
    let first = FIRST[place];
    if first.0.is_empty() {
        return rest().get(place).copied().unwrap_or(first);
    }
    first
}

texts! {
    OverviewTitle "overview.title" "Connect your business";
    OverviewText "overview.text" "{company} asks to read data from the software you use. You decide what to connect.";
    OverviewWhat "overview.what" "What {company} asks for";
    OverviewWhatText "overview.what.text" "The data of what you choose. Each step says exactly which.";
    OverviewWhy "overview.why" "Why {company} asks";
    OverviewWhyText "overview.why.text" "To work with your own figures, up to date, instead of copies that you send.";
    OverviewLong "overview.long" "How long it lasts";
    OverviewRevokeText "overview.revoke.text" "Withdraw access at any time in the settings of each service.";
    OverviewRevokeHereText "overview.revoke.here" "Withdraw access at any time, here or in the settings of each service.";
    OverviewBegin "overview.begin" "Get started";

    KindAccounting "kind.accounting" "Accounting";
    KindBanking "kind.banking" "Banking";
    KindCommerce "kind.commerce" "Commerce";
    KindPayments "kind.payments" "Payments";
    KindPayroll "kind.payroll" "Payroll";

    PickerAccounting "picker.title.accounting" "Connect your accounting software";
    PickerBanking "picker.title.banking" "Connect your bank";
    PickerCommerce "picker.title.commerce" "Connect your online shop";
    PickerPayments "picker.title.payments" "Connect your payments";
    PickerPayroll "picker.title.payroll" "Connect your payroll";
    PickerRequired "picker.required" "{company} needs at least one of these.";
    PickerSkip "picker.skip" "Skip this step";
    PickerTitle "picker.title" "Connect your software";
    PickerLead "picker.lead" "Choose what you use. {company} asks to read its data; you decide.";
    PickerNone "picker.none" "Nothing found";
    PickerNoneText "picker.none.text" "Not listed? Tell {company}.";
    PickerEmpty "picker.empty" "Nothing to connect yet";
    PickerEmptyText "picker.empty.text" "{company} has not set up any software here.";
    Search "search" "Search";
    SearchHint "search.hint" "Search by name";
    SearchClear "search.clear" "Clear search";
    TileConnected "tile.connected" "Connected";
    TileReconnect "tile.reconnect" "Reconnect";

    DetailsTitle "details.title" "{service} is connected" later;
    DetailsText "details.text" "{company} can read your {service} data." later;
    DetailsRenew "details.renew" "Renew access" later;
    DetailsAnother "details.another" "Connect another account" later;
    EndTitle "disconnect.title" "Disconnect {account}?" later;
    EndText "disconnect.text" "{company} can read no more of its data. What it has read already stays there. You can connect it again at any time." later;
    EndConfirm "disconnect.confirm" "Disconnect" later;
    EndKeep "disconnect.keep" "Keep it connected" later;
    EndDone "disconnect.done" "{service} is disconnected" later;

    ConsentTitle "consent.title" "Connect {service}" later;
    ConsentLead "consent.lead" "{company} asks for access to your {service} account." later;
    ConsentRead "consent.read" "What {company} reads" later;
    ConsentReadAccounting "consent.read.accounting" "Accounts, invoices, bills, payments and reports." later;
    ConsentReadBanking "consent.read.banking" "Account details, balances and transactions." later;
    ConsentReadCommerce "consent.read.commerce" "Orders, products, refunds and payouts." later;
    ConsentReadPayments "consent.read.payments" "Payments, refunds and payouts." later;
    ConsentReadPayroll "consent.read.payroll" "Pay runs, payslips and who is paid." later;
    ConsentSignIn "consent.signin" "You sign in at {service}" later;
    ConsentSignInText "consent.signin.text" "Your password stays there. {company} never sees it." later;
    ConsentRevoke "consent.revoke" "You stay in control" later;
    ConsentRevokeText "consent.revoke.text" "Withdraw access at any time in your {service} settings." later;
    ConsentWho "consent.who" "Who can do this" later;
    ConsentRole "consent.role" "You need to be an administrator or owner at {service}." later;
    ConsentTrial "consent.trial" "This is a trial" later;
    ConsentTrialText "consent.trial.text" "{company} sees made-up books, nothing of yours." later;
    ConsentContinue "consent.continue" "Continue to {service}" later;
    ConsentConnect "consent.connect" "Connect {service}" later;

    FieldOptional "field.optional" "optional" later;
    FieldExample "field.example" "For example: {example}" later;
    FieldMissing "field.missing" "Fill in “{label}” to go on." later;
    FieldPattern "field.pattern" "Check “{label}”: it doesn’t look complete." later;
    FieldPatternExample "field.pattern.example" "Check “{label}”. It looks like this: {example}" later;

    WaitingTitle "waiting.title" "Continue in the other window" later;
    WaitingText "waiting.text" "Sign in at {service} and allow access. This page goes on by itself when you are done." later;
    WaitingClosed "waiting.closed" "The window was closed" later;
    WaitingClosedText "waiting.closed.text" "If you finished at {service}, wait a moment. If not, open it again." later;
    WaitingAgain "waiting.again" "Open the window again" later;
    WaitingAway "waiting.away" "Is the other window still open?" later;
    WaitingAwayText "waiting.away.text" "Carry on there. If it is gone, open it again from here." later;
    WaitingTab "waiting.tab" "Continue in this tab" later;
    LeavingTitle "leaving.title" "Taking you to {service}" later;
    LeavingText "leaving.text" "Sign in there and allow access. Then you come back to this page." later;
    ReturnedTitle "returned.title" "Finishing with {service}" later;
    ReturnedText "returned.text" "You are back. This takes a moment." later;
    WaitingHelp "waiting.help" "Taking a while?" later;
    WaitingHelpBehind "waiting.help.behind" "The window may be behind this one." later;
    WaitingHelpCode "waiting.help.code" "A sign-in code may be on its way to your phone or email." later;
    WaitingHelpRole "waiting.help.role" "Only an administrator or owner can allow access." later;
    Reconnecting "waiting.reconnecting" "Reconnecting" later;
    ReconnectingText "waiting.reconnecting.text" "Carry on; nothing is lost." later;
    BlockedTitle "blocked.title" "Your browser blocked the window" later;
    BlockedText "blocked.text" "You sign in at {service} in a window of its own. Press the button to open it." later;
    BlockedHint "blocked.hint" "Still blocked? Allow windows for this site beside the address bar." later;
    BlockedOpen "blocked.open" "Open the window" later;
    BlockedTab "blocked.tab" "Or go on in this tab: you come back here afterwards." later;

    ChoiceTitle "choice.title" "Which company?" later;
    ChoiceText "choice.text" "You have access to several at {service}. Choose the one for {company}." later;
    ChoiceMissing "choice.missing" "Choose a company to go on." later;
    ChoiceConnect "choice.connect" "Connect" later;

    SuccessTitle "success.title" "{account} is connected" later;
    SuccessText "success.text" "{company} can now read your {service} data." later;
    SuccessUntil "success.until" "Access until {date}" later;
    SuccessDone "success.done" "Done" later;
    SuccessContinue "success.continue" "Continue" later;
    SuccessAnother "success.another" "Connect another" later;

    SummaryTitle "summary.title" "All set" later;
    SummaryText "summary.text" "{company} can read what you connected." later;
    SummaryNone "summary.none" "Nothing is connected" later;
    SummaryNoneText "summary.none.text" "{company} can read nothing of yours." later;
    SummarySkipped "summary.skipped" "Skipped" later;
    SummaryAdd "summary.add" "Connect {kind}" later;
    FarewellTitle "farewell.title" "You’re done" later;
    FarewellText "farewell.text" "You can close this page, or go on with what you were doing." later;
    FarewellMore "farewell.more" "Connect more" later;

    LoadFailedTitle "load_failed.title" "This didn’t load";
    LoadFailedText "load_failed.text" "Check your internet connection, then try again. Nothing has been connected.";
    ElsewhereTitle "elsewhere.title" "Continue in a new window" later;
    ElsewhereText "elsewhere.text" "This page can’t show the next step itself. It opens on a secure page of its own." later;
    Retry "failure.retry" "Try again";
    Another "failure.another" "Choose another" later;
    DeniedTitle "denied.title" "You declined access at {service}" later;
    DeniedText "denied.text" "Nothing was connected." later;
    TimedOutTitle "timed_out.title" "The time for this ran out" later;
    TimedOutText "timed_out.text" "Nothing was connected. Try again when you have a few minutes." later;
    DuplicateTitle "duplicate_account.title" "This account is connected already" later;
    DuplicateText "duplicate_account.text" "{company} has it, so there is nothing left to do. You can choose another account at {service}." later;
    WrongAccountTitle "wrong_account.title" "That was another account" later;
    WrongAccountText "wrong_account.text" "Sign in at {service} with the account that was connected before." later;
    PermissionTitle "insufficient_permission.title" "Your role at {service} doesn’t allow this" later;
    PermissionText "insufficient_permission.text" "Ask an administrator or owner to connect it." later;
    CredentialsTitle "invalid_credentials.title" "{service} did not accept these details" later;
    CredentialsText "invalid_credentials.text" "Check what you entered, then try again." later;
    ClientTitle "unauthorized_client.title" "{service} isn’t ready here yet" later;
    ClientText "unauthorized_client.text" "{company} has to finish its set-up with {service}. Nothing was connected." later;
    UnavailableTitle "service_unavailable.title" "{service} isn’t answering";
    UnavailableText "service_unavailable.text" "Nothing was connected. This is usually over in a few minutes.";
    NoAccountTitle "no_account.title" "No company found at {service}" later;
    NoAccountText "no_account.text" "This sign-in has no company to connect. Try with another one." later;
    NotOfferedTitle "service_not_offered.title" "{service} can’t be connected here now";
    NotOfferedText "service_not_offered.text" "{company} doesn’t offer it at the moment. You can choose another one.";
    ConnectionGoneTitle "connection_not_found.title" "This connection is gone" later;
    ConnectionGoneText "connection_not_found.text" "It was removed meanwhile. You can connect {service} anew." later;
    DisconnectTitle "disconnect_not_allowed.title" "{company} looks after this connection" later;
    DisconnectText "disconnect_not_allowed.text" "Ask {company} to disconnect it. Nothing was changed." later;
    OtherBrowserTitle "invalid_state.title" "This was finished in another browser" later;
    OtherBrowserText "invalid_state.text" "Nothing was connected. Start again and stay in this one." later;
    OverTitle "authorization_not_open.title" "This attempt is over" later;
    OverText "authorization_not_open.text" "Nothing was connected. Start again to connect {service}." later;
    SessionTitle "session_expired.title" "You were away for a while";
    SessionText "session_expired.text" "This visit has ended to keep your data safe. Start again to go on.";
    SessionRequiredTitle "session_required.title" "Start this from your account";
    SessionRequiredText "session_required.text" "For your safety it can’t be opened by itself. Go back to where you came from and start there.";
    RateTitle "rate_limited.title" "That was a bit fast";
    RateText "rate_limited.text" "Wait a minute, then try again.";
    OfflineTitle "offline.title" "There is no connection";
    OfflineText "offline.text" "Check your internet connection, then try again.";
    OfflineWait "offline.wait" "This goes on by itself when you are back online.";
    SlowTitle "request_timeout.title" "Your connection is slow";
    SlowText "request_timeout.text" "What you sent didn’t arrive in time. Try again.";
    NotReadyTitle "not_ready.title" "This is being updated";
    NotReadyText "not_ready.text" "It is usually back within a minute. Nothing was lost.";
    SetupTitle "setup.title" "This connection page isn’t set up correctly";
    UnknownWidgetText "unknown_widget.text" "This widget isn’t known here. Tell the company whose page this is.";
    OriginText "origin_not_registered.text" "This website isn’t registered for it yet. Tell the company whose page this is.";
    SetupText "setup.text" "Something it was given can’t be used. Tell the company whose page this is.";
    BusinessNameText "invalid_business_name.text" "The name it has for your business can’t be used. Tell the company whose page this is.";
    ReturnUrlText "invalid_return_url.text" "The page to go back to isn’t registered for it. Tell the company whose page this is.";
    BusinessTitle "business_not_found.title" "This business isn’t known here";
    BusinessText "business_not_found.text" "It may have been removed. Tell the company whose page this is.";
    MismatchTitle "business_mismatch.title" "This was opened for another business";
    MismatchText "business_mismatch.text" "Nothing was connected. Go back to where you came from and start there.";
    InternalTitle "internal.title" "This isn’t working at the moment";
    InternalText "internal.text" "Nothing was lost. Try again in a minute.";

    Back "back" "Back";
    Close "close" "Close";
    Cancel "cancel" "Cancel" later;
    Loading "loading" "Loading";
    Progress "progress" "Progress";
    ProgressOverview "progress.overview" "Overview";
    ProgressIsDone "progress.is_done" "{step}, done";
    ProgressIsSkipped "progress.is_skipped" "{step}, skipped";
    ProgressChoose "progress.choose" "Choose";
    ProgressAgree "progress.agree" "Agree";
    ProgressSignIn "progress.signin" "Sign in";
    ProgressDone "progress.done" "Done";
    Secured "footer.secured" "Secured by Railhead";
    Sandbox "footer.sandbox" "Sandbox";
    Terms "footer.terms" "Terms";
    Privacy "footer.privacy" "Privacy";
    Help "footer.help" "Help";
}

macro_rules! counts {
    ($($variant:ident $name:literal $one:literal $other:literal;)+) => {
        /// Names a sentence that depends on a number. In a pack, and in `messages`, each form that the language has is
        /// a key of its own: `search.found.one`, `search.found.few` …
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Count {
            $(#[doc = $other] $variant,)+
        }

        const COUNTS: &[(&str, &str, &str)] = &[$(($name, $one, $other),)+];
    };
}

counts! {
    Found "search.found" "{count} service found" "{count} services found";
    Lasts "overview.long.text" "Access ends by itself after {count} month, unless you renew it." "Access ends by itself after {count} months, unless you renew it.";
}

impl Key {
    /// The name, for example `picker.title`.
    #[must_use]
    pub fn name(self) -> &'static str {
        entry(self as usize).0
    }

    /// The sentence in English.
    #[must_use]
    pub fn english(self) -> &'static str {
        entry(self as usize).1
    }

    /// All names.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::all().map(|(name, _)| name)
    }

    /// All names, each with its sentence in English.
    pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
        (0..FIRST.len()).map(entry)
    }
}

impl Count {
    /// The name without its form, for example `search.found`.
    #[must_use]
    pub fn name(self) -> &'static str {
        COUNTS[self as usize].0
    }

    /// The sentence in English.
    #[must_use]
    pub fn english(self, form: Form) -> &'static str {
        let (_, one, other) = COUNTS[self as usize];
        if form == Form::One { one } else { other }
    }

    /// The names of all, without their forms, with what English says of many.
    pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
        COUNTS.iter().map(|(name, _, other)| (*name, *other))
    }
}
