//! What stands beside a world's target: certificates that must be the ones presented, and other files.

use super::World;
use crate::certificate::Certificate;
use crate::lab::pki::Minted;
use crate::trust::store::ExpectedLeaf;
use crate::wire::der::Der;

impl World {
    /// The same cluster, as the system the target belongs to.
    pub(crate) fn cluster_named(self) -> Self {
        self.cluster().target(|target| target.system = "CMNLB".into())
    }

    /// A system, or whatever is looked at, must present this certificate.
    pub(crate) fn must_present(mut self, system: Option<&str>, minted: &Minted) -> Self {
        let fingerprint = Certificate::read(&Der::from(minted.der.as_slice())).fingerprint_sha256();
        self.expected.push(ExpectedLeaf { system: system.map(Into::into), fingerprint });
        self
    }

    /// The same, by its SHA-1 thumbprint.
    pub(crate) fn must_present_thumbprint(mut self, system: &str, minted: &Minted) -> Self {
        let fingerprint = Certificate::read(&Der::from(minted.der.as_slice())).thumbprint_sha1();
        self.expected.push(ExpectedLeaf { system: Some(system.into()), fingerprint });
        self
    }

    /// The file is a cluster's.
    pub(crate) fn of_cluster(mut self) -> Self {
        self.of_cluster = true;
        self
    }

    /// Only part of the site was looked at.
    pub(crate) fn in_part(mut self) -> Self {
        if let Some((_, _, whole)) = &mut self.waiver {
            *whole = false;
        }
        self
    }

    /// Another file, looked at together with it, by its name.
    pub(crate) fn beside_file(mut self, name: &str, other: &Self) -> Self {
        let certificate = other.file.as_ref().and_then(|(_, file)| file.certificate.clone());
        self.siblings.extend(certificate.map(|certificate| (name.to_owned(), certificate)));
        self
    }
}
