//! What is minted is read back by a parser that had no part in making it, and verified by OpenSSL.

mod certificates;
