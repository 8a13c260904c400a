//! From the certificate presented to the site's roots.

pub mod complete;
pub mod leads_to_site_root;
pub mod one_leaf;
pub mod order;
pub mod sha1_signatures;
pub mod signatures;
pub mod validity;
