//! What choosing a service leads to: the consent step, rendered for any service that is asked for in the same words. So a
//! person can go on from the painted list, and reads while the widget's code is on its way.

use super::{Unpaintable, render};
use crate::app::State;
use crate::components::TILES_AT_ONCE;
use crate::flow::{Message, Step, TileState};
use railhead_protocol::{Ahead, AuthorizationKind, PaintNode, ServiceCard, ServiceKind};
use std::sync::Arc;

/// What the services of the painted list lead to. `None` where the first step is no list.
pub(super) fn look(
    state: &State,
    base: &Arc<str>,
    is_modal: bool,
) -> Result<Option<Ahead>, Unpaintable> {
    let (Step::Picker, Some(session)) = (&state.step, &state.session) else {
        return Ok(None);
    };
    let mut kinds = Vec::new();
    let mut steps = Vec::new();
    let mut services = Vec::new();
    for service in state.listed(session).iter().take(TILES_AT_ONCE) {
        let shown = session.standing(&service.service_name).0 == TileState::Connected;
        // What is connected already, and what asks for something first, has a step of its own.
        let plain = service.authorization == AuthorizationKind::Popup && service.fields.is_empty();
        if shown || !plain {
            services.push(None);
            continue;
        }
        let known = kinds.iter().position(|kind| *kind == service.kind);
        let place = if let Some(place) = known {
            place
        } else {
            steps.push(consent(state, service.kind, base, is_modal)?);
            kinds.push(service.kind);
            kinds.len() - 1
        };
        services.push(u32::try_from(place).ok());
    }
    Ok(Some(Ahead { steps, services }))
}

/// The consent step for any service of a kind.
fn consent(
    state: &State,
    kind: ServiceKind,
    base: &Arc<str>,
    is_modal: bool,
) -> Result<Vec<PaintNode>, Unpaintable> {
    let any = ServiceCard {
        service_name: String::new(),
        display_name: Ahead::NAME.to_owned(),
        kind,
        aliases: Vec::new(),
        icon: None,
        color: None,
        authorization: AuthorizationKind::Popup,
        fields: Vec::new(),
    };
    let mut state = state.clone();
    let chosen = Message::Pick(Arc::new(any), None);
    let turn = state.step.advance(chosen, &mut state.journey);
    state.step = turn.map_err(|_| Unpaintable::Flow)?.0;
    render(&state, base, is_modal)
}
