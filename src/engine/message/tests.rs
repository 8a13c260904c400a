use proptest::prelude::*;

use super::*;
use crate::engine::follow::Follower;
use crate::observation::handshake::{Handshake, KeyProof, RequestedWhen};
use crate::wire::alert::Alert;

const TLS1_0: ProtocolVersion = ProtocolVersion::TLS1_0;
const TLS1_2: ProtocolVersion = ProtocolVersion::TLS1_2;
const TLS1_3: ProtocolVersion = ProtocolVersion::TLS1_3;

fn vector(octets: usize, contents: &[u8]) -> Vec<u8> {
    let length = contents.len().to_be_bytes();
    [&length[length.len() - octets..], contents].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [vec![kind], vector(3, body)].concat()
}

fn server_hello(version: u16, suite: u16, extensions: &[u8]) -> Vec<u8> {
    let mut body = version.to_be_bytes().to_vec();
    body.extend([7; 32]);
    body.extend([2, 1, 2]);
    body.extend(suite.to_be_bytes());
    body.push(0);
    if !extensions.is_empty() {
        body.extend(vector(2, extensions));
    }
    body
}

fn der(bytes: &[u8]) -> Der {
    Der::from(bytes)
}

#[test]
fn server_hellos_old_and_new_are_read() {
    let old = ServerHello::read(&server_hello(0x0300, 0x0004, &[])).unwrap();
    assert_eq!((old.version, old.cipher_suite.0), (ProtocolVersion::SSL3, 4));
    assert!(!old.secure_renegotiation);
    let safe = ServerHello::read(&server_hello(0x0301, 0x002f, &[0xff, 1, 0, 1, 0])).unwrap();
    assert!(safe.secure_renegotiation);
    let new = [0, 43, 0, 2, 3, 4, 0, 51, 0, 5, 0, 29, 0, 1, 9];
    let new = ServerHello::read(&server_hello(0x0303, 0x1301, &new)).unwrap();
    assert_eq!((new.version, new.group), (TLS1_3, Some(NamedGroup(29))));
    // A retry names the group alone.
    let retry = ServerHello::read(&server_hello(0x0303, 0x1301, &[0, 51, 0, 2, 0, 25])).unwrap();
    assert_eq!(retry.group, Some(NamedGroup(25)));
}

#[test]
fn certificates_are_read_in_both_formats_and_as_far_as_they_go() {
    let list = [vector(3, b"leaf"), vector(3, b"ca")].concat();
    let whole = vector(3, &list);
    assert_eq!(certificates(&whole, TLS1_0), (vec![der(b"leaf"), der(b"ca")], None));
    assert_eq!(certificates(&whole[..whole.len() - 1], TLS1_0).0, [der(b"leaf")]);
    assert_eq!(certificates(&[0, 0, 0], TLS1_2).0, []);

    let status = [vec![0, 5], vector(2, &[&[1][..], &vector(3, b"response")].concat())].concat();
    let list = [vector(3, b"leaf"), vector(2, &status), vector(3, b"ca"), vector(2, &[])].concat();
    let whole = [vec![0], vector(3, &list)].concat();
    assert_eq!(certificates(&whole, TLS1_3), (vec![der(b"leaf"), der(b"ca")], Some(der(b"response"))));
}

#[test]
fn requests_are_read_in_all_three_formats() {
    let names = vector(2, &[vector(2, b"one"), vector(2, b"two")].concat());
    let expected = [der(b"one"), der(b"two")];
    let old = [vector(1, &[1, 2, 64]), names.clone()].concat();
    assert_eq!(accepted_issuers(&old, ProtocolVersion::SSL3), expected);
    let middle = [vector(1, &[1]), vector(2, &[4, 1, 2, 1]), names.clone()].concat();
    assert_eq!(accepted_issuers(&middle, TLS1_2), expected);
    let extensions = [vec![0, 13], vector(2, &[0, 2, 4, 3]), vec![0, 47], vector(2, &names)].concat();
    let new = [vector(1, b"context"), vector(2, &extensions)].concat();
    assert_eq!(accepted_issuers(&new, TLS1_3), expected);
    assert_eq!(accepted_issuers(&[vector(1, &[1]), vector(2, &[])].concat(), TLS1_0), []);
}

#[test]
fn a_handshake_is_followed_and_a_later_one_kept_apart() {
    let mut follower = Follower::default();
    let mut seen = Handshake::default();
    let chain = |leaf: &[u8]| message(kind::CERTIFICATE, &vector(3, &vector(3, leaf)));
    follower.received(&message(kind::HELLO_REQUEST, &[]), &mut seen);
    follower.received(&message(kind::SERVER_HELLO, &server_hello(0x0301, 0xc013, &[])), &mut seen);
    follower.received(&chain(b"leaf"), &mut seen);
    follower.received(&message(kind::SERVER_KEY_EXCHANGE, &[3, 0, 23, 1]), &mut seen);
    assert_eq!(seen.key_proof, KeyProof::NotSeen);
    follower.sent(&message(kind::CERTIFICATE, &[0, 0, 0]), &mut seen);
    follower.sent(&message(kind::CLIENT_KEY_EXCHANGE, &[1]), &mut seen);
    assert_eq!(seen.key_proof, KeyProof::Good);
    assert_eq!(seen.key_exchange_group, Some(NamedGroup(23)));
    assert_eq!(seen.secure_renegotiation, Some(false));
    assert_eq!((seen.client_certificate_sent, follower.later_demands()), (false, 0));

    follower.establish();
    follower.received(&message(kind::HELLO_REQUEST, &[]), &mut seen);
    follower.received(&message(kind::SERVER_HELLO, &server_hello(0x0301, 0x0005, &[])), &mut seen);
    follower.received(&chain(b"leaf"), &mut seen);
    assert_eq!(seen.later_chain, None);
    follower.received(&chain(b"other"), &mut seen);
    let request = [vector(1, &[1]), vector(2, &vector(2, b"name"))].concat();
    follower.received(&message(kind::CERTIFICATE_REQUEST, &request), &mut seen);
    follower.sent(&chain(b"client"), &mut seen);
    assert_eq!(seen.cipher_suite, Some(CipherSuite(0xc013)));
    assert_eq!((seen.chain, seen.later_chain), (vec![der(b"leaf")], Some(vec![der(b"other")])));
    let request = seen.client_certificate_request.unwrap();
    assert_eq!((request.when, request.accepted_issuers), (RequestedWhen::Renegotiation, vec![der(b"name")]));
    assert!(seen.client_certificate_sent);
    assert_eq!(follower.later_demands(), 1);
}

#[test]
fn alerts_are_fatal_by_level_and_in_tls_1_3_by_nature() {
    let mut seen = Handshake::default();
    let mut follower = Follower::default();
    assert_eq!(follower.alert(&[1, 112], &mut seen), None);
    assert_eq!(follower.alert(&[1, 0], &mut seen), None);
    let fatal = Alert { level: Some(2), description: 40 };
    assert_eq!(follower.alert(&[2, 40], &mut seen), Some(fatal));
    assert_eq!(seen.alerts, [Alert { level: Some(1), description: 112 }, fatal]);
    let tls13 = server_hello(0x0303, 0x1301, &[0, 43, 0, 2, 3, 4]);
    follower.received(&message(kind::SERVER_HELLO, &tls13), &mut seen);
    assert!(follower.alert(&[1, 116], &mut seen).is_some());
    assert!(follower.alert(&[2, 90], &mut seen).is_some());
    assert_eq!(follower.alert(&[1, 90], &mut seen), None);
    assert_eq!(follower.alert(&[1], &mut seen), None);
    for _ in 0..100 {
        follower.alert(&[1, 112], &mut seen);
    }
    assert_eq!(seen.alerts.len(), 16);
}

/// Every parser, on these bytes.
fn read_all(bytes: &[u8]) {
    let _ = (ServerHello::read(bytes), ocsp_response(bytes), named_curve(bytes));
    for version in ProtocolVersion::ALL {
        let (chain, _) = certificates(bytes, version);
        let issuers = accepted_issuers(bytes, version);
        assert!(chain.len() <= LIST_LIMIT && issuers.len() <= LIST_LIMIT);
    }
}

#[test]
fn messages_cut_short_anywhere_are_read_as_far_as_they_go() {
    let names = vector(2, &[vector(2, b"one"), vector(2, b"two")].concat());
    let list = [vector(3, b"leaf"), vector(2, &[0, 5, 0, 4, 1, 0, 0, 0]), vector(3, b"ca"), vector(2, &[])].concat();
    for body in [
        server_hello(0x0303, 0x1301, &[0, 43, 0, 2, 3, 4, 0, 51, 0, 5, 0, 29, 0, 1, 9]),
        [vec![0], vector(3, &list)].concat(),
        [vector(1, &[1]), vector(2, &[4, 1]), names.clone()].concat(),
        [vector(1, b"c"), vector(2, &[vec![0, 47], vector(2, &names)].concat())].concat(),
    ] {
        for length in 0..=body.len() {
            read_all(&body[..length]);
        }
    }
}

#[test]
fn a_list_of_nothing_is_bounded() {
    let empty = vector(3, &vec![0; 3 * 100_000]);
    assert_eq!(certificates(&empty, TLS1_2).0.len(), LIST_LIMIT);
    let empty = [vector(1, &[1]), vector(2, &vec![0; 60_000])].concat();
    assert_eq!(accepted_issuers(&empty, TLS1_0).len(), LIST_LIMIT);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_not(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read_all(&bytes);
    }

    #[test]
    fn any_sequence_of_messages_is_followed(
        messages in proptest::collection::vec((0_u8..25, any::<bool>(), proptest::collection::vec(any::<u8>(), 0..80)), 0..12)
    ) {
        let mut follower = Follower::default();
        let mut seen = Handshake::default();
        for (kind, sent, body) in messages {
            let whole = message(kind, &body);
            if sent {
                follower.sent(&whole, &mut seen);
            } else {
                follower.received(&whole, &mut seen);
                follower.received(&body, &mut seen);
            }
            follower.alert(&body, &mut seen);
        }
        prop_assert!(!seen.completed);
    }
}
