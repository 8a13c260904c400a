//! Revocation lists, as a client that checks them meets them: for the certificate presented and every authority below
//! the root. Where the definition says that clients do not check, nothing here applies.

pub mod checked;
pub mod current;
pub mod delta;
pub mod der_encoding;
pub mod distribution_point;
pub mod every_url;
pub mod expiry;
pub mod not_revoked;
pub mod reachable;
pub mod timely;

#[cfg(test)]
mod tests {
    use super::current::CURRENT;
    use super::not_revoked::NOT_REVOKED;
    use super::reachable::REACHABLE;
    use crate::observation::failure::FailureKind;
    use crate::requirement::case::{NOW, World, issuing_crl, lab};
    use crate::trust::basis::RevocationMode;
    use crate::verdict::Verdict;
    use crate::verdict::severity::Severity;

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
            for requirement in [&CURRENT, &NOT_REVOKED] {
                let verdict = world.judge(requirement).remove(0).verdict;
                let expected = match verdict {
                    Verdict::Fail(_) => requirement == &CURRENT,
                    Verdict::Unknown(_) => true,
                    Verdict::Pass(_) | Verdict::NotApplicable(_) => false,
                };
                assert!(expected, "{}: {verdict:?}: {bytes:02x?}", requirement.id);
            }
        }
    }

    #[test]
    fn judged_softly_a_list_that_cannot_be_had_or_is_old_weighs_a_warning() {
        let url = lab().issuing_crl_url();
        let (now, day) = (NOW.0, time::Duration::days(1));
        let old = lab().issuing.crl(&issuing_crl().current(now - day * 2, now - day)).unwrap();
        let healthy = || World::web_server(|r| r).healthy_crls();
        let worlds = [
            (healthy().crl_failed(&url, FailureKind::HttpError, "404"), &REACHABLE),
            (healthy().crl(&url, &old), &CURRENT),
        ];
        for (world, requirement) in worlds {
            let severity = |world: World| world.judge(requirement).remove(0).severity;
            assert_eq!(severity(world.clone()), Severity::Error);
            assert_eq!(severity(world.revocation(RevocationMode::Soft)), Severity::Warning);
        }
    }
}
