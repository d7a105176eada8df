//! English, and the keys of all languages.

macro_rules! texts {
    ($($variant:ident $name:literal $english:literal;)+) => {
        /// Names a sentence of the server's pages.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Key {
            $(#[doc = $english] $variant,)+
        }

        const TEXTS: &[(&str, &str)] = &[$(($name, $english),)+];
    };
}

texts! {
    Secured "secured" "Secured by Railhead Connect";
    Company "company" "the company";

    StartTitle "start.title" "Opening a secure page";
    StartText "start.text" "You are connecting your software to {company}. You sign in on the service’s own page.";
    StartNote "start.note" "Nothing happens? Close this window, go back to the page you came from and press the button again.";
    StartOver "start.over" "This is over already";
    StartAgain "start.again" "Close this window, go back to the page you came from and press the button again.";
    StartGone "start.gone" "This service can’t be connected right now";
    StartGoneText "start.gone.text" "Close this window and choose another one.";
    StartStuck "start.stuck" "This window can’t go on";
    StartOffline "start.offline" "The page can’t be reached";
    StartOfflineText "start.offline.text" "Check your internet connection.";
    StartLost "start.lost" "Go back and press the button again";
    StartLostText "start.lost.text" "This address is not complete.";
    StartAlone "start.alone" "This window is on its own";
    StartAloneText "start.alone.text" "It can’t reach the page you came from. Close it and choose “Continue in this tab” there.";

    FrameLost "frame.lost" "This window was opened without the page it belongs to.";

    ConfirmTitle "confirm.title" "Let {company} read your {service} data?";
    ConfirmWhat "confirm.what" "You connect {service} to {company} for the business “{business}”.";
    ConfirmHow "confirm.how" "You sign in at {service} and then come back to {site}.";
    ConfirmNote "confirm.note" "Go on only if you pressed the button at {site} yourself. If somebody sent you a link to this page, close it.";
    ConfirmGo "confirm.go" "Continue to {service}";
    ConfirmLeave "confirm.leave" "Don’t continue";
    ConfirmOver "confirm.over" "Go back to the page you came from and start again.";
    ConfirmAgain "confirm.again" "Go back to the page you came from and press the button again.";

    CallbackTitle "callback.title" "This window can’t finish";
    CallbackAddress "callback.address" "The address is not one that belongs to a sign-in under way.";
    CallbackBrowser "callback.browser" "The sign-in was started in another browser, or this one keeps no cookies.";
    CallbackAgain "callback.again" "Close it, go back to the page you came from and try again. Nothing was connected.";

    SetupTitle "setup.title" "This page isn’t set up correctly";
    SetupText "setup.text" "Close this window and tell the company whose page you came from.";
    FailureTitle "failure.title" "This isn’t working at the moment";
    FailureText "failure.text" "Close this window, go back to the page you came from and try again in a minute.";

    DoneClose "done.close" "You can close this window.";
    DoneBack "done.back" "Go back to {company} to continue.";
    DoneReturn "done.return" "Go back to {company}";
    DoneLanded "done.landed" "{service} is not connected yet";
    DoneNothing "done.nothing" "There is nothing to see here";
    DoneConnected "done.connected" "{service} is connected";
    DoneChoosing "done.choosing" "You are signed in at {service}";
    DoneBusy "done.busy" "Finishing with {service}";
    DoneUnconnected "done.unconnected" "Nothing was connected.";
    DoneCancelled "done.cancelled" "You cancelled this";
    DoneLate "done.late" "The time for this ran out";
    DoneDenied "done.denied" "You declined access at {service}";
    DoneDuplicate "done.duplicate" "This {service} account is connected already";
    DoneDuplicateText "done.duplicate.text" "There is nothing more to do here.";
    DoneOther "done.other" "That was another account";
    DoneOtherText "done.other.text" "Sign in at {service} with the account you connected before. Nothing was changed.";
    DoneEmpty "done.empty" "No company found at {service}";
    DoneEmptyText "done.empty.text" "This sign-in has no company to connect.";
    DoneRole "done.role" "Your role at {service} doesn’t allow this";
    DoneRoleText "done.role.text" "Ask an administrator or owner to connect it.";
    DoneFailed "done.failed" "{service} could not be connected";
    DoneFailedText "done.failed.text" "Nothing was connected. You can try again.";

    LinkTitle "link.title" "Connect your software to {company}";
    LinkUsed "link.used" "This link was used in another browser";
    LinkUsedText "link.used.text" "For your safety it works in the one that opened it first.";
    LinkOver "link.over" "This link has expired";
    LinkOverText "link.over.text" "Links to this page work for a short time only.";
    LinkNext "link.next" "Ask for a new one where you got it.";
    LinkGone "link.gone" "It has expired or was opened in another browser. Ask for a new one where you got it.";
    LinkStuck "link.stuck" "This page can’t go on";
    LinkStuckText "link.stuck.text" "Reload it in a minute.";
    LinkOffline "link.offline" "This page can’t be loaded";
    LinkOfflineText "link.offline.text" "Check your internet connection and reload it.";
    LinkScript "link.script" "{company} uses a page that needs JavaScript. Switch it on in this browser, or open the link in another one.";
}

impl Key {
    /// The name, for example `start.title`.
    #[must_use]
    pub fn name(self) -> &'static str {
        TEXTS[self as usize].0
    }

    /// The sentence in English.
    #[must_use]
    pub fn english(self) -> &'static str {
        TEXTS[self as usize].1
    }

    /// All names, each with its sentence in English.
    pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
        TEXTS.iter().copied()
    }
}
