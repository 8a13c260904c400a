//! The state migration point, over the tested channel.

pub mod service;
