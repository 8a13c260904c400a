//! A whole site in one process.

pub mod blueprint;
pub mod definition;
pub mod http;
pub mod names;
pub mod pages;
pub mod publication;
