//! What answers are made of: text at hand, or a file read as it is sent.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::run::Finished;

/// An answer's body.
pub(super) type Body = BoxBody<Bytes, io::Error>;

/// How much of a file is read at once.
const PIECE: usize = 64 * 1024;

/// A text.
pub(super) fn whole(text: impl Into<Bytes>) -> Body {
    Full::new(text.into()).map_err(|never| match never {}).boxed()
}

/// A run's observations, and how many octets they are. The run's folder stays for as long as they are read.
///
/// # Errors
/// They cannot be read.
pub(super) async fn observations(run: Arc<Finished>) -> io::Result<(Body, u64)> {
    let file = File::open(run.observations()).await?;
    let length = file.metadata().await?.len();
    let pieces = stream::try_unfold((file.take(length), run), |(mut file, run)| async move {
        let mut piece = Vec::with_capacity(PIECE);
        let read = (&mut file).take(PIECE as u64).read_to_end(&mut piece).await?;
        Ok((read > 0).then(|| (Frame::data(Bytes::from(piece)), (file, run))))
    });
    Ok((BodyExt::boxed(StreamBody::new(pieces)), length))
}
