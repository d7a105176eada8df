//! English, and the keys of all languages.

use super::plural::Form;

macro_rules! texts {
    ($($variant:ident $name:literal $english:literal;)+) => {
        /// Names a sentence. Host pages use the name, as in `messages: { "picker.title": "…" }`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Key {
            $(#[doc = $english] $variant,)+
        }

        const TEXTS: &[(&str, &str)] = &[$(($name, $english),)+];
    };
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

    DetailsTitle "details.title" "{service} is connected";
    DetailsText "details.text" "{company} can read your {service} data.";
    DetailsRenew "details.renew" "Renew access";
    DetailsAnother "details.another" "Connect another account";
    EndTitle "disconnect.title" "Disconnect {account}?";
    EndText "disconnect.text" "{company} can read no more of its data. What it has read already stays there. You can connect it again at any time.";
    EndConfirm "disconnect.confirm" "Disconnect";
    EndKeep "disconnect.keep" "Keep it connected";
    EndDone "disconnect.done" "{service} is disconnected";

    ConsentTitle "consent.title" "Connect {service}";
    ConsentLead "consent.lead" "{company} asks for access to your {service} account.";
    ConsentRead "consent.read" "What {company} reads";
    ConsentReadAccounting "consent.read.accounting" "Accounts, invoices, bills, payments and reports.";
    ConsentReadBanking "consent.read.banking" "Account details, balances and transactions.";
    ConsentReadCommerce "consent.read.commerce" "Orders, products, refunds and payouts.";
    ConsentReadPayments "consent.read.payments" "Payments, refunds and payouts.";
    ConsentReadPayroll "consent.read.payroll" "Pay runs, payslips and who is paid.";
    ConsentSignIn "consent.signin" "You sign in at {service}";
    ConsentSignInText "consent.signin.text" "Your password stays there. {company} never sees it.";
    ConsentRevoke "consent.revoke" "You stay in control";
    ConsentRevokeText "consent.revoke.text" "Withdraw access at any time in your {service} settings.";
    ConsentWho "consent.who" "Who can do this";
    ConsentRole "consent.role" "You need to be an administrator or owner at {service}.";
    ConsentTrial "consent.trial" "This is a trial";
    ConsentTrialText "consent.trial.text" "{company} sees made-up books, nothing of yours.";
    ConsentContinue "consent.continue" "Continue to {service}";
    ConsentConnect "consent.connect" "Connect {service}";

    FieldOptional "field.optional" "optional";
    FieldExample "field.example" "For example: {example}";
    FieldMissing "field.missing" "Fill in “{label}” to go on.";
    FieldPattern "field.pattern" "Check “{label}”: it doesn’t look complete.";
    FieldPatternExample "field.pattern.example" "Check “{label}”. It looks like this: {example}";

    WaitingTitle "waiting.title" "Continue in the other window";
    WaitingText "waiting.text" "Sign in at {service} and allow access. This page goes on by itself when you are done.";
    WaitingClosed "waiting.closed" "The window was closed";
    WaitingClosedText "waiting.closed.text" "If you finished at {service}, wait a moment. If not, open it again.";
    WaitingAgain "waiting.again" "Open the window again";
    WaitingAway "waiting.away" "Is the other window still open?";
    WaitingAwayText "waiting.away.text" "Carry on there. If it is gone, open it again from here.";
    WaitingTab "waiting.tab" "Continue in this tab";
    LeavingTitle "leaving.title" "Taking you to {service}";
    LeavingText "leaving.text" "Sign in there and allow access. Then you come back to this page.";
    ReturnedTitle "returned.title" "Finishing with {service}";
    ReturnedText "returned.text" "You are back. This takes a moment.";
    WaitingHelp "waiting.help" "Taking a while?";
    WaitingHelpBehind "waiting.help.behind" "The window may be behind this one.";
    WaitingHelpCode "waiting.help.code" "A sign-in code may be on its way to your phone or email.";
    WaitingHelpRole "waiting.help.role" "Only an administrator or owner can allow access.";
    Reconnecting "waiting.reconnecting" "Reconnecting";
    ReconnectingText "waiting.reconnecting.text" "Carry on; nothing is lost.";
    BlockedTitle "blocked.title" "Your browser blocked the window";
    BlockedText "blocked.text" "You sign in at {service} in a window of its own. Press the button to open it.";
    BlockedHint "blocked.hint" "Still blocked? Allow windows for this site beside the address bar.";
    BlockedOpen "blocked.open" "Open the window";
    BlockedTab "blocked.tab" "Or go on in this tab: you come back here afterwards.";

    ChoiceTitle "choice.title" "Which company?";
    ChoiceText "choice.text" "You have access to several at {service}. Choose the one for {company}.";
    ChoiceMissing "choice.missing" "Choose a company to go on.";
    ChoiceConnect "choice.connect" "Connect";

    SuccessTitle "success.title" "{account} is connected";
    SuccessText "success.text" "{company} can now read your {service} data.";
    SuccessUntil "success.until" "Access until {date}";
    SuccessDone "success.done" "Done";
    SuccessContinue "success.continue" "Continue";
    SuccessAnother "success.another" "Connect another";

    SummaryTitle "summary.title" "All set";
    SummaryText "summary.text" "{company} can read what you connected.";
    SummaryNone "summary.none" "Nothing is connected";
    SummaryNoneText "summary.none.text" "{company} can read nothing of yours.";
    SummarySkipped "summary.skipped" "Skipped";
    SummaryAdd "summary.add" "Connect {kind}";
    FarewellTitle "farewell.title" "You’re done";
    FarewellText "farewell.text" "You can close this page, or go on with what you were doing.";
    FarewellMore "farewell.more" "Connect more";

    LoadFailedTitle "load_failed.title" "This didn’t load";
    LoadFailedText "load_failed.text" "Check your internet connection, then try again. Nothing has been connected.";
    ElsewhereTitle "elsewhere.title" "Continue in a new window";
    ElsewhereText "elsewhere.text" "This page can’t show the next step itself. It opens on a secure page of its own.";
    Retry "failure.retry" "Try again";
    Another "failure.another" "Choose another";
    DeniedTitle "denied.title" "You declined access at {service}";
    DeniedText "denied.text" "Nothing was connected.";
    TimedOutTitle "timed_out.title" "The time for this ran out";
    TimedOutText "timed_out.text" "Nothing was connected. Try again when you have a few minutes.";
    DuplicateTitle "duplicate_account.title" "This account is connected already";
    DuplicateText "duplicate_account.text" "{company} has it, so there is nothing left to do. You can choose another account at {service}.";
    WrongAccountTitle "wrong_account.title" "That was another account";
    WrongAccountText "wrong_account.text" "Sign in at {service} with the account that was connected before.";
    PermissionTitle "insufficient_permission.title" "Your role at {service} doesn’t allow this";
    PermissionText "insufficient_permission.text" "Ask an administrator or owner to connect it.";
    CredentialsTitle "invalid_credentials.title" "{service} did not accept these details";
    CredentialsText "invalid_credentials.text" "Check what you entered, then try again.";
    ClientTitle "unauthorized_client.title" "{service} isn’t ready here yet";
    ClientText "unauthorized_client.text" "{company} has to finish its set-up with {service}. Nothing was connected.";
    UnavailableTitle "service_unavailable.title" "{service} isn’t answering";
    UnavailableText "service_unavailable.text" "Nothing was connected. This is usually over in a few minutes.";
    NoAccountTitle "no_account.title" "No company found at {service}";
    NoAccountText "no_account.text" "This sign-in has no company to connect. Try with another one.";
    NotOfferedTitle "service_not_offered.title" "{service} can’t be connected here now";
    NotOfferedText "service_not_offered.text" "{company} doesn’t offer it at the moment. You can choose another one.";
    ConnectionGoneTitle "connection_not_found.title" "This connection is gone";
    ConnectionGoneText "connection_not_found.text" "It was removed meanwhile. You can connect {service} anew.";
    DisconnectTitle "disconnect_not_allowed.title" "{company} looks after this connection";
    DisconnectText "disconnect_not_allowed.text" "Ask {company} to disconnect it. Nothing was changed.";
    OtherBrowserTitle "invalid_state.title" "This was finished in another browser";
    OtherBrowserText "invalid_state.text" "Nothing was connected. Start again and stay in this one.";
    OverTitle "authorization_not_open.title" "This attempt is over";
    OverText "authorization_not_open.text" "Nothing was connected. Start again to connect {service}.";
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
    Cancel "cancel" "Cancel";
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
        TEXTS[self as usize].0
    }

    /// The sentence in English.
    #[must_use]
    pub fn english(self) -> &'static str {
        TEXTS[self as usize].1
    }

    /// All names.
    pub fn names() -> impl Iterator<Item = &'static str> {
        TEXTS.iter().map(|(name, _)| *name)
    }

    /// All names, each with its sentence in English.
    pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
        TEXTS.iter().copied()
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
