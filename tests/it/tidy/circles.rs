//! That no two files and no two rooms of ours name each other in a circle, so that each can be read with what lies below it.
//!
//! A file names another where a path of it leads there, imports and re-exports followed to the file that has the item. The
//! file of a module and those of its parts are no two strangers: a part may name the words its module defines (types, traits,
//! constants), however the module uses its parts. It never calls back: a function or macro that both need lies in a
//! file below both.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::nothing;
use super::source::{Source, sources};

/// Who names whom, and where and by which words.
type Arrows = BTreeMap<String, BTreeMap<String, String>>;

/// A path as it stands in a file: line and parts, from the crate's root on.
type Named = (usize, Vec<String>);

/// The sources by their modules.
struct House<'a> {
    files: BTreeMap<Vec<String>, &'a Source>,
    /// What the names of a module stand for that it imports.
    imports: BTreeMap<Vec<String>, BTreeMap<String, Vec<String>>>,
}

impl<'a> House<'a> {
    fn new(sources: &'a [Source]) -> Self {
        let files: BTreeMap<_, _> = sources.iter().map(|source| (module(&source.path), source)).collect();
        let imports = files.iter().map(|(module, source)| {
            let is_use = |at: usize| at > 0 && source.tokens[at - 1].text == "use";
            let named = paths(source, module).into_iter().filter(|(at, ..)| is_use(*at));
            let known = named.map(|(_, path, name)| (name, path.1)).filter(|(name, _)| name != "*");
            (module.clone(), known.collect())
        });
        Self { imports: imports.collect(), files }
    }

    /// The file a path leads to, and what is left of the path inside it.
    fn file_of(&self, path: &[String]) -> Option<(&Vec<String>, Vec<String>)> {
        let mut path = path.to_vec();
        // A name that stands for a name that stands for a name: nobody goes further.
        for _ in 0..8 {
            let (length, module) = (0..=path.len())
                .rev()
                .find_map(|length| self.files.get_key_value(&path[..length]).map(|(module, _)| (length, module)))?;
            let rest = path[length..].to_vec();
            match rest.first().and_then(|name| self.imports[module].get(name)) {
                Some(meant) if *meant != path[..=length] => path = [meant.as_slice(), &rest[1..]].concat(),
                _ => return Some((module, rest)),
            }
        }
        None
    }

    /// Which files name which, by their paths.
    fn arrows(&self) -> Arrows {
        let mut arrows = Arrows::new();
        for (module, source) in &self.files {
            for (_, (line, path), _) in paths(source, module) {
                let Some((target, rest)) = self.file_of(&path) else { continue };
                let above = target.len() < module.len() && module.starts_with(target);
                let is_word = rest.first().is_some_and(|name| name.starts_with(char::is_uppercase));
                if target == module || (above && is_word) {
                    continue;
                }
                let to = arrows.entry(source.path.clone()).or_default();
                to.entry(self.files[target].path.clone())
                    .or_insert_with(|| format!("line {line}, {}", path.join("::")));
            }
        }
        arrows
    }
}

/// The module a file is.
fn module(path: &str) -> Vec<String> {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
    let parts = inside.split('/').map(str::to_owned).collect::<Vec<_>>();
    match parts.last().map(String::as_str) {
        Some("lib" | "main") => parts[..parts.len() - 1].to_vec(),
        _ => parts,
    }
}

/// Every path in a file that begins at a module of ours: where its words begin, itself, and the name it has here.
fn paths(source: &Source, module: &[String]) -> Vec<(usize, Named, String)> {
    let word = |at: usize| source.tokens.get(at).map_or("", |token| token.text.as_str());
    let parts: BTreeSet<&str> = (1..source.tokens.len())
        .filter(|at| word(at - 1) == "mod" && word(at + 1) == ";")
        .map(|at| source.tokens[at].text.as_str())
        .collect();
    let root: &[String] = if source.room == "bin" { &module[..2] } else { &[] };
    let mut found = Vec::new();
    for at in 0..source.tokens.len() {
        let before = if at > 0 { word(at - 1) } else { "" };
        if ["::", ".", "in", "mod"].contains(&before) || (word(at + 1) != "::" && before != "use") {
            continue;
        }
        let (start, after) = match word(at) {
            "crate" => (root.to_vec(), at + 2),
            "cmprobe" if source.room == "bin" => (Vec::new(), at + 2),
            "self" => (module.to_vec(), at + 2),
            "super" => {
                let steps = (0..).take_while(|step| word(at + 2 * step) == "super").count();
                (module[..module.len().saturating_sub(steps)].to_vec(), at + 2 * steps)
            }
            part if parts.contains(part) => (module.to_vec(), at),
            _ => continue,
        };
        let mut leaves = Vec::new();
        tree(source, after, &start, &mut leaves);
        found.extend(leaves.into_iter().map(|(named, name)| (at, named, name)));
    }
    found
}

/// Reads one path, with the groups of an import, and says where it ends.
fn tree(source: &Source, mut at: usize, start: &[String], leaves: &mut Vec<(Named, String)>) -> usize {
    let word = |at: usize| source.tokens.get(at).map_or("", |token| token.text.as_str());
    let is_word = |text: &str| text.starts_with(|letter: char| letter.is_alphabetic() || "_*".contains(letter));
    if word(at) == "{" {
        at += 1;
        while !["}", ""].contains(&word(at)) {
            at = if is_word(word(at)) || word(at) == "{" { tree(source, at, start, leaves) } else { at + 1 };
        }
        return at + 1;
    }
    let mut path = start.to_vec();
    let line = source.tokens.get(at).map_or(0, |token| token.line);
    while is_word(word(at)) {
        if word(at) != "self" {
            path.push(word(at).to_owned());
        }
        at += 1;
        if word(at) != "::" {
            break;
        }
        at += 1;
        if word(at) == "{" {
            return tree(source, at, &path, leaves);
        }
    }
    let mut name = path.last().cloned().unwrap_or_default();
    if word(at) == "as" {
        name = word(at + 1).to_owned();
        at += 2;
    }
    leaves.push(((line, path), name));
    at
}

/// One circle for each knot of arrows, each with where it is drawn.
fn circles(arrows: &Arrows) -> Vec<String> {
    let mut told: BTreeSet<&String> = BTreeSet::new();
    let mut found = Vec::new();
    for start in arrows.keys() {
        if told.contains(start) {
            continue;
        }
        let Some(circle) = shortest(arrows, start) else { continue };
        let steps = circle.iter().zip(circle.iter().cycle().skip(1));
        let words = steps.map(|(from, to)| format!("  {from} names {to} ({})", arrows[*from][*to]));
        found.push(format!("a circle:\n{}", words.collect::<Vec<_>>().join("\n")));
        told.extend(circle);
    }
    found
}

/// The shortest way from one back to itself.
fn shortest<'a>(arrows: &'a Arrows, start: &'a String) -> Option<Vec<&'a String>> {
    let mut came_from: BTreeMap<&String, &String> = BTreeMap::new();
    let mut next = VecDeque::from([start]);
    while let Some(here) = next.pop_front() {
        for to in arrows.get(here).into_iter().flat_map(BTreeMap::keys) {
            if to == start {
                let mut way = vec![here];
                while let Some(before) = came_from.get(way[way.len() - 1]).filter(|_| way[way.len() - 1] != start) {
                    way.push(before);
                }
                way.reverse();
                return Some(way);
            }
            if !came_from.contains_key(to) {
                came_from.insert(to, here);
                next.push_back(to);
            }
        }
    }
    None
}

/// The same, a floor higher: which rooms name which.
fn of_rooms(arrows: &Arrows, sources: &[Source]) -> Arrows {
    let rooms: BTreeMap<&str, &str> =
        sources.iter().map(|source| (source.path.as_str(), source.room.as_str())).collect();
    let mut found = Arrows::new();
    for (from, to, words) in arrows.iter().flat_map(|(from, to)| to.iter().map(move |(to, words)| (from, to, words))) {
        let (here, there) = (rooms[from.as_str()], rooms[to.as_str()]);
        if here != there {
            let to = found.entry(here.to_owned()).or_default();
            to.entry(there.to_owned()).or_insert_with(|| format!("{from}, {words}"));
        }
    }
    found
}

#[test]
fn no_files_name_each_other_in_a_circle() {
    nothing(circles(&House::new(&sources()).arrows()));
}

#[test]
fn no_rooms_name_each_other_in_a_circle() {
    let sources = sources();
    nothing(circles(&of_rooms(&House::new(&sources).arrows(), &sources)));
}

/// What is found in a tree of a few files.
fn found_in(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let sources: Vec<Source> = files.iter().map(|(path, text)| Source::read(path, text)).collect();
    let arrows = House::new(&sources).arrows();
    (circles(&arrows), circles(&of_rooms(&arrows, &sources)))
}

#[test]
fn circles_of_a_made_up_tree_are_found() {
    let straight = [
        ("src/lib.rs", "pub mod hall; pub mod cellar;"),
        ("src/hall.rs", "mod door; pub use door::Door; use crate::cellar::{self, Barrel}; pub struct Hall;"),
        // A part names its module's words; and for tests whatever it needs.
        ("src/hall/door.rs", "use super::Hall; pub struct Door; #[cfg(test)] mod tests { use crate::hall::open; }"),
        ("src/cellar.rs", "//! not crate::hall::Hall\npub struct Barrel;"),
    ];
    assert_eq!(found_in(&straight), (vec![], vec![]));

    let changed = |path: &str, text: &'static str| {
        let files = straight.map(|(there, before)| (there, if there == path { text } else { before }));
        found_in(&files)
    };
    let (files, rooms) = changed("src/cellar.rs", "pub struct Barrel;\npub fn up() { crate::hall::up() }");
    assert_eq!(
        files,
        [
            "a circle:\n  src/cellar.rs names src/hall.rs (line 2, hall::up)\n  src/hall.rs names src/cellar.rs (line 1, cellar)"
        ]
    );
    assert_eq!(rooms.len(), 1, "{rooms:?}");
    // Through a re-export it is the part that is named: a longer circle, but one.
    let (files, rooms) = changed("src/hall/door.rs", "use crate::cellar::Barrel; pub struct Door;");
    assert_eq!((files, rooms), (vec![], vec![]));
    let (files, rooms) = found_in(&[
        ("src/hall.rs", "mod door; pub use door::Door;"),
        ("src/hall/door.rs", "use crate::cellar::Barrel; pub struct Door;"),
        ("src/cellar.rs", "pub struct Barrel(super::hall::Door);"),
    ]);
    assert_eq!((files.len(), rooms.len()), (1, 1), "{files:?} {rooms:?}");
    assert!(files[0].contains("src/cellar.rs names src/hall/door.rs"), "{files:?}");
    // A part that calls back.
    let (files, rooms) = changed("src/hall/door.rs", "pub struct Door; fn shut() { super::called() }");
    assert_eq!((files.len(), rooms.len()), (1, 0), "{files:?} {rooms:?}");
    // Parts among themselves, and rooms whose files have no circle.
    let (files, rooms) = found_in(&[
        ("src/hall/door.rs", "use crate::cellar::Barrel;"),
        ("src/hall/wall.rs", "pub struct Wall;"),
        ("src/cellar.rs", "pub struct Barrel;"),
        ("src/cellar/wall.rs", "use crate::hall::wall::Wall as Other;"),
    ]);
    assert_eq!((files.len(), rooms.len()), (0, 1), "{files:?} {rooms:?}");
}
