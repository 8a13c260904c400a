//! cmprobe verifies, from where clients stand, that a Configuration Manager site's HTTPS endpoints are what Microsoft's documents demand.

#[forbid(unsafe_code)]
pub mod lab;
