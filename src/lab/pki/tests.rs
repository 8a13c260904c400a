//! What is minted is read back by parsers that had no part in making it, and verified by OpenSSL.

mod certificates;
mod files;
mod lists;
mod signatures;
