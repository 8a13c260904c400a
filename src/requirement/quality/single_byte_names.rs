//! `single-byte-names`

use crate::certificate::{AlternativeName, Facts};
use crate::requirement::web_server::names;
use crate::rule::EvidenceSource;
use crate::rule::credential::Credential;
use crate::rule::quality::{Decider, quality};
use crate::verdict::Verdict;
use crate::verdict::cause::catalogue as cause;

quality! {
    /// Every character of the Subject Name and of the Subject Alternative Name is single-byte: plain ASCII. Names that
    /// need other characters are written in their ASCII form (`xn--…`). The string type does not matter: ASCII in a
    /// BMPString or UTF8String is fine.
    ///
    /// Who is hurt: Configuration Manager's own code, which reads these names as single-byte text: certificates are not
    /// selected, comparisons fail for the computers concerned and for no others, and logs show question marks.
    ///
    /// How it is seen: in the subject of the leaf, all its parts, and in the entries of its Subject Alternative Name. An
    /// entry that should be ASCII and is not cannot be read as a name, and is shown by its bytes.
    SINGLE_BYTE_NAMES {
        slug: |_| "single-byte-names",
        servers: None,
        title: "The names on {} are single-byte",
        evidence: &[EvidenceSource::Handshake, EvidenceSource::File],
        decided_by: Decider::Certificate,
        judge: judge,
    }
}

fn judge(of: &Credential<'_>, facts: &Facts) -> Verdict {
    if is_single_byte(facts) {
        return Verdict::pass();
    }
    of.evidence("A name on the certificate holds characters that are not single-byte ASCII.")
        .expected("ASCII")
        .observed(facts.subject.text.clone())
        .observed_all(names::listed(facts))
        .because(&cause::NOT_ASCII)
        .fail()
}

/// Whether nothing but some of several common names holds other characters: with one common name left, all is well.
pub(super) fn is_of_surplus_names(leaf: &Facts) -> bool {
    let names = &leaf.subject.common_names;
    let without = names.iter().filter(|name| !name.text.is_ascii());
    let subject = without.fold(leaf.subject.text.clone(), |text, name| text.replace(&name.text, ""));
    names.iter().any(|name| name.text.is_ascii()) && subject.is_ascii() && has_single_byte_names(leaf)
}

fn is_single_byte(leaf: &Facts) -> bool {
    leaf.subject.text.is_ascii() && has_single_byte_names(leaf)
}

fn has_single_byte_names(leaf: &Facts) -> bool {
    leaf.alternative_names.iter().flatten().all(|name| match name {
        AlternativeName::Dns(text) | AlternativeName::Upn(text) => text.is_ascii(),
        AlternativeName::Ip(_) => true,
        AlternativeName::Other { kind: "malformed", value } => !is_text_with_high_bytes(value),
        AlternativeName::Other { kind: _, value } => value.is_ascii(),
    })
}

/// Whether the bytes of an entry that could not be read, in hexadecimal, are text but for bytes above ASCII: a name in a
/// national character set, and not an entry broken in some other way.
fn is_text_with_high_bytes(hexadecimal: &str) -> bool {
    let bytes = data_encoding::HEXLOWER.decode(hexadecimal.as_bytes()).unwrap_or_default();
    !bytes.is_ascii() && bytes.iter().any(u8::is_ascii_alphabetic) && !bytes.iter().any(u8::is_ascii_control)
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::{Attribute, San, Text};
    use crate::requirement::case::{Case, World};
    use crate::rule::usage::Use;

    pub(super) fn all(of: Use) -> Vec<Case> {
        if of != Use::WebServer {
            return elsewhere(of);
        }
        let named = |text: Text| World::of(of, |r| r.no_cn().attribute(Attribute::CommonName, text));
        vec![
            Case::passes("ASCII", World::of(of, |r| r)),
            Case::passes("ASCII in a wide string", named(Text::Bmp("mp01.corp.contoso.com".into()))),
            Case::passes("an A-label", World::of(of, |r| r.dns(&["xn--mnchen-3ya.contoso.com"]))),
            Case::fails("an umlaut in the common name", named(Text::Utf8("mp-münchen".into())), "münchen"),
            Case::fails("in a wide string", named(Text::Bmp("mp-東京".into())), "東京"),
            Case::fails(
                "in the organisation",
                World::of(of, |r| r.attribute(Attribute::Organization, Text::Utf8("Müller".into()))),
                "O=Müller",
            ),
            Case::fails(
                "in a dNSName",
                World::of(of, |r| r.san(San::Dns("münchen.contoso.com".into()))),
                "dns:münchen.contoso.com",
            ),
            Case::fails(
                "in a dNSName, Latin-1",
                World::of(of, |r| r.san(San::Raw([&[0x82, 5, 0xfc][..], b".com"].concat()))),
                "not single-byte",
            ),
            Case::passes(
                "an address of five bytes is broken in another way",
                World::of(of, |r| r.san(San::Raw(vec![0x87, 5, 0xc0, 0xa8, 1, 1, 0xff]))),
            ),
        ]
    }

    /// The same for every other use, in short.
    fn elsewhere(of: Use) -> Vec<Case> {
        let world = |world: World| world.current_branch();
        vec![
            Case::passes("ASCII", world(World::of(of, |r| r))),
            Case::fails("an umlaut in the common name", world(World::of(of, |r| r.cn("m\u{fc}nchen"))), "m\u{fc}nchen"),
        ]
    }
}
