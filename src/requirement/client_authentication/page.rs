//! Pages for people, where a role's own answer is wanted: a sign-in page, a portal or another web site says 200 to every
//! path, and has nothing of what was asked for.

use crate::observation::exchange::Answer;
use crate::verdict::Evidence;
use crate::verdict::cause::catalogue as causes;

use super::outcome::status_text;

/// How much of a body is looked through for what pages have, in octets.
const HEAD: usize = 16 * 1024;

/// What a page has that asks people for something or leads them on.
const LEADS_ON: [&str; 9] =
    ["<form", "<script", "http-equiv=\"refresh", "sign in", "sign-in", "signin", "log in", "login", "logon"];

/// Whether an answer is a page for people to sign in at, or to be led on from: HTML, by what it says it is or by how it
/// begins, with a form, a script, a redirection, or words of signing in. HTML without any of these shows nothing of who answers.
pub fn is_page(answer: &Answer) -> bool {
    let starts = |text: &str, with: &str| {
        text.as_bytes().get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with.as_bytes()))
    };
    let says = |kind: &String| ["text/html", "application/xhtml"].iter().any(|page| starts(kind.trim_start(), page));
    let body = answer.body.trim_start_matches('\u{feff}').trim_start();
    let head = body.as_bytes().get(..HEAD).unwrap_or(body.as_bytes());
    let has = |tag: &str| head.windows(tag.len()).any(|window| window.eq_ignore_ascii_case(tag.as_bytes()));
    let is_html = answer.content_type.as_ref().is_some_and(says)
        || ["<!doctype html", "<html"].iter().any(|tag| starts(body, tag));
    is_html && LEADS_ON.iter().any(|tag| has(tag))
}

/// What an answer shows of who gave it.
pub fn shown(answer: &Answer) -> Vec<String> {
    let header = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name}: {value}"));
    let title = answer.title.as_ref().map(|title| format!("a page titled \u{201c}{title}\u{201d}"));
    [title, header("Content-Type", &answer.content_type), header("Server", &answer.server), header("Via", &answer.via)]
        .into_iter()
        .flatten()
        .collect()
}

/// What a success is that the role does not answer with: something else answers for its path.
pub fn evidence(message: impl Into<String>, expected: &str, path: &str, answer: &Answer) -> Evidence {
    Evidence::new(message)
        .expected(expected)
        .observed(format!("{path}: {}", status_text(answer)))
        .observed_all(shown(answer))
        .cause("Something else answers for the path: a sign-in page, a portal, or another web site.")
        .because(&causes::SOMETHING_ELSE_ANSWERS)
}

#[cfg(test)]
mod tests {
    use super::{Answer, is_page};

    #[test]
    fn a_page_is_told_by_its_kind_or_by_how_it_begins() {
        let of = |kind: Option<&str>, body: &str| {
            is_page(&Answer { content_type: kind.map(str::to_owned), body: body.into(), ..Answer::default() })
        };
        assert!(of(Some("Text/HTML; charset=utf-8"), "<FORM>Sign in"));
        assert!(of(None, "\u{feff}\r\n<!DOCTYPE HTML PUBLIC><Title>Sign in</Title>"));
        assert!(of(Some("text/xml"), "<HTML><body><script src=\"/go\">"));
        assert!(!of(Some("text/xml"), "<?xml version=\"1.0\"?><ServerVersion/>"));
        assert!(!of(None, "<html>hello</html>"), "nobody's");
        assert!(!of(Some("text/html"), ""));
        assert!(!of(None, "<title>"));
        assert!(!of(None, "<html><title>SimpleAuth Web Service</title>"), "a title alone leads nobody on");
    }
}
