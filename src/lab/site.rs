//! A whole site in one process.

pub mod blueprint;
pub mod definition;
pub mod names;
pub mod pages;
pub mod publication;
