//! One HTTP request and its answer.

use data_encoding::HEXLOWER_PERMISSIVE;
use serde::{Deserialize, Serialize};

use super::failure::Failure;
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;

/// The shortest run of hexadecimal digits that is tried as a certificate.
const SHORTEST_CERTIFICATE: usize = 200;

/// What a management point's answer carries where it hands out a certificate: its longest run of hexadecimal digits,
/// decoded. Whether that is a certificate is another question.
pub fn hexadecimal(body: &str) -> Option<Der> {
    let longest = body.split(|c: char| !c.is_ascii_hexdigit()).max_by_key(|run| run.len())?;
    if longest.len() < SHORTEST_CERTIFICATE || !longest.len().is_multiple_of(2) {
        return None;
    }
    HEXLOWER_PERMISSIVE.decode(longest.as_bytes()).ok().map(Der::from)
}

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

impl Exchange {
    /// The answer, if it came to its end.
    pub fn whole_answer(&self) -> Option<&Answer> {
        self.answer.as_ref().filter(|_| self.failure.is_none())
    }
}

/// An HTTP answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// IIS's sub-status, where the body shows it.
    pub sub_status: Option<u16>,
    /// The `Server` header.
    pub server: Option<String>,
    /// The `Via` header: who stands between.
    #[serde(default)]
    pub via: Option<String>,
    /// The `Location` header; redirects are not followed.
    pub location: Option<String>,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The `Content-Range` header: which part of the whole the body is.
    #[serde(default)]
    pub content_range: Option<String>,
    /// The schemes of the `WWW-Authenticate` headers, in order.
    #[serde(default)]
    pub authenticate: Vec<String>,
    /// The `Date` header.
    #[serde(default)]
    pub date: Option<String>,
    /// When the head of the answer came, by the clock of the machine that asked.
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// The title of a page.
    #[serde(default)]
    pub title: Option<String>,
    /// The beginning of the body, as text, bounded.
    pub body: String,
    /// Whether the body went on beyond the bound.
    pub body_cut: bool,
}

impl Answer {
    /// Whether something between here and the server says that it passed the answer on.
    pub const fn is_passed_on(&self) -> bool {
        self.via.is_some()
    }
}
