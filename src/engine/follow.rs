//! Follows the handshakes of one connection, message by message, and writes down what they show. The first handshake
//! settles the session; of later ones only what is new is kept.

use super::message::{ServerHello, accepted_issuers, certificates, kind, named_curve, ocsp_response, prime_bits};
use crate::observation::handshake::{ClientCertificateRequest, Handshake, KeyProof, LaterHandshake, RequestedWhen};
use crate::wire::alert::Alert;
use crate::wire::registry::KeyExchange;
use crate::wire::suite::CipherSuite;
use crate::wire::version::ProtocolVersion;

/// How many alerts of one connection are kept; a server in its right mind sends one.
const ALERT_LIMIT: usize = 16;
const CLOSE_NOTIFY: u8 = 0;

/// Where a connection's handshakes stand.
#[derive(Debug, Default)]
pub(super) struct Follower {
    established: bool,
    version: Option<ProtocolVersion>,
    cipher_suite: Option<CipherSuite>,
    later_demands: u32,
}

impl Follower {
    /// The first handshake is over: what follows is a later one.
    pub(super) fn establish(&mut self) {
        self.established = true;
    }

    /// Whether the first handshake is over.
    pub(super) fn is_established(&self) -> bool {
        self.established
    }

    /// How often the server has asked for something since: a new handshake, or a certificate.
    pub(super) fn later_demands(&self) -> u32 {
        self.later_demands
    }

    /// Takes note of a whole handshake message the server sent, its four octets of head included.
    pub(super) fn received(&mut self, message: &[u8], seen: &mut Handshake) {
        let Some((&[kind, _, _, _], body)) = message.split_first_chunk::<4>() else { return };
        let version = self.version.unwrap_or(ProtocolVersion::TLS1_2);
        match kind {
            kind::HELLO_REQUEST if self.established => {
                self.later_demands += 1;
                seen.later = LaterHandshake::Asked;
            }
            kind::FINISHED if self.established => seen.later = LaterHandshake::Completed,
            kind::SERVER_HELLO => self.server_hello(body, seen),
            kind::CERTIFICATE => {
                let (chain, response) = certificates(body, version);
                if !self.established {
                    seen.chain = chain;
                    seen.ocsp_response = response;
                } else if chain != seen.chain {
                    seen.later_chain = Some(chain);
                }
            }
            kind::CERTIFICATE_STATUS if !self.established => seen.ocsp_response = ocsp_response(body),
            kind::SERVER_KEY_EXCHANGE if !self.established && self.key_exchange() == KeyExchange::Ecdhe => {
                seen.key_exchange_group = named_curve(body);
            }
            kind::SERVER_KEY_EXCHANGE if !self.established && self.key_exchange() == KeyExchange::Dhe => {
                seen.prime_bits = prime_bits(body);
            }
            kind::CERTIFICATE_REQUEST => {
                let when = match (self.established, version >= ProtocolVersion::TLS1_3) {
                    (false, _) => RequestedWhen::Handshake,
                    (true, false) => RequestedWhen::Renegotiation,
                    (true, true) => {
                        self.later_demands += 1;
                        seen.later = LaterHandshake::Asked;
                        RequestedWhen::PostHandshake
                    }
                };
                seen.client_certificate_request.get_or_insert_with(|| ClientCertificateRequest {
                    when,
                    accepted_issuers: accepted_issuers(body, version),
                });
            }
            // In TLS 1.3 the server's Finished comes after its CertificateVerify, which was found good, or we had stopped.
            kind::FINISHED if !self.established && version >= ProtocolVersion::TLS1_3 => {
                seen.key_proof = KeyProof::Good;
            }
            _ => {}
        }
    }

    fn server_hello(&mut self, body: &[u8], seen: &mut Handshake) {
        let Some(hello) = ServerHello::read(body) else { return };
        if self.established {
            return;
        }
        self.version = Some(hello.version);
        self.cipher_suite = Some(hello.cipher_suite);
        seen.version = self.version;
        seen.cipher_suite = self.cipher_suite;
        seen.key_exchange_group = hello.group;
        seen.secure_renegotiation = (hello.version <= ProtocolVersion::TLS1_2).then_some(hello.secure_renegotiation);
    }

    /// Takes note of a whole handshake message we sent.
    pub(super) fn sent(&mut self, message: &[u8], seen: &mut Handshake) {
        let Some((&[kind, _, _, _], body)) = message.split_first_chunk::<4>() else { return };
        match kind {
            kind::CERTIFICATE => {
                let version = self.version.unwrap_or(ProtocolVersion::TLS1_2);
                seen.client_certificate_sent |= !certificates(body, version).0.is_empty();
            }
            // In TLS 1.3 ours is the last word of a demand after the handshake.
            kind::FINISHED if self.established && self.version >= Some(ProtocolVersion::TLS1_3) => {
                seen.later = LaterHandshake::Completed;
            }
            // With an ephemeral exchange our half follows the server's signature over its own, which was found good.
            kind::CLIENT_KEY_EXCHANGE
                if !self.established && matches!(self.key_exchange(), KeyExchange::Dhe | KeyExchange::Ecdhe) =>
            {
                seen.key_proof = KeyProof::Good;
            }
            _ => {}
        }
    }

    /// Takes note of an alert the server sent and gives it back where it ends the session. The regular close is none.
    pub(super) fn alert(&mut self, bytes: &[u8], seen: &mut Handshake) -> Option<Alert> {
        const FATAL: u8 = 2;
        let &[level, description] = bytes else { return None };
        if description == CLOSE_NOTIFY {
            return None;
        }
        let alert = Alert { level: Some(level), description };
        if seen.alerts.len() < ALERT_LIMIT {
            seen.alerts.push(alert);
        }
        // TLS 1.3 knows no warnings but user_canceled (RFC 8446, 6).
        let is_tls13 = self.version >= Some(ProtocolVersion::TLS1_3);
        (level == FATAL || (is_tls13 && description != 90)).then_some(alert)
    }

    fn key_exchange(&self) -> KeyExchange {
        self.cipher_suite.map_or(KeyExchange::Other, CipherSuite::key_exchange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_alerts_are_kept_and_no_more() {
        for many in [1, ALERT_LIMIT, ALERT_LIMIT + 1, 10 * ALERT_LIMIT] {
            let (mut follower, mut seen) = (Follower::default(), Handshake::default());
            (0..many).for_each(|_| assert!(follower.alert(&[1, 112], &mut seen).is_none()));
            assert_eq!(seen.alerts.len(), many.min(ALERT_LIMIT));
        }
    }
}
