//! Where in the picture everything stands: outside on the left, inside on the right, a line for each system between them,
//! proxies on the way.

use crate::report::html::Source;
use crate::report::html::board::Row;
use crate::site::vantage::Network;

/// How wide a side is.
pub(super) const SIDE: i32 = 84;
/// How wide a proxy is.
pub(super) const PROXY: i32 = 110;
/// How wide a system is.
pub(super) const SYSTEM: i32 = 286;
/// How high a system is.
pub(super) const BOX: i32 = 54;
/// From one area's cell to the next.
pub(super) const STEP: i32 = 30;
/// Between one thing and the next.
const GAP: i32 = 36;
/// From one system to the next.
const LINE: i32 = BOX + 8;

/// The upper left corner of something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) x: i32,
    pub(super) y: i32,
}

/// A way clients take.
pub(super) struct Line {
    pub(super) from: (i32, i32),
    pub(super) to: (i32, i32),
    pub(super) is_cut: bool,
}

/// The whole picture.
pub(super) struct Layout {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) outside: Option<i32>,
    pub(super) outside_vantages: String,
    pub(super) inside: Option<i32>,
    pub(super) inside_vantages: String,
    pub(super) proxies: Vec<Place>,
    pub(super) systems: Vec<Place>,
    pub(super) lines: Vec<Line>,
}

/// The names of the vantages on one side, and whether there is one.
fn vantages(source: &Source<'_>, network: Network) -> (bool, String) {
    let report = source.report();
    let mut names: Vec<&str> = Vec::new();
    for one in report.reach.iter().filter(|one| one.network == network) {
        if !names.contains(&one.vantage.as_str()) {
            names.push(&one.vantage);
        }
    }
    (!names.is_empty(), names.join(", "))
}

impl Layout {
    pub(super) fn new(source: &Source<'_>, drawn: &[&Row<'_>], proxies: &[&Row<'_>]) -> Self {
        let (is_outside, outside_vantages) = vantages(source, Network::Internet);
        let (is_inside, inside_vantages) = vantages(source, Network::Intranet);
        let mut x = 4;
        let outside = is_outside.then_some(x);
        x += if is_outside { SIDE + GAP } else { 0 };
        let proxies_at = x;
        x += if proxies.is_empty() { 0 } else { PROXY + GAP };
        let systems_at = x;
        x += SYSTEM;
        let inside = is_inside.then_some(x + GAP);
        x += if is_inside { GAP + SIDE } else { 0 };
        let count = i32::try_from(drawn.len()).unwrap_or(i32::MAX / LINE);
        let mut layout = Self {
            width: x + 4,
            height: (count * LINE + 4).max(LINE + 4),
            outside,
            outside_vantages,
            inside,
            inside_vantages,
            proxies: Vec::new(),
            systems: (0..count).map(|at| Place { x: systems_at, y: 6 + at * LINE }).collect(),
            lines: Vec::new(),
        };
        layout.place_proxies(drawn, proxies, proxies_at);
        layout.draw_lines(source, drawn, proxies);
        layout
    }

    /// Each proxy before the first system it publishes, or on the nearest line that is free.
    fn place_proxies(&mut self, drawn: &[&Row<'_>], proxies: &[&Row<'_>], x: i32) {
        let mut taken = vec![false; drawn.len().max(proxies.len())];
        for proxy in proxies {
            let wanted = drawn.iter().position(|row| proxy.leads_to.iter().any(|name| name == row.name)).unwrap_or(0);
            let nearest = (0..taken.len())
                .filter(|at| !taken.get(*at).copied().unwrap_or(true))
                .min_by_key(|at| at.abs_diff(wanted))
                .unwrap_or(wanted);
            if let Some(taken) = taken.get_mut(nearest) {
                *taken = true;
            }
            self.proxies.push(Place { x, y: 6 + i32::try_from(nearest).unwrap_or_default() * LINE });
        }
        let lowest = self.proxies.iter().map(|place| place.y + LINE).max().unwrap_or(0);
        self.height = self.height.max(lowest);
    }

    fn draw_lines(&mut self, source: &Source<'_>, drawn: &[&Row<'_>], proxies: &[&Row<'_>]) {
        let middle = |place: &Place| place.y + BOX / 2;
        let report = source.report();
        let is_dialled = |row: &Row<'_>, network: Network| {
            report.reach.iter().any(|one| one.system == row.name && one.network == network)
        };
        let is_cut = |row: &Row<'_>, network: Network| {
            let here = report.reach.iter().filter(|one| one.system == row.name && one.network == network);
            here.into_iter().any(|one| row.cut_from.contains(&one.vantage.as_str()))
        };
        let mut lines = Vec::new();
        for (proxy, place) in proxies.iter().zip(&self.proxies) {
            let behind =
                drawn.iter().zip(&self.systems).filter(|(row, _)| proxy.leads_to.iter().any(|name| name == row.name));
            let behind: Vec<_> = behind.collect();
            // One that tunnels has no name of its own: it is dialled by what stands behind it.
            let own = is_dialled(proxy, Network::Internet);
            let cut_before = if own {
                is_cut(proxy, Network::Internet)
            } else {
                !behind.is_empty() && behind.iter().all(|(row, _)| is_cut(row, Network::Internet))
            };
            if let Some(outside) = self.outside {
                lines.push(Line {
                    from: (outside + SIDE, middle(place)),
                    to: (place.x, middle(place)),
                    is_cut: cut_before,
                });
            }
            for (row, system) in behind {
                let is_cut = !own && !cut_before && is_cut(row, Network::Internet);
                lines.push(Line { from: (place.x + PROXY, middle(place)), to: (system.x, middle(system)), is_cut });
            }
        }
        for (row, place) in drawn.iter().zip(&self.systems) {
            let is_published = proxies.iter().any(|proxy| proxy.leads_to.iter().any(|name| name == row.name));
            if let Some(outside) = self.outside.filter(|_| !is_published && is_dialled(row, Network::Internet)) {
                let (from, to) = ((outside + SIDE, middle(place)), (place.x, middle(place)));
                lines.push(Line { from, to, is_cut: is_cut(row, Network::Internet) });
            }
            if let Some(inside) = self.inside.filter(|_| is_dialled(row, Network::Intranet)) {
                let (from, to) = ((place.x + SYSTEM, middle(place)), (inside, middle(place)));
                lines.push(Line { from, to, is_cut: is_cut(row, Network::Intranet) });
            }
        }
        self.lines = lines;
    }
}
