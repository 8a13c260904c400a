//! The SMS Provider's administration service.

pub mod service;
