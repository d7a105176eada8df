//! What all steps share: the layout, and what they know of where they stand.

use crate::components::{Brand, ProgressState, ProgressStep, Rules};
use crate::flow::{Mark, Message, Milestone, Stage};
use crate::text::{Count, Key, Text, trouble_keys};
use leptos::prelude::*;
use railhead_protocol::{ErrorCode, ServiceCard, ServiceKind};
use std::sync::Arc;
use stylist::ast::sheet;

pub(super) const STEP: Rules = ("rh-step", || {
    sheet!(
        r#"
        flex: 1;
        display: flex;
        flex-direction: column;
        min-block-size: 0;
        "#
    )
});

// Steps slide in from where the person is going; the first one is just there.
pub(super) const STAGE: Rules = ("rh-stage", || {
    sheet!(
        r#"
        &[data-way=forward] { animation: rh-forward var(--rh-calm); }
        &[data-way=back] { animation: rh-backward var(--rh-calm); }
        @keyframes rh-forward {
            from { opacity: 0; transform: translateX(calc(16px * var(--rh-forward))); }
        }
        @keyframes rh-backward {
            from { opacity: 0; transform: translateX(calc(-16px * var(--rh-forward))); }
        }
        "#
    )
});

pub(super) const BODY: Rules = ("rh-body", || {
    sheet!(
        r#"
        flex: 1;
        display: flex;
        flex-direction: column;
        gap: var(--rh-4);
        min-block-size: 0;
        overflow-y: auto;
        overscroll-behavior: contain;
        scrollbar-width: thin;
        scrollbar-color: var(--rh-border) transparent;
        padding: 4px var(--rh-gutter) 24px;
        mask-image: var(--rh-fade);

        &.is-centered { text-align: center; }
        &.is-centered .rh-lead { text-wrap: balance; }
        .rh-lead { color: var(--rh-muted); text-wrap: pretty; }
        .rh-intro { display: grid; gap: 6px; }
        .rh-facts { display: grid; gap: var(--rh-4); padding-block: 4px; }
        .rh-options { display: grid; gap: var(--rh-2); }
        .rh-push { margin-block: auto; display: grid; gap: var(--rh-5); padding-block: 8px; }
        .rh-help { text-align: start; color: var(--rh-muted); }
        .rh-help strong { display: block; margin-block-end: 6px; color: var(--rh-text); font-weight: 600; }
        .rh-help li { position: relative; padding-inline-start: 18px; margin-block-start: 4px; }
        .rh-help li::before { content: ""; position: absolute; inset-inline-start: 4px; inset-block-start: 0.6em; inline-size: 5px; block-size: 5px; border-radius: 50%; background: var(--rh-control); }
        .rh-wrong { color: var(--rh-danger); }
        .rh-wrong:empty { display: none; }
        "#
    )
});

pub(super) const ACTIONS: Rules = ("rh-actions", || {
    sheet!(
        r#"
        flex: none;
        display: grid;
        gap: var(--rh-2);
        padding: var(--rh-3) var(--rh-gutter) 4px;

        .rh-role { display: flex; gap: var(--rh-2); align-items: center; padding-block-end: var(--rh-1); font-size: var(--rh-small); color: var(--rh-muted); text-wrap: pretty; }
        .rh-role .rh-glyph { inline-size: 18px; block-size: 18px; }
        "#
    )
});

/// Where a step stands: the words, the company, and whom to tell what the person does.
#[derive(Clone)]
pub struct Scene {
    /// The sentences in force.
    pub text: Arc<Text>,
    /// The company that asks.
    pub company: Brand,
    /// The API's address, which marks of services are relative to.
    pub base: Arc<str>,
    /// Does the heading take the focus?
    pub focus: bool,
    /// Takes what the person does.
    pub dispatch: Callback<Message>,
}

impl Scene {
    /// A sentence, as it stands.
    #[must_use]
    pub fn say(&self, key: Key) -> String {
        self.text.get(key)
    }

    /// A sentence with the company's name.
    #[must_use]
    pub fn tell(&self, key: Key) -> String {
        self.text.fill(key, &[("company", &self.company.name)])
    }

    /// A sentence with the company's and the service's name.
    #[must_use]
    pub fn about(&self, key: Key, service: &ServiceCard) -> String {
        let names = [
            ("company", &*self.company.name),
            ("service", &*service.display_name),
        ];
        self.text.fill(key, &names)
    }

    /// How many services were found.
    #[must_use]
    pub fn counted(&self, found: usize) -> String {
        let found = u32::try_from(found).unwrap_or(u32::MAX);
        self.text.count(Count::Found, found)
    }

    /// The name and mark of a service.
    #[must_use]
    pub fn brand(&self, service: &ServiceCard) -> Brand {
        let logo = service
            .icon
            .as_deref()
            .map(|icon| absolute(&self.base, icon));
        Brand {
            name: service.display_name.clone(),
            logo,
            color: service.color.clone(),
            full_bleed: false,
        }
    }

    /// Something the person does.
    #[must_use]
    pub fn on(&self, message: Message) -> Callback<()> {
        let dispatch = self.dispatch;
        Callback::new(move |()| dispatch.run(message.clone()))
    }
}

fn absolute(base: &str, address: &str) -> String {
    if address.starts_with('/') {
        [base, address].concat()
    } else {
        address.to_owned()
    }
}

/// The heading of a stage, for the live region.
#[must_use]
pub fn title(
    scene: &Scene,
    stage: Stage,
    service: Option<&ServiceCard>,
    code: Option<ErrorCode>,
) -> String {
    let service_name = service.map_or("", |service| &service.display_name);
    let say = |key| {
        scene.text.fill(
            key,
            &[("company", &scene.company.name), ("service", service_name)],
        )
    };
    match stage {
        Stage::Loading => say(Key::Loading),
        Stage::LoadFailed | Stage::Failure => {
            say(trouble_keys(code.unwrap_or(ErrorCode::Internal)).0)
        }
        Stage::Overview => say(Key::OverviewTitle),
        Stage::Picker => say(Key::PickerTitle),
        Stage::Details => say(Key::DetailsTitle),
        Stage::Disconnect => say(Key::EndConfirm),
        Stage::Summary => say(Key::SummaryTitle),
        Stage::Farewell => say(Key::FarewellTitle),
        Stage::Consent => say(Key::ConsentTitle),
        Stage::Blocked => say(Key::BlockedTitle),
        // The tab leaves at once; coming back is what there is to be said.
        Stage::OwnTab => say(Key::ReturnedTitle),
        Stage::Waiting => say(Key::WaitingTitle),
        Stage::AccountChoice => say(Key::ChoiceTitle),
        Stage::Success => say(Key::ProgressDone),
    }
}

/// The steps of the progress bar: what each is called, with how it stands, and that.
#[must_use]
pub fn progress_steps(text: &Text, milestones: &[(Milestone, Mark)]) -> Vec<ProgressStep> {
    let name = |(milestone, mark): &(Milestone, Mark)| {
        let name = text.get(match milestone {
            Milestone::Overview => Key::ProgressOverview,
            Milestone::Kind(kind) => kind_name(*kind),
            Milestone::Choose => Key::ProgressChoose,
            Milestone::Agree => Key::ProgressAgree,
            Milestone::SignIn => Key::ProgressSignIn,
            Milestone::Done => Key::ProgressDone,
        });
        let (said, state) = match mark {
            Mark::Done => (Some(Key::ProgressIsDone), ProgressState::Done),
            Mark::Skipped => (Some(Key::ProgressIsSkipped), ProgressState::Skipped),
            Mark::Current => (None, ProgressState::Current),
            Mark::Ahead => (None, ProgressState::Ahead),
        };
        let name = match said {
            Some(key) => text.fill(key, &[("step", &name)]),
            None => name,
        };
        ProgressStep { name, state }
    };
    milestones.iter().map(name).collect()
}

/// What a kind of service is called.
pub(super) fn kind_name(kind: ServiceKind) -> Key {
    match kind {
        ServiceKind::Accounting => Key::KindAccounting,
        ServiceKind::Banking => Key::KindBanking,
        ServiceKind::Commerce => Key::KindCommerce,
        ServiceKind::Payments => Key::KindPayments,
        ServiceKind::Payroll => Key::KindPayroll,
    }
}

/// The heading over the services of a kind, or over all.
#[must_use]
pub fn picker_title(kind: Option<ServiceKind>) -> Key {
    match kind {
        None => Key::PickerTitle,
        Some(ServiceKind::Accounting) => Key::PickerAccounting,
        Some(ServiceKind::Banking) => Key::PickerBanking,
        Some(ServiceKind::Commerce) => Key::PickerCommerce,
        Some(ServiceKind::Payments) => Key::PickerPayments,
        Some(ServiceKind::Payroll) => Key::PickerPayroll,
    }
}

/// What is read from a kind of service.
pub(super) fn what_is_read(kind: ServiceKind) -> Key {
    match kind {
        ServiceKind::Accounting => Key::ConsentReadAccounting,
        ServiceKind::Banking => Key::ConsentReadBanking,
        ServiceKind::Commerce => Key::ConsentReadCommerce,
        ServiceKind::Payments => Key::ConsentReadPayments,
        ServiceKind::Payroll => Key::ConsentReadPayroll,
    }
}
