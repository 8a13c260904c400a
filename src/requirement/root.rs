//! The certificates of root authorities, in files.

pub mod standard;
