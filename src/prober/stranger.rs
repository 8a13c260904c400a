//! The client nobody knows, who may still be in the making when the run begins.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::sync::watch;

use crate::identity::{ClientIdentity, stranger};
use crate::wire::der::Der;
use crate::wire::timestamp::Timestamp;

/// A stranger, or one that is being minted: making its key takes a moment in which names are resolved and others connect.
/// Cheap to share.
#[derive(Clone)]
pub struct Stranger {
    minted: watch::Receiver<Option<Result<Arc<ClientIdentity>, String>>>,
    _minting: Arc<Minting>,
}

/// The thread that mints; it ends before the last who may wait for it is gone, and so before the program does.
struct Minting(Option<JoinHandle<()>>);

impl Drop for Minting {
    fn drop(&mut self) {
        // One that panicked has given nobody a stranger; those who waited know.
        let _ = self.0.take().map(JoinHandle::join);
    }
}

impl Stranger {
    /// Has one minted, as [`stranger::mint`] does it, beside whatever else goes on.
    pub fn begin(like: Option<Der>, now: Timestamp) -> Self {
        let (sender, minted) = watch::channel(None);
        let minting = move || {
            let made = stranger::mint(like.as_ref(), now).map(Arc::new).map_err(|error| error.to_string());
            // Nobody may be left who waits.
            let _ = sender.send(Some(made));
        };
        let thread = thread::Builder::new().name("stranger".into()).spawn(minting).ok();
        Self { minted, _minting: Arc::new(Minting(thread)) }
    }

    /// The stranger, once it is there.
    ///
    /// # Errors
    /// It could not be minted; why, in words.
    pub async fn minted(&self) -> Result<Arc<ClientIdentity>, String> {
        match self.minted.clone().wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Ok(identity))) => Ok(Arc::clone(identity)),
            Ok(Some(Err(words))) => Err(format!("no stranger's certificate could be minted: {words}")),
            Ok(None) | Err(_) => Err("no stranger's certificate could be minted: no thread was there for it".into()),
        }
    }
}

impl From<Arc<ClientIdentity>> for Stranger {
    fn from(identity: Arc<ClientIdentity>) -> Self {
        Self { minted: watch::channel(Some(Ok(identity))).1, _minting: Arc::new(Minting(None)) }
    }
}

#[cfg(test)]
mod tests {
    use super::Stranger;
    use crate::lab::pki::Pki;
    use crate::wire::timestamp::Timestamp;

    #[tokio::test]
    async fn whoever_asks_is_given_the_one_that_was_begun() {
        let pki = Pki::lab().unwrap();
        let client = pki.issue(&pki.client("ws01.corp.contoso.com")).unwrap();
        let begun = Stranger::begin(Some(client.der[..].into()), Timestamp(crate::lab::pki::LAB_EPOCH));
        let (one, other) = (begun.clone().minted().await.unwrap(), begun.minted().await.unwrap());
        assert!(one.chain.len() == 2 && one.chain == other.chain);
        let given = Stranger::from(one);
        assert_eq!(given.minted().await.unwrap().chain, other.chain);
    }
}
