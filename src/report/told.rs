//! A page of `explain`, before it is written: a title, what it says first, and labelled parts; as text or as Markdown.

use super::page::{Ink, Page};

/// Where the text behind labels begins.
const COLUMN: usize = 10;

/// A page.
#[derive(Debug, Default)]
pub(super) struct Told {
    title: String,
    lead: Vec<String>,
    parts: Vec<(&'static str, Vec<String>)>,
}

impl Told {
    pub(super) fn titled(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// Adds a paragraph before the labelled parts.
    pub(super) fn says(mut self, paragraph: impl Into<String>) -> Self {
        self.lead.push(paragraph.into());
        self
    }

    /// Adds a labelled part; one without entries is left out.
    pub(super) fn part(mut self, label: &'static str, entries: Vec<String>) -> Self {
        if entries.iter().any(|entry| !entry.is_empty()) {
            self.parts.push((label, entries));
        }
        self
    }

    /// Lines of at most 80 columns. The first paragraph is the title's second line.
    pub(super) fn text(&self, color: bool) -> String {
        let mut page = Page::new(color);
        page.inked(Ink::Heading, &self.title);
        for (at, paragraph) in self.lead.iter().enumerate() {
            if at > 0 {
                page.gap();
            }
            page.wrapped(0, 0, paragraph);
        }
        page.gap();
        for (label, entries) in &self.parts {
            for (at, entry) in entries.iter().enumerate() {
                if at == 0 {
                    page.labelled(0, label, Ink::Quiet, COLUMN, entry);
                } else {
                    page.wrapped(COLUMN, COLUMN, entry);
                }
            }
        }
        page.into_text()
    }

    pub(super) fn markdown(&self) -> String {
        let mut text = format!("# {}\n", shielded(&self.title));
        for paragraph in &self.lead {
            let paragraph = shielded(paragraph);
            // A list's points are paragraphs of their own.
            text += &if paragraph.starts_with("- ") { format!("{paragraph}\n") } else { format!("\n{paragraph}\n") };
        }
        for (label, entries) in &self.parts {
            match entries.as_slice() {
                [one] => text += &format!("\n**{label}**: {}\n", shielded(one)),
                several => {
                    text += &format!("\n**{label}**:\n\n");
                    several.iter().for_each(|entry| text += &format!("- {}\n", shielded(entry)));
                }
            }
        }
        text
    }
}

/// Text in which Markdown sees nothing but text, and code where backticks stand.
pub(super) fn shielded(text: &str) -> String {
    let mut in_code = false;
    let mut shielded = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        in_code ^= character == '`';
        match character {
            '<' if !in_code => shielded += "&lt;",
            '*' | '_' if !in_code => {
                shielded.push('\\');
                shielded.push(character);
            }
            other => shielded.push(other),
        }
    }
    shielded
}

#[cfg(test)]
mod tests {
    use super::{Told, shielded};

    fn told() -> Told {
        Told::titled("a-cause")
            .says("What is so.")
            .part("remedy", vec!["2007: do `a <b>`.".into(), "Current Branch: do *that*.".into()])
            .part("codes", vec![String::new()])
            .part("shows", vec!["Nothing.".into()])
    }

    #[test]
    fn text_has_its_labels_in_a_column() {
        assert_eq!(
            told().text(false),
            "a-cause\nWhat is so.\n\nremedy    2007: do `a <b>`.\n          Current Branch: do *that*.\nshows     Nothing.\n"
        );
    }

    #[test]
    fn markdown_shows_what_is_meant() {
        assert_eq!(
            told().markdown(),
            "# a-cause\n\nWhat is so.\n\n**remedy**:\n\n- 2007: do `a <b>`.\n- Current Branch: do \\*that\\*.\n\n**shows**: Nothing.\n"
        );
        assert_eq!(shielded("CERT_E <b> `a_b <c>`"), "CERT\\_E &lt;b> `a_b <c>`");
    }
}
