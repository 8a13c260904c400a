//! What `serve` reads from others, understood: the queries of scrapes, the targets that may be probed ad hoc, the web
//! configuration; and what it tells of itself. Pure: text in, values and text out.

pub mod allowed;
pub mod own;
pub mod query;
pub mod web_config;
