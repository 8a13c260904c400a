//! Comments in the files that are written.

/// Text for a comment: what would end the line, or could not be read in every code page, is shown as a question mark.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).collect()
}
