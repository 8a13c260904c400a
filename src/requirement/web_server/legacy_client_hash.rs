//! `web-server/legacy-client-hash`

use crate::certificate::SignatureFamily;
use crate::rule::scope::Scope;
use crate::rule::subject::EndpointSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::profile::Profile;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// Where the site has clients that cannot read SHA-2 signatures, the certificate does not have one. Such clients
    /// are Windows XP before Service Pack 3, and Windows Server 2003 without the hotfix KB 938397, which Windows Update
    /// never offered; the definition declares them with `legacy_clients = true`.
    ///
    /// Who is hurt: just these clients: the chain cannot be verified (INVALID_CA, 0x8), and a SHA-2 signature on the
    /// CRL alone stops them as well. All others are served better by SHA-2.
    ///
    /// How it is seen: in the signature algorithm of the leaf. Where the definition declares no such clients the row
    /// does not apply; signatures these clients cannot read for another reason are web-server/signature's matter.
    LEGACY_CLIENT_HASH {
        id: "web-server/legacy-client-hash",
        title: "The site's oldest clients can verify the certificate's hash",
        severity: SeverityByProfile::both(Severity::Notice),
        citation: Citation { document: &document::TOOL, place: "SHA-2 support of Windows XP and Windows Server 2003" },
        scope: Scope::WEB_ROLES.only_in(Profile::NativeMode2007),
        evidence: &[EvidenceSource::Handshake, EvidenceSource::Definition],
        remedy: "Bring the clients to Windows XP SP3 or install KB 938397 on Server 2003 (KB 968730 too where they enrol), and then take legacy_clients out of the definition; only where that is impossible keep an authority that signs with SHA-1.",
        check: Check::Endpoint(check),
    }
}

fn check(subject: &EndpointSubject<'_>) -> Verdict {
    if !subject.basis.site.legacy_clients {
        return Verdict::NotApplicable("the definition declares no clients that cannot read SHA-2");
    }
    subject.judge_leaves(|leaf| {
        let signature = &leaf.signature;
        match signature.family {
            SignatureFamily::RsaPkcs1 | SignatureFamily::Dsa => {}
            SignatureFamily::RsaPss | SignatureFamily::Ecdsa | SignatureFamily::EdDsa | SignatureFamily::Other => {
                return Verdict::NotApplicable("these clients cannot read this kind of signature, whatever its hash");
            }
        }
        match signature.hash {
            Some(hash) if hash.is_sha2() => {
                Evidence::new("The certificate has a SHA-2 signature, and the site has clients that cannot read it.")
                    .expected("SHA-1, for Windows XP before SP3 and Server 2003 without KB 938397")
                    .observed(signature.name.clone())
                    .cause("The issuing authority was moved to SHA-2 before the last of these clients was.")
                    .fail()
            }
            Some(_) => Verdict::pass(),
            None => Verdict::unknown(
                format!("the hash of {} is not known", signature.name),
                "a certificate signed with an algorithm in use",
            ),
        }
    })
}

#[cfg(test)]
mod cases {
    use crate::lab::pki::Signature;
    use crate::requirement::case::{Case, World};

    pub(super) fn all() -> Vec<Case> {
        let with_old_clients =
            |signature| World::web_server(move |r| r.signed_with(signature)).site(|site| site.legacy_clients = true);
        vec![
            Case::passes("SHA-1", with_old_clients(Signature::Sha1)),
            Case::passes("MD5, which has its own row", with_old_clients(Signature::Md5)),
            Case::fails("SHA-256", with_old_clients(Signature::Sha256), "sha256WithRSAEncryption"),
            Case::fails("SHA-512", with_old_clients(Signature::Sha512), "sha512WithRSAEncryption"),
            Case::unknown("nothing listens", with_old_clients(Signature::Sha256).refused()),
            Case::not_applicable("no such clients", World::web_server(|r| r)),
            Case::not_applicable("PSS, which has its own row", with_old_clients(Signature::PssSha256)),
            Case::not_applicable("Current Branch", with_old_clients(Signature::Sha256).current_branch()),
            Case::not_applicable("a bridging proxy", with_old_clients(Signature::Sha256).bridging_proxy()),
        ]
    }
}
