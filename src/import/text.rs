//! An export's bytes as text: UTF-8 or UTF-16, with a byte order mark or without, as PowerShell and ldifde write them.

use crate::site::fault::Wrong;

const RIGHT: &str = "save it as UTF-8: Set-Content FILE -Encoding UTF8";

/// The text, its mark dropped.
///
/// # Errors
/// It is none.
pub(super) fn decode(bytes: &[u8]) -> Result<String, Wrong> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Err(Wrong::new("the export is UTF-32", RIGHT)),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // Every format that is read begins with two ASCII characters.
        [first, 0, ..] if first.is_ascii_graphic() => utf16(bytes, u16::from_le_bytes),
        [0, second, ..] if second.is_ascii_graphic() => utf16(bytes, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, Wrong> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
        let line = bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
        Wrong::new(format!("line {line} is neither UTF-8 nor UTF-16"), RIGHT)
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Wrong> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let read: Result<String, _> = char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
    match read {
        Ok(text) if rest.is_empty() => Ok(text),
        Ok(_) | Err(_) => Err(Wrong::new("the export is UTF-16 that is cut off or damaged", RIGHT)),
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn every_encoding_windows_writes_says_the_same() {
        let text = "[{\"RoleName\":\"M\u{fc}nchen\"}]";
        let units = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let (little, big) = (units(u16::to_le_bytes), units(u16::to_be_bytes));
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            [b"\xff\xfe", little.as_slice()].concat(),
            [b"\xfe\xff", big.as_slice()].concat(),
            little.clone(),
            big,
        ] {
            assert_eq!(decode(&bytes).as_deref(), Ok(text));
        }
        assert!(decode(&little[..little.len() - 1]).is_err());
        assert!(decode(b"{\xff}").unwrap_err().to_string().contains("line 1"));
        assert!(decode(b"\xff\xfe\0\0{\0\0\0").is_err());
    }
}
