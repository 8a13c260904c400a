//! The software update point's web services, over the tested channel.

pub mod directories_closed;
pub mod http_content;
pub mod service;
