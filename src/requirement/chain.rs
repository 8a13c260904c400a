//! From the certificate presented to the site's roots.

pub mod one_leaf;
