//! Spoils bytes, the same way every time: bits, cuts, copies, splices, length fields, and DER whose lengths still add up.

/// The longest input made.
pub(super) const LONGEST: usize = 64 * 1024;
/// Numbers at which readers go wrong.
const ODD: [u64; 12] = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0xff_ffff, 0x7fff_ffff, 0xffff_ffff, u64::MAX];

/// Marsaglia's xorshift: the same numbers on every machine.
pub(super) struct Dice(u64);

impl Dice {
    /// Numbers that depend on a name alone.
    pub(super) fn named(name: &str) -> Self {
        let hash = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(hash | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below this one; 0 where there is none.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap_or_default().checked_rem(end).unwrap_or_default()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }

    /// A piece of bytes, no longer than this.
    fn piece<'a>(&mut self, of: &'a [u8], longest: usize) -> &'a [u8] {
        let from = self.below(of.len() + 1);
        let length = self.below((of.len() - from).min(longest) + 1);
        &of[from..from + length]
    }
}

/// A seed, spoiled once or a few times; `other` is what pieces are taken from.
pub(super) fn mutated(seed: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..1 + dice.below(4) {
        if dice.below(3) == 0
            && let Some(spoiled) = der(&bytes, other, dice)
        {
            bytes = spoiled;
        } else {
            spoil(&mut bytes, other, dice);
        }
        bytes.truncate(LONGEST);
    }
    bytes
}

fn spoil(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let at = dice.below(bytes.len());
    match dice.below(10) {
        0 if !bytes.is_empty() => bytes[at] ^= 1 << dice.below(8),
        1 if !bytes.is_empty() => bytes[at] = dice.byte(),
        2 => bytes.truncate(at),
        3 => {
            let length = dice.below((bytes.len() - at).min(64) + 1);
            bytes.drain(at..at + length);
        }
        4 => {
            let piece = dice.piece(bytes, 256).to_vec();
            let most = if dice.below(16) == 0 { 200 } else { 3 };
            let times = 1 + dice.below(most);
            bytes.splice(at..at, piece.repeat(times));
        }
        5 => {
            let made: Vec<u8> = (0..1 + dice.below(8)).map(|_| dice.byte()).collect();
            bytes.splice(at..at, made);
        }
        6 => {
            let piece = dice.piece(other, 512).to_vec();
            let end = at + dice.below((bytes.len() - at).min(512) + 1);
            bytes.splice(at..end, piece);
        }
        7 => {
            // The front of one, the back of the other.
            bytes.truncate(at);
            bytes.extend_from_slice(&other[dice.below(other.len() + 1)..]);
        }
        8 => {
            // A length field, or what could be one.
            let number = match dice.below(3) {
                0 => bytes.len() as u64,
                1 => (bytes.len() - at) as u64 + dice.next() % 3,
                _ => ODD[dice.below(ODD.len())],
            };
            let width = [1, 2, 3, 4, 8][dice.below(5)];
            let end = (at + width).min(bytes.len());
            bytes.splice(at..end, number.to_be_bytes()[8 - width..].iter().copied());
        }
        _ => {
            // A line, doubled, dropped or put elsewhere: what text is made of.
            let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
            let mut order: Vec<usize> = (0..lines.len()).collect();
            let (from, to) = (dice.below(lines.len()), dice.below(lines.len() + 1));
            match dice.below(3) {
                0 if !order.is_empty() => drop(order.remove(from)),
                1 if lines.len() > 1 => order.swap(from, to.min(lines.len() - 1)),
                _ if !order.is_empty() => order.insert(to, from),
                _ => {}
            }
            *bytes = order.into_iter().flat_map(|line| lines[line]).copied().collect();
        }
    }
}

/// A DER value, taken apart as far as it goes.
#[derive(Clone)]
enum Node {
    /// Tag and content.
    Leaf(u8, Vec<u8>),
    /// Tag, octets before the first value (a BIT STRING has one), values.
    Nest(u8, Vec<u8>, Vec<Node>),
}

impl Node {
    /// Everything in these bytes; `None`: not DER from front to back.
    fn all(mut bytes: &[u8], depth: usize) -> Option<Vec<Self>> {
        let mut nodes = Vec::new();
        while let [tag, first, rest @ ..] = bytes {
            let (length, rest) = match first {
                0..=0x7f => (usize::from(*first), rest),
                0x81..=0x83 => {
                    let (octets, rest) = rest.split_at_checked(usize::from(first - 0x80))?;
                    (octets.iter().fold(0, |sum, octet| sum << 8 | usize::from(*octet)), rest)
                }
                _ => return None,
            };
            let (content, rest) = rest.split_at_checked(length)?;
            bytes = rest;
            let prefix = usize::from(*tag == 0x03).min(content.len());
            let may_nest = tag & 0x20 != 0 || matches!(tag, 0x03 | 0x04) && content.len() > 2;
            let inner = (may_nest && depth < 24).then(|| Self::all(&content[prefix..], depth + 1)).flatten();
            nodes.push(match inner {
                Some(inner) => Self::Nest(*tag, content[..prefix].to_vec(), inner),
                None => Self::Leaf(*tag, content.to_vec()),
            });
        }
        bytes.is_empty().then_some(nodes)
    }

    fn count(nodes: &[Self]) -> usize {
        nodes.iter().map(|node| 1 + if let Self::Nest(_, _, inner) = node { Self::count(inner) } else { 0 }).sum()
    }

    /// Hands the list that holds the node of this number, counted through, and its place in it.
    fn at<T>(nodes: &mut Vec<Self>, number: &mut usize, act: &mut impl FnMut(&mut Vec<Self>, usize) -> T) -> Option<T> {
        for place in 0..nodes.len() {
            if *number == 0 {
                return Some(act(nodes, place));
            }
            *number -= 1;
            if let Self::Nest(_, _, inner) = &mut nodes[place]
                && let Some(done) = Self::at(inner, number, act)
            {
                return Some(done);
            }
        }
        None
    }

    fn write(&self, out: &mut Vec<u8>) {
        let (tag, content) = match self {
            Self::Leaf(tag, content) => (*tag, content.clone()),
            Self::Nest(tag, prefix, inner) => {
                let mut content = prefix.clone();
                inner.iter().for_each(|node| node.write(&mut content));
                (*tag, content)
            }
        };
        out.push(tag);
        let length = content.len().to_be_bytes();
        let leading = length.iter().take_while(|octet| **octet == 0).count();
        match &length[leading..] {
            [] => out.push(0),
            [short @ 0..=0x7f] => out.push(*short),
            long => {
                out.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
                out.extend_from_slice(long);
            }
        }
        out.extend_from_slice(&content);
    }
}

/// One value inside spoiled, with every length around it put right; `None`: not DER.
fn der(bytes: &[u8], other: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
    let mut nodes = Node::all(bytes, 0).filter(|nodes| !nodes.is_empty())?;
    let count = Node::count(&nodes);
    let mut donors = match dice.below(2) {
        0 => Node::all(other, 0).unwrap_or_else(|| nodes.clone()),
        _ => nodes.clone(),
    };
    let donor_count = Node::count(&donors);
    let donor = Node::at(&mut donors, &mut dice.below(donor_count), &mut |list, place| list[place].clone())?;
    Node::at(&mut nodes, &mut dice.below(count), &mut |list, place| match dice.below(9) {
        0 => drop(list.remove(place)),
        1 => list.insert(place, list[place].clone()),
        2 => list[place] = donor.clone(),
        3 => list.insert(place, donor.clone()),
        4 => match &mut list[place] {
            Node::Leaf(tag, _) | Node::Nest(tag, _, _) => *tag = dice.byte(),
        },
        5 => match &mut list[place] {
            Node::Leaf(_, content) => content.clear(),
            Node::Nest(_, _, inner) => inner.clear(),
        },
        6 => {
            let times = if dice.below(16) == 0 { 300 } else { 3 };
            let copy = list[place].clone();
            list.splice(place..place, std::iter::repeat_n(copy, times));
        }
        7 => {
            // Wrapped in itself, many times over.
            let mut inner = list[place].clone();
            let most = if dice.below(16) == 0 { 400 } else { 4 };
            for _ in 0..1 + dice.below(most) {
                inner = Node::Nest(0x30, Vec::new(), vec![inner]);
            }
            list[place] = inner;
        }
        _ => {
            if let Node::Leaf(_, content) = &mut list[place] {
                match dice.below(3) {
                    0 => *content = ODD[dice.below(ODD.len())].to_be_bytes()[dice.below(8)..].to_vec(),
                    1 if !content.is_empty() => {
                        let at = dice.below(content.len());
                        content[at] = dice.byte();
                    }
                    _ => content.push(dice.byte()),
                }
            }
        }
    })?;
    let mut out = Vec::new();
    nodes.iter().for_each(|node| node.write(&mut out));
    Some(out)
}
