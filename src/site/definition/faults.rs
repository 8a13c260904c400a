//! Collects faults by offset; positions are worked out once, at the end.

use std::ops::Range;

use crate::site::fault::{Fault, Position, Ruler, Wrong};

/// Why there is a fault: decides whether it may be the mere consequence of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// A value is not TOML, or a key is there twice; what stands around it was understood.
    Syntax,
    /// The text is not TOML there, and what follows may have been misunderstood.
    Structure,
    /// The value, or the key, is wrong whatever else stands in the file.
    Value,
    /// Something is not there, or does not go with something elsewhere.
    Missing,
}

/// More than this nobody reads; a file with more is not a definition.
const MOST: usize = 200;

/// More than this is not even kept: a hostile file costs bounded memory.
pub(super) const MOST_KEPT: usize = 5_000;

/// The faults found so far.
#[derive(Debug, Default)]
pub(super) struct Faults {
    found: Vec<(Cause, Range<usize>, String, Wrong)>,
}

impl Faults {
    pub(super) fn add(&mut self, cause: Cause, at: Range<usize>, key: String, wrong: Wrong) {
        if self.found.len() < MOST_KEPT {
            self.found.push((cause, at, key, wrong));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether there are still so few that looking for what was meant is worth the time it takes.
    pub(super) fn are_few(&self) -> bool {
        self.found.len() < MOST
    }

    /// The faults in the order of the text, without those that only follow from broken syntax, and 200 at most.
    pub(super) fn in_order(mut self, text: &str) -> Vec<Fault> {
        self.found.sort_by_key(|(_, at, ..)| at.start);
        let mut ruler = Ruler::new(text);
        let mut placed: Vec<(Cause, Fault)> = self
            .found
            .into_iter()
            .map(|(cause, at, key, wrong)| (cause, Fault { at: ruler.position(at.start), key, wrong }))
            .collect();
        drop_consequences(&mut placed, text);
        let more = placed.len().saturating_sub(MOST);
        placed.truncate(MOST);
        if let Some((_, last)) = placed.last().filter(|_| more > 0) {
            let wrong = Wrong::new(format!("{more} more faults below are not shown"), "mend those above first");
            placed.push((Cause::Value, Fault { at: last.at, key: String::new(), wrong }));
        }
        let mut faults: Vec<Fault> = placed.into_iter().map(|(_, fault)| fault).collect();
        faults.dedup();
        faults
    }
}

/// Where the text is not TOML, what was not understood may be the very thing that seems missing; a broken heading
/// moves all that follows into the wrong table. What may only be a consequence is left for the next run.
fn drop_consequences(placed: &mut Vec<(Cause, Fault)>, text: &str) {
    let lines_of = |wanted: &[Cause]| -> Vec<usize> {
        placed.iter().filter(|(cause, _)| wanted.contains(cause)).map(|(_, fault)| fault.at.line).collect()
    };
    let broken = lines_of(&[Cause::Syntax, Cause::Structure]);
    let structure = lines_of(&[Cause::Structure]);
    let lines: Vec<&str> = if structure.is_empty() { Vec::new() } else { text.split('\n').collect() };
    let heading = structure.iter().find(|line| {
        let content = lines.get(line.saturating_sub(1)).copied().unwrap_or_default();
        content.trim_start_matches('\u{feff}').trim_start().starts_with('[')
    });
    let mut last = Position::default();
    placed.retain(|(cause, fault)| match cause {
        // The parser stumbles several times over one slip: the first says it.
        Cause::Syntax | Cause::Structure => std::mem::replace(&mut last, fault.at).line != fault.at.line,
        Cause::Value => {
            broken.binary_search(&fault.at.line).is_err() && heading.is_none_or(|heading| fault.at.line < *heading)
        }
        Cause::Missing => structure.is_empty(),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_faults_are_kept_and_so_many_told() {
        let text = "a\n".repeat(MOST_KEPT + 1);
        let told = |many: usize| {
            let mut faults = Faults::default();
            for at in 0..many {
                faults.add(Cause::Value, 2 * at..2 * at + 1, format!("key{at}"), Wrong::new("wrong", "right"));
            }
            (faults.are_few(), faults.in_order(&text))
        };
        let last = |many: usize| told(many).1.last().unwrap().to_string();
        assert_eq!((told(MOST - 1).0, told(MOST).0, told(MOST).1.len()), (true, false, MOST));
        assert_eq!(told(MOST + 1).1.len(), MOST + 1);
        assert!(last(MOST + 1).contains("1 more faults"), "{}", last(MOST + 1));
        let kept = format!("{} more faults", MOST_KEPT - MOST);
        assert!(last(MOST_KEPT).contains(&kept) && last(MOST_KEPT + 1).contains(&kept));
    }
}
