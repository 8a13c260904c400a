//! Key derivation and record protection of SSL 3.0 (RFC 6101) and TLS 1.0 (RFC 2246), for RC4 with SHA-1.

use std::io;

use openssl::error::ErrorStack;
use openssl::hash::{MessageDigest, hash};
use openssl::pkey::PKey;
use openssl::sign::Signer;
use openssl::symm::{Cipher, Crypter, Mode};

use crate::wire::version::ProtocolVersion;

const MAC: usize = 20;
const KEY: usize = 16;

#[derive(Clone, Copy)]
pub(super) enum Side {
    Client,
    Server,
}

/// What a key exchange gave.
pub(super) struct Secrets {
    version: ProtocolVersion,
    master: Vec<u8>,
    block: Vec<u8>,
}

impl Secrets {
    pub(super) fn new(
        version: ProtocolVersion,
        premaster: &[u8],
        client_random: &[u8],
        server_random: &[u8],
    ) -> Result<Self, ErrorStack> {
        let ours = [client_random, server_random].concat();
        let theirs = [server_random, client_random].concat();
        let (master, block) = if version == ProtocolVersion::SSL3 {
            let master = ssl3_expand(premaster, &ours, 48)?;
            let block = ssl3_expand(&master, &theirs, 2 * (MAC + KEY))?;
            (master, block)
        } else {
            let master = prf(premaster, b"master secret", &ours, 48)?;
            let block = prf(&master, b"key expansion", &theirs, 2 * (MAC + KEY))?;
            (master, block)
        };
        Ok(Self { version, master, block })
    }

    /// The protection of one side's records.
    pub(super) fn cipher(&self, side: Side) -> io::Result<Protection> {
        let (mac_at, key_at, mode) = match side {
            Side::Client => (0, 2 * MAC, Mode::Decrypt),
            Side::Server => (MAC, 2 * MAC + KEY, Mode::Encrypt),
        };
        let part = |at: usize, length: usize| self.block.get(at..at + length).unwrap_or_default();
        let cipher = Crypter::new(Cipher::rc4(), mode, part(key_at, KEY), None)?;
        Ok(Protection { secret: part(mac_at, MAC).to_vec(), cipher, sequence: 0 })
    }

    /// The body of a side's Finished over the handshake so far.
    pub(super) fn finished(&self, side: Side, transcript: &[u8]) -> Result<Vec<u8>, ErrorStack> {
        if self.version != ProtocolVersion::SSL3 {
            let digests =
                [&*hash(MessageDigest::md5(), transcript)?, &*hash(MessageDigest::sha1(), transcript)?].concat();
            let label: &[u8] = match side {
                Side::Client => b"client finished",
                Side::Server => b"server finished",
            };
            return prf(&self.master, label, &digests, 12);
        }
        let sender: &[u8] = match side {
            Side::Client => b"CLNT",
            Side::Server => b"SRVR",
        };
        let part = |digest: MessageDigest, pad: usize| {
            let inner = hash(digest, &[transcript, sender, &self.master, &vec![0x36; pad]].concat())?;
            hash(digest, &[&self.master[..], &vec![0x5c; pad], &*inner].concat())
        };
        Ok([&*part(MessageDigest::md5(), 48)?, &*part(MessageDigest::sha1(), 40)?].concat())
    }
}

/// TLS 1.0's pseudo-random function: MD5 over one half of the secret, SHA-1 over the other.
fn prf(secret: &[u8], label: &[u8], seed: &[u8], length: usize) -> Result<Vec<u8>, ErrorStack> {
    let half = secret.len().div_ceil(2);
    let seed = [label, seed].concat();
    let mut out = p_hash(MessageDigest::md5(), &secret[..half], &seed, length)?;
    let other = p_hash(MessageDigest::sha1(), &secret[secret.len() - half..], &seed, length)?;
    for (one, two) in out.iter_mut().zip(other) {
        *one ^= two;
    }
    Ok(out)
}

fn p_hash(digest: MessageDigest, secret: &[u8], seed: &[u8], length: usize) -> Result<Vec<u8>, ErrorStack> {
    let mut out = Vec::new();
    let mut step = hmac(digest, secret, seed)?;
    while out.len() < length {
        out.extend(hmac(digest, secret, &[&step[..], seed].concat())?);
        step = hmac(digest, secret, &step)?;
    }
    out.truncate(length);
    Ok(out)
}

fn hmac(digest: MessageDigest, secret: &[u8], data: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    Signer::new(digest, &*PKey::hmac(secret)?)?.sign_oneshot_to_vec(data)
}

/// SSL 3.0's derivation: MD5 over SHA-1, with A, BB, CCC … in front.
fn ssl3_expand(secret: &[u8], seed: &[u8], length: usize) -> Result<Vec<u8>, ErrorStack> {
    let mut out = Vec::new();
    for (letter, times) in (b'A'..=b'Z').zip(1..) {
        if out.len() >= length {
            break;
        }
        let inner = hash(MessageDigest::sha1(), &[&vec![letter; times][..], secret, seed].concat())?;
        out.extend_from_slice(&hash(MessageDigest::md5(), &[secret, &*inner].concat())?);
    }
    out.truncate(length);
    Ok(out)
}

/// Protects one direction's records.
pub(super) struct Protection {
    secret: Vec<u8>,
    cipher: Crypter,
    sequence: u64,
}

impl Protection {
    pub(super) fn seal(&mut self, content: u8, version: ProtocolVersion, fragment: &[u8]) -> io::Result<Vec<u8>> {
        let tag = self.mac(content, version, fragment)?;
        self.crypt(&[fragment, &tag].concat())
    }

    pub(super) fn open(&mut self, content: u8, version: ProtocolVersion, sealed: &[u8]) -> io::Result<Vec<u8>> {
        let mut clear = self.crypt(sealed)?;
        let length = clear.len().checked_sub(MAC).ok_or_else(|| broken("a record is too short"))?;
        let tag = clear.split_off(length);
        if self.mac(content, version, &clear)? == tag { Ok(clear) } else { Err(broken("a record's MAC does not fit")) }
    }

    fn mac(&mut self, content: u8, version: ProtocolVersion, fragment: &[u8]) -> Result<Vec<u8>, ErrorStack> {
        let sequence = self.sequence.to_be_bytes();
        self.sequence += 1;
        let length = u16::try_from(fragment.len()).unwrap_or_default().to_be_bytes();
        if version != ProtocolVersion::SSL3 {
            let head = [&sequence[..], &[content], &version.0.to_be_bytes(), &length].concat();
            return hmac(MessageDigest::sha1(), &self.secret, &[&head[..], fragment].concat());
        }
        let inner = [&self.secret[..], &[0x36; 40], &sequence, &[content], &length, fragment].concat();
        let inner = hash(MessageDigest::sha1(), &inner)?;
        Ok(hash(MessageDigest::sha1(), &[&self.secret[..], &[0x5c; 40], &*inner].concat())?.to_vec())
    }

    fn crypt(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut out = vec![0; bytes.len() + KEY];
        let length = self.cipher.update(bytes, &mut out)?;
        out.truncate(length);
        Ok(out)
    }
}

/// What a peer sent makes no sense.
pub(super) fn broken(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
