//! Edits of a definition's text where it stands: a value, a key, a role, a table. All of it that no edit names stays as it
//! is, octet for octet; what is taken out of lines of its own becomes a comment, because somebody wrote it.

use std::ops::Range;

use toml_edit::{Array, InlineTable, Item, Table, Value};

/// Edits that are gathered, and made together.
pub(super) struct Edits<'a> {
    text: &'a str,
    /// How its lines end.
    end: &'static str,
    edits: Vec<(Range<usize>, String)>,
}

/// A table, whichever way it is written.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    /// Under a heading, or by dotted keys.
    Lines(&'a Table),
    /// Between braces.
    Braces(&'a InlineTable),
}

impl<'a> Place<'a> {
    /// The table an item is.
    pub(super) fn of(item: &'a Item) -> Option<Self> {
        match item {
            Item::Table(table) => Some(Self::Lines(table)),
            Item::Value(Value::InlineTable(table)) => Some(Self::Braces(table)),
            Item::Value(_) | Item::ArrayOfTables(_) | Item::None => None,
        }
    }

    /// What stands under a key.
    pub(super) fn get(self, key: &str) -> Option<&'a Item> {
        match self {
            Self::Lines(table) => table.get(key),
            Self::Braces(table) => toml_edit::TableLike::get(table, key),
        }
    }
}

impl<'a> Edits<'a> {
    /// None yet.
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, end: if text.contains("\r\n") { "\r\n" } else { "\n" }, edits: Vec::new() }
    }

    /// Sets a value, and leaves what stands beside it; whether it could be. `named` is what the table is called, for one
    /// that is written by dotted keys.
    pub(super) fn set(&mut self, place: Place<'_>, named: &str, key: &str, value: &str) -> bool {
        match place.get(key) {
            Some(Item::Value(old)) => old.span().is_some_and(|span| self.replace(span, value.to_owned())),
            Some(_) => false,
            None => self.add(place, named, key, value),
        }
    }

    /// Adds a key after a table's last one.
    fn add(&mut self, place: Place<'_>, named: &str, key: &str, value: &str) -> bool {
        match place {
            Place::Lines(table) => {
                let Some(last) = last_of(table) else { return false };
                let dotted = if table.is_dotted() { format!("{named}.") } else { String::new() };
                let indent = self.indent(last);
                self.line_after(last, &format!("{indent}{dotted}{key} = {value}"))
            }
            Place::Braces(table) => {
                let last = table.iter().filter_map(|(_, value)| Some(value.span()?.end)).max();
                match (last, table.span()) {
                    (Some(last), _) => self.replace(last..last, format!(", {key} = {value}")),
                    (None, Some(span)) => self.replace(span, format!("{{ {key} = {value} }}")),
                    (None, None) => false,
                }
            }
        }
    }

    /// Adds a table of ports to a system's: under a heading of its own after the system's keys, or between braces.
    pub(super) fn add_table(&mut self, place: Place<'_>, heading: &str, key: &str, pairs: &[(&str, String)]) -> bool {
        let pairs = pairs.iter().map(|(key, value)| format!("{key} = {value}"));
        match place {
            Place::Lines(table) => {
                let Some(last) = last_of(table) else { return false };
                let lines: Vec<String> = std::iter::once(format!("[{heading}]")).chain(pairs).collect();
                self.line_after(last, &lines.join(self.end))
            }
            Place::Braces(_) => {
                let value = format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "));
                self.add(place, "", key, &value)
            }
        }
    }

    /// Takes a key out: from lines of its own into a comment.
    pub(super) fn remove(&mut self, place: Place<'_>, key: &str) -> bool {
        let Some(span) = place.get(key).and_then(Item::span) else { return false };
        match place {
            Place::Lines(_) => self.comment_out(&[span], ""),
            Place::Braces(table) => {
                let key = toml_edit::TableLike::get_key_value(table, key).and_then(|(key, _)| key.span());
                key.is_some_and(|key| self.take_out(key.start..span.end))
            }
        }
    }

    /// Takes roles out of a list and puts others in; which of those that go must stay, because a system has one.
    pub(super) fn roles(&mut self, list: &Array, is_gone: impl Fn(&Value) -> bool, new: &[&str]) -> bool {
        let Some(span) = list.span() else { return false };
        let inner = self.text.get(span.clone()).unwrap_or_default();
        let new: Vec<String> = new.iter().map(|role| format!("\"{role}\"")).collect();
        if !inner.contains('\n') {
            let kept = list.iter().filter(|value| !is_gone(value)).filter_map(|value| self.text.get(value.span()?));
            let all: Vec<&str> = kept.chain(new.iter().map(String::as_str)).collect();
            let between = inner.get(1..inner.len().saturating_sub(1)).unwrap_or_default();
            let gap = |text: &str| " ".repeat(usize::from(!list.is_empty() && text.starts_with([' ', '\t'])));
            let (before, after) = (gap(between), gap(between.get(between.trim_end().len()..).unwrap_or_default()));
            return self.replace(span, format!("[{before}{}{after}]", all.join(", ")));
        }
        for value in list.iter().filter(|value| is_gone(value)) {
            let Some(at) = value.span() else { return false };
            let before = self.text.get(self.line_start(at.start)..at.start).unwrap_or_default();
            let after = self.text.get(at.end..self.line_end(at.end)).unwrap_or_default().trim();
            let after = after.strip_prefix(',').unwrap_or(after).trim_start();
            let done = if before.trim().is_empty() && (after.is_empty() || after.starts_with('#')) {
                self.replace(at.start..at.start, "# ".into())
            } else {
                self.take_out(at)
            };
            if !done {
                return false;
            }
        }
        let Some(last) = list.iter().last() else { return new.is_empty() };
        let Some(at) = last.span().filter(|_| !new.is_empty()) else { return new.is_empty() };
        let line_end = self.line_end(at.end);
        if span.end <= line_end {
            // The list ends in the line of its last role.
            return self.replace(at.end..at.end, format!(", {}", new.join(", ")));
        }
        let rest = self.text.get(at.end..line_end).unwrap_or_default();
        if !is_gone(last) && !rest.trim_start().starts_with(',') {
            self.replace(at.end..at.end, ",".into());
        }
        let indent = self.indent(at.start);
        let lines: Vec<String> = new.iter().map(|role| format!("{indent}{role},")).collect();
        self.line_after(at.end, &lines.join(self.end))
    }

    /// Makes a system's table a comment, where it stands.
    pub(super) fn comment_table(&mut self, table: &Table, why: &str) -> bool {
        let mut spans = Vec::new();
        spans_of(table, &mut spans);
        self.comment_out(&spans, why)
    }

    /// Takes a system's braces out of a list: into a comment, where they have lines of their own.
    pub(super) fn comment_element(&mut self, table: &InlineTable, why: &str) -> bool {
        let Some(span) = table.span() else { return false };
        let before = self.text.get(self.line_start(span.start)..span.start).unwrap_or_default();
        let after = self.text.get(span.end..self.line_end(span.end)).unwrap_or_default().trim();
        let after = after.strip_prefix(',').unwrap_or(after).trim_start();
        if before.trim().is_empty() && (after.is_empty() || after.starts_with('#')) {
            self.comment_out(&[span], why)
        } else {
            self.take_out(span)
        }
    }

    /// Writes text between what stands before a place and what stands after it, with an empty line on either side.
    pub(super) fn block(&mut self, at: usize, block: &str) -> bool {
        let (before, after) = self.text.split_at(at);
        let mut text = String::new();
        if !before.is_empty() && !before.ends_with('\n') {
            text.push_str(self.end);
        }
        let is_apart = before.is_empty() || before.ends_with("\n\n") || before.ends_with("\n\r\n");
        if !is_apart {
            text.push_str(self.end);
        }
        text.push_str(&self.lines(block));
        if !after.is_empty() && !after.starts_with(['\n', '\r']) {
            text.push_str(self.end);
        }
        self.replace(at..at, text)
    }

    /// The text with every edit made; `None`: two of them are of one place.
    pub(super) fn made(mut self) -> Option<String> {
        self.edits.sort_by_key(|(range, _)| range.start);
        let mut made = String::with_capacity(self.text.len());
        let mut at = 0;
        for (range, with) in &self.edits {
            made.push_str(self.text.get(at..range.start)?);
            made.push_str(with);
            at = range.end;
        }
        made.push_str(self.text.get(at..)?);
        Some(made)
    }

    fn replace(&mut self, range: Range<usize>, with: String) -> bool {
        self.edits.push((range, with));
        true
    }

    /// Takes out what stands between commas, and the comma that goes with it.
    fn take_out(&mut self, span: Range<usize>) -> bool {
        let (before, after) = (self.text.get(..span.start), self.text.get(span.end..));
        let (Some(before), Some(after)) = (before, after) else { return false };
        let gap = after.len() - after.trim_start().len();
        if after.trim_start().starts_with(',') {
            let after_comma = after.get(gap + 1..).unwrap_or_default();
            let spaces = after_comma.len() - after_comma.trim_start_matches([' ', '\t']).len();
            return self.replace(span.start..span.end + gap + 1 + spaces, String::new());
        }
        let start = before.trim_end().strip_suffix(',').map_or(span.start, str::len);
        self.replace(start..span.end, String::new())
    }

    /// Makes the lines of what is named comments.
    fn comment_out(&mut self, spans: &[Range<usize>], why: &str) -> bool {
        let mut starts: Vec<usize> = Vec::new();
        for span in spans {
            let mut at = self.line_start(span.start);
            while at < span.end.max(span.start + 1) && at < self.text.len() {
                starts.push(at);
                at = self.line_end(at);
            }
        }
        starts.sort_unstable();
        starts.dedup();
        let mut why = why;
        for at in starts {
            let line = self.text.get(at..self.line_end(at)).unwrap_or_default();
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let head = if why.is_empty() { String::new() } else { format!("# {why}{}", self.end) };
            self.replace(at..at, format!("{head}# "));
            why = "";
        }
        true
    }

    /// Lines after the one in which something ends.
    fn line_after(&mut self, at: usize, lines: &str) -> bool {
        let at = self.line_end(at);
        let is_ended = self.text.get(..at).is_some_and(|before| before.ends_with('\n'));
        let (before, after) = if is_ended { ("", self.end) } else { (self.end, "") };
        self.replace(at..at, format!("{before}{lines}{after}"))
    }

    /// Text with this one's line ends.
    fn lines(&self, text: &str) -> String {
        text.lines().flat_map(|line| [line, self.end]).collect()
    }

    fn indent(&self, at: usize) -> String {
        let line = self.text.get(self.line_start(at)..).unwrap_or_default();
        line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect()
    }

    fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
    }

    fn line_end(&self, at: usize) -> usize {
        self.text.get(at..).and_then(|after| after.find('\n')).map_or(self.text.len(), |end| at + end + 1)
    }
}

/// Where the last key of a table ends, or its heading where it has none; what has a heading of its own is not counted.
fn last_of(table: &Table) -> Option<usize> {
    let keys = table.iter().filter_map(|(_, item)| match item {
        Item::Value(value) => value.span().map(|span| span.end),
        Item::Table(inner) if inner.is_dotted() => last_of(inner),
        Item::Table(_) | Item::ArrayOfTables(_) | Item::None => None,
    });
    keys.max().or_else(|| table.span().filter(|_| !table.is_dotted()).map(|span| span.end))
}

/// Where a table stands: its headings and its values, whose keys stand in their lines.
fn spans_of(table: &Table, spans: &mut Vec<Range<usize>>) {
    if !table.is_dotted() && !table.is_implicit() {
        spans.extend(table.span());
    }
    for (_, item) in table {
        match item {
            Item::Value(value) => spans.extend(value.span()),
            Item::Table(inner) => spans_of(inner, spans),
            Item::ArrayOfTables(inner) => inner.iter().for_each(|inner| spans_of(inner, spans)),
            Item::None => {}
        }
    }
}
