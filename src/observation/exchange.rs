//! One HTTP request and its answer.

use serde::{Deserialize, Serialize};

use super::failure::Failure;

/// What one request gave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Exchange {
    /// The method.
    pub method: String,
    /// The path and query asked for.
    pub path: String,
    /// The answer, as far as it came.
    pub answer: Option<Answer>,
    /// Why there is no answer, or no whole one.
    pub failure: Option<Failure>,
}

/// An HTTP answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// IIS's sub-status, where the body shows it.
    pub sub_status: Option<u16>,
    /// The `Server` header.
    pub server: Option<String>,
    /// The `Location` header; redirects are not followed.
    pub location: Option<String>,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The beginning of the body, as text, bounded.
    pub body: String,
    /// Whether the body went on beyond the bound.
    pub body_cut: bool,
}
