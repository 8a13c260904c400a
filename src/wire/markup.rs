//! What is looked at in XML before a reader takes it up: readers compare the attributes of an element with one another, and
//! hand names of namespaces down, so that some megabytes of either would keep them busy for minutes.

/// How many attributes an element may have; those of honest lists have a handful.
pub const MOST_ATTRIBUTES: usize = 128;
/// How many namespaces may be declared in all.
pub const MOST_NAMESPACES: usize = 256;

/// Why XML is not read, in words; `None`: it may be.
pub fn crowded(text: &str) -> Option<String> {
    if text.match_indices("xmlns").nth(MOST_NAMESPACES).is_some() {
        return Some(format!("it declares more than {MOST_NAMESPACES} namespaces"));
    }
    let (mut quote, mut attributes): (Option<u8>, Option<usize>) = (None, None);
    for byte in text.bytes() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'<') => attributes = Some(0),
            (None, b'>') => attributes = None,
            (None, b'"' | b'\'') if attributes.is_some() => quote = Some(byte),
            (None, b'=') => {
                attributes = attributes.map(|count| count + 1);
                if attributes > Some(MOST_ATTRIBUTES) {
                    return Some(format!("an element has more than {MOST_ATTRIBUTES} attributes"));
                }
            }
            (None, _) => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::{MOST_ATTRIBUTES, MOST_NAMESPACES, crowded};

    fn element(attributes: usize) -> String {
        let mut text = String::from("<MP");
        (0..attributes).for_each(|n| write!(text, " a{n}='= > <'").unwrap());
        text + "/>"
    }

    #[test]
    fn so_many_attributes_are_read_and_no_more() {
        let lists = element(MOST_ATTRIBUTES).repeat(3);
        assert_eq!(crowded(&lists), None);
        assert!(crowded(&element(MOST_ATTRIBUTES + 1)).is_some_and(|why| why.contains("attributes")));
        assert_eq!(crowded(&"a = b = 'c ".repeat(1000)), None, "no element");
    }

    #[test]
    fn so_many_namespaces_are_read_and_no_more() {
        assert_eq!(crowded(&"<a xmlns:b=''>".repeat(MOST_NAMESPACES)), None);
        assert!(crowded(&"<a xmlns:b=''>".repeat(MOST_NAMESPACES + 1)).is_some_and(|why| why.contains("namespaces")));
    }
}
