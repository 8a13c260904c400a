//! The simulated native-mode site on loopback that `cmprobe demo` and the tests use: its PKI, its DNS, its servers, its faults.
//! It knows nothing of requirements: it makes what a probe may meet, and never says what should be concluded.

pub mod bridge;
pub mod dns;
pub mod fault;
pub mod legacy;
pub mod peer;
pub mod pki;
pub mod relay;
pub mod server;
pub mod site;
pub mod unpatched;
