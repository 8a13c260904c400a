//! Certificates in a PKCS #7 envelope without signers: the `.p7b` files Windows' certificate export and web enrolment give.

use super::pkcs12::content;
use super::{MintError, der};

/// A `.p7b` file, DER, holding these certificates in this order. Its PEM label is `PKCS7`.
pub fn pkcs7<C: AsRef<[u8]>>(certificates: &[C]) -> Result<Vec<u8>, MintError> {
    let nothing = der::sequence(&[der::object_identifier("1.2.840.113549.1.7.1")?]);
    let signed_data = der::sequence(&[
        der::unsigned(1),
        der::set_of(Vec::new()),
        nothing,
        der::context(0, &der::concat(certificates)),
        der::set_of(Vec::new()),
    ]);
    content("1.2.840.113549.1.7.2", &signed_data)
}
