//! Client identities: a certificate with its chain, and the key, ready to be presented. Secrets stay in zeroizing memory
//! and never show in `Debug`, errors or logs.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::observation::handshake::Der;

/// A certificate the probe may present, and its key.
pub struct ClientIdentity {
    /// Its name in the definition; `stranger` for the minted one.
    pub name: Arc<str>,
    /// The certificate, then its chain as far as it is at hand.
    pub chain: Vec<Der>,
    /// The private key, PKCS #8 DER.
    pub key: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientIdentity")
            .field("name", &self.name)
            .field("certificates", &self.chain.len())
            .finish_non_exhaustive()
    }
}
