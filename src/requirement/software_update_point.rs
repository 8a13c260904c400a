//! The software update point's web services, over the tested channel.

pub mod service;
