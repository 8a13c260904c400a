//! The whole document as JSON.

use super::document::Report;

/// Writes the document, indented, with a line end after it.
///
/// # Errors
/// None that a document of this crate can bring about; a floating-point number that is no number would be one.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(report)?;
    text.push('\n');
    Ok(text)
}
