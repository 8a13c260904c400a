//! How much work a locked file asks for before its password can be tried: each says itself how many rounds of hashing that
//! is, up to four thousand million. A file that would keep the program busy for minutes is refused unopened.

/// The most rounds a file may ask for, all its locks together. Windows and OpenSSL write two thousand for each, the most
/// cautious programs about a million.
const MOST: u64 = 10_000_000;
/// How deep values are looked for inside octet strings; PKCS #12 goes three deep.
const DEPTH: u8 = 8;

const OCTET_STRING: u8 = 0x04;
const INTEGER: u8 = 0x02;
const CONSTRUCTED: u8 = 0x20;
/// What stands in a tag for a number in the octets that follow.
const LONG: u8 = 0x1f;

/// Whether bytes, DER or PEM, ask for more rounds than any honest file.
pub(super) fn too_many(bytes: &[u8]) -> bool {
    let of_pem = encrypted_sections(bytes).iter().map(|der| asked_for(der, DEPTH)).fold(0, u64::saturating_add);
    asked_for(bytes, DEPTH).saturating_add(of_pem) > MOST
}

/// The contents of PEM's encrypted keys.
fn encrypted_sections(bytes: &[u8]) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(bytes);
    let sections = text.split("-----BEGIN ENCRYPTED PRIVATE KEY-----").skip(1);
    sections
        .map(|rest| {
            let body = rest.split("-----").next().unwrap_or_default();
            let body: Vec<u8> = body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
            data_encoding::BASE64.decode(&body).unwrap_or_default()
        })
        .collect()
}

/// The sum of what stands where the number of rounds does: integers right behind an octet string, the salt. Three and more
/// are scrypt's, which does as much work as their product. Values that hold values are walked through without regard to
/// where they end, so that lengths left open (BER) hide nothing.
fn asked_for(mut bytes: &[u8], depth: u8) -> u64 {
    let (mut sum, mut before) = (0_u64, 0);
    // The integers behind a salt, so far.
    let mut behind: Vec<u64> = Vec::new();
    // An octet string in pieces (BER), as old browsers write them.
    let mut pieces: Option<Vec<u8>> = None;
    while let Some((tag, length, rest)) = head(bytes) {
        bytes = rest;
        if tag != INTEGER {
            sum = sum.saturating_add(work(&std::mem::take(&mut behind)));
        }
        if tag & !CONSTRUCTED != OCTET_STRING && tag != 0 {
            sum = sum.saturating_add(within(&pieces.take().unwrap_or_default(), depth));
        }
        if tag & CONSTRUCTED != 0 {
            if tag == OCTET_STRING | CONSTRUCTED {
                pieces.get_or_insert_default();
            }
            before = tag & !CONSTRUCTED;
            continue;
        }
        let Some((content, rest)) = length.and_then(|length| rest.split_at_checked(length)) else { break };
        bytes = rest;
        if tag == INTEGER && (before == OCTET_STRING || !behind.is_empty()) {
            behind.push(number(content));
        }
        if tag == OCTET_STRING {
            sum = sum.saturating_add(within(content, depth));
            if let Some(pieces) = &mut pieces {
                pieces.extend_from_slice(content);
            }
        }
        // What ends an open length (00 00) leaves the salt in front of its number.
        if tag != 0 {
            before = tag;
        }
    }
    sum = sum.saturating_add(work(&behind));
    sum.saturating_add(within(&pieces.unwrap_or_default(), depth))
}

/// What the integers behind a salt ask for: a number of rounds, and perhaps the key's length; or scrypt's cost, block size
/// and parallelisation.
fn work(behind: &[u64]) -> u64 {
    match behind {
        [cost, block, lanes, ..] => cost.saturating_mul(*block).saturating_mul(*lanes),
        [rounds, ..] => *rounds,
        [] => 0,
    }
}

/// What is asked for inside an octet string, where that holds values.
fn within(content: &[u8], depth: u8) -> u64 {
    if depth > 0 && content.first() == Some(&0x30) { asked_for(content, depth - 1) } else { 0 }
}

/// A value's tag, its length (`None`: left open), and what follows. A tag's number may be written in octets of its own,
/// small ones too: OpenSSL takes them for what they are.
fn head(bytes: &[u8]) -> Option<(u8, Option<usize>, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    let (tag, rest) = if first & LONG == LONG {
        let octets = rest.iter().take_while(|octet| **octet & 0x80 != 0).count() + 1;
        let (written, rest) = rest.split_at_checked(octets)?;
        let number =
            written.iter().fold(0_u32, |sum, octet| sum.saturating_mul(128).saturating_add((octet & 0x7f).into()));
        (first & !LONG | u8::try_from(number).map_or(LONG, |number| number.min(LONG)), rest)
    } else {
        (first, rest)
    };
    let (&first, rest) = rest.split_first()?;
    match first {
        0..=0x7f => Some((tag, Some(usize::from(first)), rest)),
        0x80 => Some((tag, None, rest)),
        _ => {
            let (octets, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let length = octets.iter().try_fold(0_usize, |sum, octet| {
                sum.checked_mul(256).and_then(|sum| sum.checked_add(usize::from(*octet)))
            })?;
            Some((tag, Some(length), rest))
        }
    }
}

/// A number of rounds. What is longer than any such number is something else, such as the order of a curve behind its
/// base point; a negative one is refused by whoever reads the file.
fn number(content: &[u8]) -> u64 {
    if content.len() > 9 {
        return 0;
    }
    content.iter().fold(0_u64, |sum, octet| sum.saturating_mul(256).saturating_add(u64::from(*octet)))
}

#[cfg(test)]
mod tests {
    use super::too_many;
    use crate::lab::pki::{KeyName, Pkcs12, Pki, Protection, pem};

    /// A salt and a number of rounds, in a sequence.
    fn lock(rounds: u32) -> Vec<u8> {
        let [a, b, c, d] = rounds.to_be_bytes();
        vec![0x30, 13, 4, 4, 1, 2, 3, 4, 2, 5, 0, a, b, c, d]
    }

    #[test]
    fn what_honest_programs_write_is_opened() {
        let pki = Pki::lab().unwrap();
        let client = pki.issue(&pki.client("ws01.corp.contoso.com")).unwrap();
        for protection in [Protection::Legacy, Protection::TripleDes, Protection::Modern] {
            let file = Pkcs12::export(&client, "secret").protection(protection).der().unwrap();
            assert!(!too_many(&file), "{protection:?}");
        }
        for key in [KeyName::Rsa2048A, KeyName::P256A, KeyName::P521] {
            assert!(!too_many(key.pem().as_bytes()), "{key:?}");
        }
        // The base point of a curve written out, and its order.
        assert!(!too_many(&[&[0x30, 38, 4, 2, 4, 1, 2, 32][..], &[0x7f; 32]].concat()));
        assert!(!too_many(&lock(10_000_000)));
    }

    #[test]
    fn what_would_take_minutes_is_not() {
        let locked = lock(10_000_001);
        assert!(too_many(&locked));
        assert!(too_many(pem("ENCRYPTED PRIVATE KEY", &locked).as_bytes()));
        assert!(too_many(&[lock(6_000_000), lock(6_000_000)].concat()), "in two parts");
        assert!(too_many(&[&[4, 15][..], &locked].concat()), "inside an octet string");
        let (front, back) = locked.split_at(7);
        let pieces = [&[0x24, 0x80, 4, 7][..], front, &[4, 8], back, &[0, 0, 0, 0]].concat();
        assert!(too_many(&pieces), "in pieces");
        let open = [&[0x30, 0x80, 0x24, 0x80, 4, 2, 1, 2, 0, 0][..], &locked[8..], &[0, 0]].concat();
        assert!(too_many(&open), "behind a salt of open length");
        let attribute = [&[0x30, 17, 0x9f, 0x81, 0x01, 1, 0][..], &locked[2..]].concat();
        assert!(too_many(&attribute), "behind a tag of several octets");
        let written_out = [&[0x30, 14, 0x1f, 4, 4, 1, 2, 3, 4][..], &locked[8..]].concat();
        assert!(too_many(&written_out), "with a salt whose tag is written out");
    }

    #[test]
    fn scrypt_asks_for_the_product_of_its_numbers() {
        let scrypt = |cost: u16, block: u8, lanes: [u8; 4]| {
            let [a, b] = cost.to_be_bytes();
            let [d, e, f, g] = lanes;
            vec![0x30, 21, 4, 4, 1, 2, 3, 4, 2, 2, a, b, 2, 1, block, 2, 4, d, e, f, g, 2, 1, 32]
        };
        assert!(!too_many(&scrypt(16_384, 8, [0, 0, 0, 1])), "as OpenSSL writes it");
        assert!(too_many(&scrypt(16_384, 8, [0, 0, 0, 100])));
        assert!(too_many(&scrypt(2, 1, [0x3f, 0xff, 0xff, 0xff])));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_whatever_break_the_walk(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = too_many(&bytes);
        }
    }
}
