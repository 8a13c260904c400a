//! The report as one page that explains itself: what an administrator mails to the owner of a site and keeps with a change.
//! One file, no script, nothing loaded from elsewhere, everything that came from the network escaped; what is told once
//! in text is told once here too. What one page cannot carry (thousands of endpoints) is counted, and said to be so.

mod areas;
mod bars;
mod board;
mod calendar;
mod certificates;
mod changes;
mod diagnoses;
mod findings;
mod forest;
mod head;
mod open;
mod picture;
mod reach;
mod rows;
mod waivers;
mod words;

use data_encoding::BASE64;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::Show;
use super::document::Report;
use super::text::ending;
use super::text::entry::Matters;
use super::view::View;
use board::Board;

/// The page's one style sheet. Its hash stands in the page's policy, so no other style and no attribute applies.
const STYLE: &str = include_str!("html/style.css");

/// How long a list gets, of certificates, of what ends, of systems, of findings.
const MOST: usize = 300;

/// What every part of the page is made from.
struct Source<'a> {
    view: View<'a>,
    matters: Matters<'a>,
    board: Board<'a>,
    show: Show,
}

impl<'a> Source<'a> {
    fn report(&self) -> &'a Report {
        self.view.report
    }
}

/// Writes the page. The report should hold every finding: what is met stands in the tables, and is counted elsewhere
/// unless all findings are to be shown.
pub fn render(report: &Report, show: Show) -> String {
    let view = View::new(report);
    let matters = Matters::new(&view);
    let board = Board::new(&view, &matters);
    let source = Source { view, matters, board, show };
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        BASE64.encode(&Sha256::digest(STYLE))
    );
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (words::message(&ending::comes_to(report, &source.matters))) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (head::write(&source))
                main { (body(&source)) }
                footer { p {
                    "Written by " (words::value(&report.run.tool.name)) " " (words::value(&report.run.tool.version))
                    ". Nothing secret is in this file; it does name servers, addresses and certificates."
                } }
            }
        }
    };
    page.into_string() + "\n"
}

fn body(source: &Source<'_>) -> Markup {
    html! {
        div.top {
            div {
                (diagnoses::first(source))
                (bars::write(source))
            }
            (picture::write(source))
        }
        (board::write(source))
        (reach::write(source))
        (diagnoses::write(source))
        (open::write(source))
        (changes::write(source))
        (calendar::write(source))
        (certificates::write(source))
        (rows::write(source))
        (waivers::write(source))
        (findings::write(source))
    }
}
