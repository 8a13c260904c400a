//! Text that came from the network or from files. It cannot be printed without naming how it is escaped: what would act
//! on a reader or mislead the eye is made visible first, everywhere alike; the second step is the format's.

use std::borrow::Cow;
use std::fmt::Write;

/// The longest value that is told, in characters.
const VALUE: usize = 512;
/// The longest message that is told, in characters.
const MESSAGE: usize = 2_000;

/// Text that came from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Foreign<'a>(Cow<'a, str>);

impl<'a> Foreign<'a> {
    /// A value: a name, a subject, a URL.
    pub(super) fn value(text: &'a str) -> Self {
        Self(cut(visible(text), VALUE))
    }

    /// A message: a sentence or several.
    pub(super) fn message(text: &'a str) -> Self {
        Self(cut(visible(text), MESSAGE))
    }

    /// A value made here of parts that came from elsewhere.
    pub(super) fn owned(text: String) -> Foreign<'static> {
        Foreign(Cow::Owned(cut(visible(&text), VALUE).into_owned()))
    }

    /// Values, joined.
    pub(super) fn joined(values: &[String], by: &str) -> Foreign<'static> {
        let values: Vec<_> = values.iter().map(|value| Foreign::value(value).0).collect();
        Foreign(Cow::Owned(cut(Cow::Owned(values.join(by)), MESSAGE).into_owned()))
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For an XML writer, which escapes markup itself.
    pub(super) fn for_xml(&self) -> &str {
        &self.0
    }

    /// For an HTML writer, which escapes markup itself.
    pub(super) fn for_html(&self) -> &str {
        &self.0
    }

    /// For a JSON writer, which escapes quotes itself.
    pub(super) fn for_json(&self) -> &str {
        &self.0
    }

    /// For a CSV writer, which quotes itself: what a spreadsheet would take for a formula is told to be text.
    pub(super) fn for_csv(&self) -> String {
        let is_formula = self.0.starts_with(|first: char| {
            matches!(
                first,
                '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
            )
        });
        if is_formula { format!("'{}", self.0) } else { self.0.clone().into_owned() }
    }

    /// A value of a Prometheus label.
    pub(super) fn for_label(&self) -> String {
        self.0.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
    }

    /// For a line of a monitoring plug-in: ASCII, without the bar that begins performance data.
    pub(super) fn for_plugin(&self) -> String {
        plain(&self.0)
    }

    /// For the text of a Checkmk local check: one line; backslashes would begin escapes.
    pub(super) fn for_checkmk(&self) -> String {
        self.0.replace('\\', "/")
    }

    /// For the name of a Checkmk service, which stands in quotes.
    pub(super) fn for_service(&self) -> String {
        self.0.replace(['"', '\''], "_").replace('\\', "/")
    }

    /// For a text of an iCalendar property (RFC 5545, 3.3.11).
    pub(super) fn for_calendar(&self) -> String {
        self.0.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
    }
}

/// What would act on a reader or mislead the eye becomes visible: controls, line separators, directional marks, what has no
/// width, and the two code points no XML may hold.
fn visible(text: &str) -> Cow<'_, str> {
    let is_shown = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
            || matches!(c, '\u{e0000}'..='\u{e007f}' | '\u{fffe}' | '\u{ffff}')
    };
    if !text.contains(is_shown) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_shown(character) {
            // Writing to a String cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// At most so many characters; the last is then an ellipsis.
fn cut(text: Cow<'_, str>, most: usize) -> Cow<'_, str> {
    if text.len() <= most {
        return text;
    }
    match text.char_indices().nth(most) {
        None => text,
        Some(_) => {
            let kept = text.char_indices().nth(most.saturating_sub(1)).map_or(text.len(), |(at, _)| at);
            Cow::Owned(format!("{}\u{2026}", text.get(..kept).unwrap_or_default()))
        }
    }
}

/// ASCII without bars: letters with marks lose them, everything else becomes a question mark.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '|' => plain.push('/'),
            c if c.is_ascii() => plain.push(c),
            '\u{e4}' => plain.push_str("ae"),
            '\u{f6}' => plain.push_str("oe"),
            '\u{fc}' => plain.push_str("ue"),
            '\u{c4}' => plain.push_str("Ae"),
            '\u{d6}' => plain.push_str("Oe"),
            '\u{dc}' => plain.push_str("Ue"),
            '\u{df}' => plain.push_str("ss"),
            '\u{e0}'..='\u{e5}' => plain.push('a'),
            '\u{e8}'..='\u{eb}' => plain.push('e'),
            '\u{ec}'..='\u{ef}' => plain.push('i'),
            '\u{f2}'..='\u{f5}' => plain.push('o'),
            '\u{f9}'..='\u{fb}' => plain.push('u'),
            '\u{e7}' => plain.push('c'),
            '\u{f1}' => plain.push('n'),
            '\u{2018}' | '\u{2019}' => plain.push('\''),
            '\u{201c}' | '\u{201d}' => plain.push('"'),
            '\u{2013}' | '\u{2014}' => plain.push('-'),
            '\u{2026}' => plain.push_str("..."),
            _ => plain.push('?'),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::Foreign;

    const NASTY: &str = "\"><script>|;\n=cmd'&]]>\u{202e}";

    #[test]
    fn what_acts_is_made_visible_before_any_format_sees_it() {
        let value = Foreign::value(NASTY);
        assert_eq!(value.for_xml(), "\"><script>|;\\u{a}=cmd'&]]>\\u{202e}");
        assert_eq!(
            Foreign::value("m\u{200b}p\u{ad}0\u{feff}7\u{e0041}").for_json(),
            "m\\u{200b}p\\u{ad}0\\u{feff}7\\u{e0041}"
        );
        assert_eq!(
            Foreign::value("a\u{9b}b\u{2028}c\u{2067}d\u{ffff}").for_json(),
            "a\\u{9b}b\\u{2028}c\\u{2067}d\\u{ffff}"
        );
        assert_eq!(Foreign::value("m\u{fc}nchen").for_xml(), "m\u{fc}nchen");
    }

    #[test]
    fn values_and_messages_have_an_end() {
        let long = "\u{e9}".repeat(3_000);
        assert_eq!(Foreign::value(&long).for_json().chars().count(), 512);
        assert_eq!(Foreign::message(&long).for_json().chars().count(), 2_000);
        let fits = "\u{e9}".repeat(512);
        assert_eq!(Foreign::value(&fits).for_json(), fits);
    }

    #[test]
    fn each_format_escapes_its_own() {
        for formula in ["=cmd|", "+1", "-1", "@x", "\u{ff1d}1"] {
            assert_eq!(Foreign::value(formula).for_csv(), format!("'{formula}"));
        }
        assert_eq!(Foreign::value("a=b").for_csv(), "a=b");
        assert_eq!(Foreign::value("a\"b\\").for_label(), "a\\\"b\\\\");
        assert_eq!(Foreign::value("a|b \u{fc}\u{4e2d}").for_plugin(), "a/b ue?");
        assert_eq!(Foreign::value("a;b,c\\d:e").for_calendar(), "a\\;b\\,c\\\\d:e");
        assert_eq!(Foreign::value("a\"b").for_service(), "a_b");
    }
}
