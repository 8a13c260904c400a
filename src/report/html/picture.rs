//! The site as clients meet it: who stands outside, who inside, what is between, and how each system stands. A drawing for
//! the eye; the tables below it say the same in words.

mod layout;

use maud::{Markup, html};

use super::Source;
use super::areas::{Area, Mark};
use super::board::{Kind, Row};
use super::words::{section, value, wide};
use crate::report::reach::ReachReport;
use crate::site::vantage::Network;
use crate::wire::counted::counted;
use layout::{BOX, Layout, Line, Place, STEP};

/// How many systems are drawn; of more, those with something to tell.
const DRAWN: usize = 20;
/// How many characters of a name have room.
const LETTERS: usize = 30;

/// The proxies a name is reached through from outside.
pub(super) fn proxies_before<'a>(source: &'a Source<'_>, one: &ReachReport) -> Vec<&'a str> {
    let proxies = source.board.rows.iter().filter(|row| row.kind == Kind::Proxy && row.name != one.system);
    let before = proxies.filter(|row| one.network == Network::Internet && row.leads_to.contains(&one.system));
    before.map(|row| row.name).collect()
}

pub(super) fn write(source: &Source<'_>) -> Markup {
    let systems: Vec<&Row<'_>> =
        source.board.rows.iter().filter(|row| matches!(row.kind, Kind::System | Kind::Cluster)).collect();
    if systems.is_empty() {
        return html! {};
    }
    let mut order: Vec<usize> = (0..systems.len()).collect();
    if order.len() > DRAWN {
        order.sort_by_key(|at| (std::cmp::Reverse(systems.get(*at).map(|row| row.worst())), *at));
        order.truncate(DRAWN);
        order.sort_unstable();
    }
    let drawn: Vec<&Row<'_>> = order.iter().filter_map(|at| systems.get(*at).copied()).collect();
    let left = systems.len() - drawn.len();
    let content = html! {
        (wide("Picture of the site", drawing(source, &drawn)))
        p.muted {
            "In each box, from the left: " (Area::ALL.map(|area| area.name().to_lowercase()).join("; ")) "."
        }
        p.muted.key {
            @for mark in [Mark::Met, Mark::Error, Mark::Warning, Mark::Unknown, Mark::Follows, Mark::Notice, Mark::Waived] {
                span class=(mark.class()) { b { (mark.sign()) } " " (meaning(mark)) } " "
            }
        }
        @if left > 0 { p.muted { "And " (left) " more systems, in the table below." } }
    };
    section("picture", "The site", content)
}

const fn meaning(mark: Mark) -> &'static str {
    match mark {
        Mark::None => "nothing",
        Mark::Met => "met",
        Mark::Waived => "waived",
        Mark::Open | Mark::Unknown => "not decided",
        Mark::Notice => "notice",
        Mark::Follows => "follows from another",
        Mark::Warning => "warning",
        Mark::Error => "error",
    }
}

fn drawing(source: &Source<'_>, drawn: &[&Row<'_>]) -> Markup {
    let proxies: Vec<&Row<'_>> = source
        .board
        .rows
        .iter()
        .filter(|row| row.kind == Kind::Proxy)
        .filter(|row| row.leads_to.iter().any(|name| drawn.iter().any(|system| system.name == *name)))
        .take(DRAWN)
        .collect();
    let layout = Layout::new(source, drawn, &proxies);
    let described = format!(
        "{} as clients outside and inside reach them; the tables below say the same.",
        counted(drawn.len(), "system")
    );
    html! {
        svg.site viewBox={ "0 0 " (layout.width) " " (layout.height) } width=(layout.width) height=(layout.height)
            role="img" aria-labelledby="site-title site-desc" {
            title id="site-title" { "The site as clients reach it" }
            desc id="site-desc" { (described) }
            @for line in &layout.lines { (connection(line)) }
            @if let Some(x) = layout.outside { (side(x, layout.height, "Outside", &layout.outside_vantages)) }
            @if let Some(x) = layout.inside { (side(x, layout.height, "Inside", &layout.inside_vantages)) }
            @for (row, place) in proxies.iter().zip(&layout.proxies) { (proxy(row, *place)) }
            @for (row, place) in drawn.iter().zip(&layout.systems) { (system(row, *place)) }
        }
    }
}

fn connection(line: &Line) -> Markup {
    let class = if line.is_cut { "way cut" } else { "way" };
    let middle = (line.from.0 + line.to.0) / 2;
    let path = format!(
        "M{} {}C{middle} {} {middle} {} {} {}",
        line.from.0, line.from.1, line.from.1, line.to.1, line.to.0, line.to.1
    );
    html! {
        path class=(class) d=(path) {}
        @if line.is_cut {
            circle.back cx=(middle) cy=((line.from.1 + line.to.1) / 2) r="9" {}
            text.cut x=(middle) y=((line.from.1 + line.to.1) / 2 + 5) { (Mark::Error.sign()) } }
    }
}

fn side(x: i32, height: i32, name: &str, vantages: &str) -> Markup {
    html! {
        rect.side x=(x) y="4" width=(layout::SIDE) height=(height - 8) rx="8" {}
        text.title x=(x + layout::SIDE / 2) y="26" { (name) }
        text.small x=(x + layout::SIDE / 2) y="42" { (value(&cut(vantages, 13))) }
    }
}

fn proxy(row: &Row<'_>, place: Place) -> Markup {
    let worst = row.worst();
    html! {
        rect class={ "box " (worst.class()) } x=(place.x) y=(place.y + 6) width=(layout::PROXY) height=(BOX - 12) rx="6" {}
        text.name x=(place.x + 10) y=(place.y + 24) { (value(&cut(row.name, 12))) }
        text.small.left x=(place.x + 10) y=(place.y + 39) { "proxy" }
        text class={ "sign " (worst.class()) } x=(place.x + layout::PROXY - 14) y=(place.y + 25) { (worst.sign()) }
    }
}

fn system(row: &Row<'_>, place: Place) -> Markup {
    let worst = row.worst();
    let first = place.x + 10;
    html! {
        rect class={ "box " (worst.class()) } x=(place.x) y=(place.y) width=(layout::SYSTEM) height=(BOX) rx="6" {}
        text.name x=(first) y=(place.y + 19) { (value(&cut(row.name, 14)))
            tspan.role dx="8" { (value(&cut(&row.words(), LETTERS))) }
        }
        @for (at, (cell, area)) in row.cells.iter().zip(Area::ALL).enumerate() {
            @let x = first + i32::try_from(at).unwrap_or_default() * STEP;
            rect class={ "cell " (cell.mark.class()) } x=(x) y=(place.y + 26) width=(STEP - 3) height="20" rx="3" {
                title { (area.name()) ": " (cell.mark.words(cell.count)) }
            }
            text class={ "sign " (cell.mark.class()) } x=(x + (STEP - 3) / 2) y=(place.y + 41) { (cell.mark.sign()) }
        }
    }
}

/// At most so many characters.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(most.saturating_sub(1)).collect();
    kept.push('\u{2026}');
    kept
}
