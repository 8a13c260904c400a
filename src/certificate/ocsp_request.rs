//! Questions to OCSP responders (RFC 6960), as addresses: RFC 5019 puts the whole question into the path, and so does
//! Windows. An answer is thus fetched, kept and found again by its URL, as a revocation list is.

use std::fmt::Write;

use data_encoding::BASE64;
use sha1::{Digest, Sha1};

use crate::certificate::Certificate;
use crate::certificate::read::der::value;
use crate::certificate::revocation_list::Scheme;

/// How many responders of one certificate are asked; real ones name one.
const MOST_RESPONDERS: usize = 2;
/// How many authorities of one name a certificate may be from; one that changed its key has two or three.
const MOST_ISSUERS: usize = 4;
/// How long a responder's URL may be.
const LONGEST_URL: usize = 1024;
/// How many octets a serial number may have; RFC 5280 allows 20.
const LONGEST_SERIAL: usize = 40;

/// A question to a responder about one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The responder, as the certificate names it.
    pub responder: String,
    /// What is fetched: the responder's URL, and the question in it.
    pub url: String,
}

/// The questions a certificate's responders are asked about it, for each authority that may have issued it: whoever asks
/// must know its issuer's key, so without one there is no question.
pub fn questions<'a>(of: &Certificate, authorities: impl IntoIterator<Item = &'a Certificate>) -> Vec<Question> {
    let Some(facts) = of.facts() else { return Vec::new() };
    let responders = facts.ocsp_responders.iter().filter(|url| is_asked(url)).take(MOST_RESPONDERS);
    if responders.clone().next().is_none() || of.is_self_issued() {
        return Vec::new();
    }
    let serial = facts.serial_number.as_slice();
    if !(1..=LONGEST_SERIAL).contains(&serial.len()) {
        return Vec::new();
    }
    // Over the name as the certificate writes its issuer (RFC 6960, 4.1.1), whatever way that one writes its own.
    let name = Sha1::digest(facts.issuer.der.as_slice());
    let mut keys: Vec<[u8; 20]> = Vec::new();
    for authority in authorities {
        let issued = authority.facts().is_some_and(|issuer| {
            let ids = facts.authority_key_id.as_ref().zip(issuer.subject_key_id.as_ref());
            authority.is_named_issuer_of(facts) && ids.is_none_or(|(named, own)| named == own)
        });
        if let Some(key) = issued.then(|| key(authority)).flatten()
            && keys.len() < MOST_ISSUERS
            && !keys.contains(&key)
        {
            keys.push(key);
        }
    }
    let asked = keys.iter().map(|key| escaped(&request(&name, key, serial)));
    let asked: Vec<String> = asked.collect();
    responders
        .flat_map(|responder| {
            asked.iter().map(|question| Question {
                responder: responder.clone(),
                url: format!("{}/{question}", responder.trim_end_matches('/')),
            })
        })
        .collect()
}

/// Whether a responder at such a URL is asked at all.
fn is_asked(url: &str) -> bool {
    Scheme::of(url) == Scheme::Http && url.len() <= LONGEST_URL && !url.contains(['?', '#'])
}

/// SHA-1 over an authority's key, without the algorithm (RFC 6960, 4.1.1).
fn key(authority: &Certificate) -> Option<[u8; 20]> {
    authority.key_octets().map(|key| Sha1::digest(key).into())
}

/// An OCSPRequest about one certificate, without nonce: answers are made ahead and served from caches.
fn request(name: &[u8], key: &[u8], serial: &[u8]) -> Vec<u8> {
    // AlgorithmIdentifier: SHA-1, which every responder knows.
    let sha1 = [0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00];
    let certificate = [&sha1[..], &value(0x04, name), &value(0x04, key), &value(0x02, serial)].concat();
    // CertID, Request, requestList, TBSRequest, OCSPRequest.
    (0..5).fold(certificate, |inner, _| value(0x30, &inner))
}

/// Base64, with what may not stand in a path escaped.
fn escaped(request: &[u8]) -> String {
    let mut path = String::new();
    for sign in BASE64.encode(request).chars() {
        if matches!(sign, '+' | '/' | '=') {
            // Writing to a String cannot fail.
            let _ = write!(path, "%{:02X}", u32::from(sign));
        } else {
            path.push(sign);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::pki::{Attribute, KeyId, KeyName, Minted, Pki};
    use crate::wire::der::Der;

    fn read(minted: &Minted) -> Certificate {
        Certificate::read(&Der::from(minted.der.as_slice()))
    }

    fn asking(urls: &[&str]) -> Certificate {
        let pki = Pki::lab().unwrap();
        read(&pki.issue(&urls.iter().fold(pki.web_server(&["mp01"]), |recipe, url| recipe.ocsp(url))).unwrap())
    }

    #[test]
    fn the_question_is_the_one_openssl_reads() {
        let pki = Pki::lab().unwrap();
        let minted = pki.issue(&pki.web_server(&["mp01"]).ocsp("http://ocsp.contoso.com/ocsp/")).unwrap();
        let asked = questions(&read(&minted), &[read(&pki.root), read(&pki.issuing)]);
        let [question] = asked.as_slice() else { panic!("{asked:?}") };
        assert_eq!(question.responder, "http://ocsp.contoso.com/ocsp/");
        let path = question.url.strip_prefix("http://ocsp.contoso.com/ocsp/").unwrap();
        assert!(!path.contains(['/', '+', '=']), "{path}");
        let base64 = path.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
        let request = BASE64.decode(base64.as_bytes()).unwrap();
        let mut expected = openssl::ocsp::OcspRequest::new().unwrap();
        let sha1 = openssl::hash::MessageDigest::sha1();
        let id =
            openssl::ocsp::OcspCertId::from_cert(sha1, &minted.x509().unwrap(), &pki.issuing.x509().unwrap()).unwrap();
        expected.add_id(id).unwrap();
        assert_eq!(request, expected.to_der().unwrap());
    }

    #[test]
    fn an_issuer_whose_name_is_written_otherwise_is_asked_about_by_the_name_the_certificate_has() {
        let pki = Pki::lab().unwrap();
        let recipe = pki.web_server(&["mp01"]).ocsp("http://ocsp").issued_by(vec![
            (Attribute::DomainComponent, "com".into()),
            (Attribute::DomainComponent, "contoso".into()),
            (Attribute::CommonName, "CONTOSO ISSUING CA".into()),
        ]);
        let minted = pki.issue(&recipe).unwrap();
        let asked = questions(&read(&minted), [&read(&pki.issuing)]);
        let [question] = asked.as_slice() else { panic!("{asked:?}") };
        let base64 = question.url["http://ocsp/".len()..].replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
        let request = BASE64.decode(base64.as_bytes()).unwrap();
        let own = Sha1::digest(read(&minted).facts().unwrap().issuer.der.as_slice());
        assert!(request.windows(own.len()).any(|part| part == own.as_slice()));
    }

    #[test]
    fn nobody_is_asked_without_an_issuer_or_a_responder_on_http() {
        let pki = Pki::lab().unwrap();
        let (root, issuing) = (read(&pki.root), read(&pki.issuing));
        let asked = asking(&["http://ocsp"]);
        assert_eq!(questions(&asked, [&root]), []);
        assert_eq!(questions(&asked, [&issuing, &issuing]).len(), 1, "a key is asked about once");
        assert_eq!(questions(&asking(&[]), [&issuing]), []);
        assert_eq!(questions(&asking(&["https://ocsp", "ldap:///CN=a", "http://ocsp/?a=b"]), [&issuing]), []);
        let many: Vec<String> = (0..9).map(|number| format!("http://ocsp{number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(questions(&asking(&many), [&issuing]).len(), MOST_RESPONDERS);
    }

    #[test]
    fn so_many_are_asked_with_so_much_and_no_more() {
        let pki = Pki::lab().unwrap();
        let issuing = read(&pki.issuing);
        let urls = ["http://a", "http://b", "http://c"];
        for many in 1..=urls.len() {
            assert_eq!(questions(&asking(&urls[..many]), [&issuing]).len(), many.min(MOST_RESPONDERS));
        }
        let long = |length: usize| format!("http://{}", "o".repeat(length - 7));
        assert_eq!(questions(&asking(&[&long(LONGEST_URL)]), [&issuing]).len(), 1);
        assert_eq!(questions(&asking(&[&long(LONGEST_URL + 1)]), [&issuing]), []);
        let numbered = |octets: usize| {
            let recipe = pki.web_server(&["mp01"]).ocsp("http://a").serial(&vec![7; octets]);
            questions(&read(&pki.issue(&recipe).unwrap()), [&issuing]).len()
        };
        assert_eq!((numbered(LONGEST_SERIAL), numbered(LONGEST_SERIAL + 1)), (1, 0));
        // Authorities of one name, each with a key of its own; the certificate does not say which.
        let mut recipe = pki.web_server(&["mp01"]).ocsp("http://a");
        recipe.authority_key_id = KeyId::Absent;
        let asked = read(&pki.issue(&recipe).unwrap());
        let keys = [KeyName::Rsa2048A, KeyName::Rsa2048B, KeyName::Rsa2048E, KeyName::Rsa2048F, KeyName::P256A];
        let of = |key| read(&pki.root.issue(&pki.issuing.recipe.clone().key(key)).unwrap());
        let authorities: Vec<Certificate> = keys.map(of).into();
        for many in 1..=keys.len() {
            assert_eq!(questions(&asked, &authorities[..many]).len(), many.min(MOST_ISSUERS));
        }
    }
}
