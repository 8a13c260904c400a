//! Reads our sources as far as the house rules need: identifiers and paths, without comments, texts and tests.

use std::path::{Path, PathBuf};

/// A word or a sign of a source file, and its line.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
}

/// A source file as its words.
#[derive(Debug)]
pub(crate) struct Source {
    /// From the top of the repository, with slashes.
    pub(crate) path: String,
    /// The top-level module it belongs to; `bin` for the program, `lib` for the crate's root.
    pub(crate) room: String,
    /// Without comments, texts, and what is compiled for tests alone.
    pub(crate) tokens: Vec<Token>,
    /// The files of modules that are compiled for tests alone.
    tested: Vec<String>,
    /// How many modules deep it lies.
    depth: usize,
}

/// The top of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below a folder, by its path from the top.
pub(crate) fn files(folder: &str) -> Vec<String> {
    let mut folders = vec![root().join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(extension) if extension == "rs" => found.push(from_top(&path)),
                Some(_) | None => {}
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no sources in {folder}");
    found
}

fn from_top(path: &Path) -> String {
    let parts = path.strip_prefix(root()).unwrap().iter().map(|part| part.to_string_lossy());
    parts.collect::<Vec<_>>().join("/")
}

/// The sources of the library and the program, those of test modules too.
pub(crate) fn all_sources() -> Vec<Source> {
    let read = |path: String| Source::read(&path, &std::fs::read_to_string(root().join(&path)).unwrap());
    files("src").into_iter().map(read).collect()
}

/// The sources of the library and the program, without the files of test modules.
pub(crate) fn sources() -> Vec<Source> {
    let all = all_sources();
    let tested: Vec<String> = all.iter().flat_map(|source| source.tested.clone()).collect();
    let is_tested = |path: &str| {
        tested
            .iter()
            .any(|module| path.strip_prefix(module.as_str()).is_some_and(|rest| rest == ".rs" || rest.starts_with('/')))
    };
    all.into_iter().filter(|source| !is_tested(&source.path)).collect()
}

impl Source {
    pub(crate) fn read(path: &str, text: &str) -> Self {
        let inside: PathBuf = Path::new(path).strip_prefix("src").unwrap().with_extension("");
        let segments: Vec<String> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let folder = match segments.last().map(String::as_str) {
            Some("lib" | "main") => Path::new(path).parent().unwrap().to_string_lossy().into_owned(),
            _ => path.trim_end_matches(".rs").to_owned(),
        };
        let (tokens, tested) = without_tests(tokens(&without_texts(text)));
        Self {
            path: path.to_owned(),
            room: segments.first().cloned().unwrap_or_default(),
            tokens,
            tested: tested.into_iter().map(|module| format!("{folder}/{module}")).collect(),
            depth: segments.len(),
        }
    }

    /// The top-level modules the file names, with the line of each.
    pub(crate) fn named_modules(&self) -> Vec<(usize, String)> {
        let mut named = self.children_of("crate");
        let words: Vec<&str> = self.tokens.iter().map(|token| token.text.as_str()).collect();
        let mut at = 0;
        while at < words.len() {
            let supers = words[at..].chunks(2).take_while(|pair| *pair == ["super", "::"]).count();
            if supers >= self.depth {
                named.extend(self.children_at(at + 2 * supers));
            }
            at += (2 * supers).max(1);
        }
        named
    }

    /// What a path's first part is followed by: `a` and `b` of `parent::{a::x, b}`.
    pub(crate) fn children_of(&self, parent: &str) -> Vec<(usize, String)> {
        let starts =
            self.tokens.windows(2).enumerate().filter(|(_, pair)| pair[0].text == parent && pair[1].text == "::");
        starts.flat_map(|(at, _)| self.children_at(at + 2)).collect()
    }

    fn children_at(&self, at: usize) -> Vec<(usize, String)> {
        let Some(first) = self.tokens.get(at) else { return Vec::new() };
        if first.text != "{" {
            return vec![(first.line, first.text.clone())];
        }
        let mut depth = 0;
        let mut before = "";
        let mut children = Vec::new();
        for token in self.tokens.get(at..).unwrap_or_default() {
            match token.text.as_str() {
                "{" => depth += 1,
                "}" => depth -= 1,
                name if depth == 1 && matches!(before, "{" | ",") => children.push((token.line, name.to_owned())),
                _ => {}
            }
            if depth == 0 {
                break;
            }
            before = &token.text;
        }
        children
    }

    /// The lines in which a path begins with an outside crate's name.
    pub(crate) fn uses_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = usize> + 'a {
        let at = |at: usize| self.tokens.get(at).map_or("", |token| token.text.as_str());
        (0..self.tokens.len()).filter_map(move |here| {
            // After `crate::engine::` it is a module of ours.
            let inside =
                here >= 2 && at(here - 1) == "::" && is_word(at(here - 2)) && !["use", "in"].contains(&at(here - 2));
            let begins = at(here + 1) == "::" || (here >= 1 && at(here - 1) == "use" && at(here + 1) != "::");
            (at(here) == name && begins && !inside).then(|| self.tokens[here].line)
        })
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
}

/// The text with comments, string and character literals blanked out; lines stay where they are.
fn without_texts(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let blank = |from: usize, to: usize, out: &mut String| {
        let letters = letters.get(from..to.min(letters.len())).unwrap_or_default();
        out.extend(letters.iter().map(|letter| if *letter == '\n' { '\n' } else { ' ' }));
    };
    while let Some(letter) = letters.get(at).copied() {
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        let end = match letter {
            '/' if next == '/' => at + letters[at..].iter().take_while(|letter| **letter != '\n').count(),
            '/' if next == '*' => end_of_comment(&letters, at),
            '"' => end_of_string(&letters, at + 1),
            'r' if !continues_word(&letters, at) && (next == '"' || next == '#') => {
                match end_of_raw(&letters, at + 1) {
                    Some(end) => end,
                    None => at,
                }
            }
            // A character, not a lifetime.
            '\'' if next == '\\' => at + 3 + letters[at + 3..].iter().take_while(|letter| **letter != '\'').count() + 1,
            '\'' if letters.get(at + 2) == Some(&'\'') => at + 3,
            _ => at,
        };
        if end > at {
            blank(at, end, &mut out);
            at = end;
        } else {
            out.push(letter);
            at += 1;
        }
    }
    out
}

/// Whether the letter before belongs to a word this one goes on with; `b` of `br"…"` is none.
fn continues_word(letters: &[char], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| letters.get(at)).copied();
    let is_word = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    is_word(before(1)) && (before(1) != Some('b') || is_word(before(2)))
}

fn end_of_comment(letters: &[char], start: usize) -> usize {
    let (mut depth, mut at) = (0_usize, start);
    while at < letters.len() {
        match (letters[at], letters.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn end_of_string(letters: &[char], mut at: usize) -> usize {
    while at < letters.len() {
        match letters[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// The end of a raw string whose signs begin here; `None`: it is a raw identifier.
fn end_of_raw(letters: &[char], start: usize) -> Option<usize> {
    let signs = letters[start..].iter().take_while(|letter| **letter == '#').count();
    if letters.get(start + signs) != Some(&'"') {
        return None;
    }
    let mut at = start + signs + 1;
    while at < letters.len() {
        let closes = letters[at] == '"'
            && letters[at + 1..].iter().take(signs).filter(|letter| **letter == '#').count() == signs;
        if closes {
            return Some(at + 1 + signs);
        }
        at += 1;
    }
    Some(at)
}

/// Words, `::`, and single signs.
fn tokens(code: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while !rest.is_empty() {
            let word = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
            let length = match word {
                0 if rest.starts_with("::") => 2,
                0 => rest.chars().next().map_or(1, char::len_utf8),
                word => word,
            };
            let (text, after) = rest.split_at(length);
            tokens.push(Token { text: text.to_owned(), line: number + 1 });
            rest = after.trim_start();
        }
    }
    tokens
}

/// The tokens without what follows `#[cfg(test)]`, and the names of the file modules among that.
fn without_tests(tokens: Vec<Token>) -> (Vec<Token>, Vec<String>) {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::with_capacity(tokens.len());
    let mut modules = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        kept.push(token);
        let marked = kept.len() >= MARK.len()
            && kept[kept.len() - MARK.len()..].iter().map(|token| token.text.as_str()).eq(MARK);
        if !marked {
            continue;
        }
        kept.truncate(kept.len() - MARK.len());
        let mut depth = 0_usize;
        let mut words: Vec<String> = Vec::new();
        for token in tokens.by_ref() {
            match token.text.as_str() {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" => depth = depth.saturating_sub(1),
                _ => {}
            }
            let over = depth == 0 && matches!(token.text.as_str(), ";" | "," | "}");
            words.push(token.text);
            if over {
                break;
            }
        }
        if let [.., keyword, name, end] = words.as_slice()
            && (keyword == "mod" && end == ";")
        {
            modules.push(name.clone());
        }
    }
    (kept, modules)
}
