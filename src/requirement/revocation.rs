//! Revocation lists, as a client that checks them meets them: for the certificate presented and every authority below
//! the root. Where the definition says that clients do not check, nothing here applies.

pub mod der_encoding;
pub mod every_url;

use super::quality::lists::judge_lists;
use crate::rule::subject::EndpointSubject;
use crate::rule::usage::Use;
use crate::trust::lists::checked::Checked;
use crate::verdict::Verdict;

/// Judges each list of what an endpoint presents, where somebody is documented to look there.
fn judge(subject: &EndpointSubject<'_>, of_one: impl Fn(&Checked<'_>) -> Verdict) -> Verdict {
    if matches!(subject.of, Use::SmsProvider | Use::ReportingPoint) {
        return Verdict::NotApplicable("no document says who checks this certificate's lists");
    }
    match subject.credential() {
        Some(of) => judge_lists(&of, of_one),
        None => subject.no_certificate(),
    }
}

#[cfg(test)]
mod tests {
    use crate::requirement::case::{World, issuing_crl, lab};
    use crate::requirement::catalogue::find;
    use crate::verdict::Verdict;

    #[test]
    fn a_list_damaged_or_cut_anywhere_never_passes_and_never_revokes_anybody() {
        let healthy = lab().issuing.crl(&issuing_crl()).unwrap();
        let url = lab().issuing_crl_url();
        let mut world = World::web_server(|r| r).healthy_crls();
        let mut damaged: Vec<Vec<u8>> =
            (0..healthy.len()).step_by(7).map(|length| healthy[..length].to_vec()).collect();
        damaged.extend((0..healthy.len()).map(|at| {
            let mut bytes = healthy.clone();
            bytes[at] ^= 0x41;
            bytes
        }));
        for bytes in damaged {
            world = world.crl(&url, &bytes);
            for id in ["revocation/current", "revocation/not-revoked"] {
                let requirement = find(id).unwrap();
                let verdict = world.judge(requirement).remove(0).verdict;
                let expected = match verdict {
                    Verdict::Fail(_) => id == "revocation/current",
                    Verdict::Unknown(_) => true,
                    Verdict::Pass(_) | Verdict::NotApplicable(_) => false,
                };
                assert!(expected, "{}: {verdict:?}: {bytes:02x?}", requirement.id);
            }
        }
    }
}
