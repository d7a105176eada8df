//! What assistive technology is told on each step: roles, names and states, as the engine computes them. The same in
//! every engine. `RAILHEAD_UPDATE=1` writes the files in `trees/` anew.

use super::steps::at_each_step;
use anyhow::{Context, Result, ensure};
use railhead_e2e::{Setup, Stage};
use std::env;
use std::fs;

#[tokio::test]
async fn tells_assistive_technology_what_is_on_each_step() {
    at_each_step(Setup::default(), as_written_down).await;
}

async fn as_written_down(stage: &Stage, step: &str) -> Result<()> {
    let file = stage
        .parts
        .root
        .join("tests/e2e/tests/accessibility/trees")
        .join(format!("{step}.txt"));
    let tree = format!("{}\n", short(&stage.browser.tree().await?));
    if env::var("RAILHEAD_UPDATE").is_ok_and(|value| value == "1") {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        return Ok(fs::write(&file, tree)?);
    }
    let wanted = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    ensure!(
        tree == wanted,
        "{} says:\n{wanted}\nbut it is:\n{tree}",
        file.display()
    );
    Ok(())
}

/// Of a long list of services the first two and the last: which others there are is not this test's.
fn short(tree: &str) -> String {
    let lines: Vec<&str> = tree.lines().collect();
    let is_tile = |line: &&str| line.trim_start().starts_with("option ");
    let tiles = lines.iter().filter(|line| is_tile(line)).count();
    let mut seen = 0;
    let mut kept = vec![];
    for line in lines {
        if is_tile(&line) {
            seen += 1;
            if tiles > 4 && seen > 2 && seen < tiles {
                if seen == 3 {
                    let indent = line.len() - line.trim_start().len();
                    kept.push(format!("{}…", " ".repeat(indent)));
                }
                continue;
            }
        }
        kept.push(line.to_owned());
    }
    kept.join("\n")
}
