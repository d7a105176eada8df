//! What the first step does not need is a part of its own: it comes by itself, and whoever is faster waits for it.

use anyhow::{Context, ensure};
use railhead_e2e::{Setup, scenario_with};

const TAPPED: Setup = Setup {
    tapped: true,
    ..Setup::DESK
};
/// How the part's address begins.
const PART: &str = "/railhead-later-";

#[tokio::test]
async fn comes_by_itself_once_the_services_are_there() {
    scenario_with(TAPPED, async |stage| {
        stage.open_widget("Harbor Coffee Ltd").await?;
        let taps = stage.taps.as_ref().context("no taps")?;
        stage
            .browser
            .becomes("performance.getEntriesByType('resource').some(({ name, responseEnd }) => responseEnd && name.includes('/railhead-later-'))")
            .await?;
        let asked = |what: &str| {
            let answers = taps.server.answers();
            answers.iter().position(|answer| answer.path.starts_with(what))
        };
        let session = asked("/v1/connect/sessions").context("no session")?;
        let part = asked(PART).context("the part was not asked for")?;
        ensure!(session < part, "the part came before the services");
        Ok(())
    })
    .await;
}
