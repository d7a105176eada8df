//! The first step as the server has rendered it, for the time until the widget's own code is there.

use serde::{Deserialize, Serialize};

/// The first step, rendered. Not markup but a tree of nodes, so that nothing in it can turn into something else: the
/// loader makes each node by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FirstPaint {
    /// Names the build of the widget that can take these nodes over.
    #[cfg_attr(feature = "openapi", schema(example = "9f86d081884c7d65"))]
    pub build: String,
    /// What stands in the frame, in order. Each node is a text, `null` for an empty comment, or an element: its name, the
    /// names and values of its attributes in turn, and its nodes.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<serde_json::Value>, example = json!([["p", ["class", "rh-lead"], ["Choose."]]])))]
    pub nodes: Vec<PaintNode>,
    /// What choosing one of the services leads to, where the first step is their list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<Ahead>,
}

/// The steps that choosing a service leads to, so that they need not wait for the widget's code either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ahead {
    /// What then stands in the frame: one step for all services that are asked for in the same words. In its texts U+E000 stands
    /// for the service's name, and its last mark is the service's.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<serde_json::Value>>, example = json!([[["h2", [], ["Connect \u{e000}"]]]])))]
    pub steps: Vec<Vec<PaintNode>>,
    /// For each service of the list, in its order, which of these it leads to; `null` where that is for the widget to say.
    #[cfg_attr(feature = "openapi", schema(example = json!([0, null])))]
    pub services: Vec<Option<u32>>,
}

impl Ahead {
    /// Stands for the service's name.
    pub const NAME: &str = "\u{e000}";
}

/// A node of the first step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum PaintNode {
    /// An empty comment: the framework's mark between nodes.
    Mark(()),
    /// A text.
    Text(String),
    /// An element: its name, the names and values of its attributes in turn, its nodes.
    Element(String, Vec<String>, Vec<PaintNode>),
}
