//! cmprobe verifies, from where clients stand, that a Configuration Manager site's HTTPS endpoints are what Microsoft's documents demand.

#[forbid(unsafe_code)]
pub mod assessment;
#[forbid(unsafe_code)]
pub mod connect;
pub mod engine;
#[forbid(unsafe_code)]
pub mod exchange;
#[forbid(unsafe_code)]
pub mod identity;
#[forbid(unsafe_code)]
pub mod lab;
#[forbid(unsafe_code)]
pub mod observation;
#[forbid(unsafe_code)]
pub mod plan;
#[forbid(unsafe_code)]
pub mod prober;
#[forbid(unsafe_code)]
pub mod report;
#[forbid(unsafe_code)]
pub mod requirement;
#[forbid(unsafe_code)]
pub mod resolve;
#[forbid(unsafe_code)]
pub mod signature;
#[forbid(unsafe_code)]
pub mod site;
