//! The distribution point's content, over the tested channel.

pub mod content;
pub mod listing;
