//! What judging knows beside the rules: whom the site trusts, paths, what revocation lists say, how signatures are verified.

pub mod basis;
pub mod dates;
pub mod keys;
pub mod lists;
pub mod path;
pub mod shown;
pub mod signature;
pub mod store;
