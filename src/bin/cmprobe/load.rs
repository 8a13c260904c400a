//! What a run needs, read and understood before anything is probed: the site, whom it trusts, whom the probe can be. Every
//! fault of every file is found before one is complained of.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cmprobe::identity::file::{self, FileError};
use cmprobe::identity::{ClientIdentity, IdentityError};
use cmprobe::judgement::run::CertificateFile;
use cmprobe::observation::file::FileFacts;
use cmprobe::report::circumstances::DefinitionReport;
use cmprobe::requirement::catalogue::catalogue;
use cmprobe::rule::usage::Use;
use cmprobe::site::definition::outline::outline;
use cmprobe::site::definition::unknown_requirement;
use cmprobe::site::fault::Position;
use cmprobe::site::{Client, ClientKind, ExpectedCertificate, IdentitySource, SecretSource, Site, Trust};
use cmprobe::trust::signature;
use cmprobe::trust::store::{ExpectedLeaf, TrustStore};

use zeroize::Zeroizing;

use crate::args::JudgingArgs;
use crate::kind::{self, Wanted};
use crate::secret::{odd, secret};
use crate::{exit, files};

/// A definition's text and where it lies, for complaints about what it names.
pub(crate) struct Definition {
    path: PathBuf,
    text: String,
}

/// Reads and understands a definition.
///
/// # Errors
/// Every fault of it.
pub(crate) fn definition(path: &Path) -> Result<(Site, Definition), exit::Error> {
    let shown = path.display();
    let instead =
        || kind::instead(path, Wanted::Definition).map(|words| exit::Error::fault(format!("{shown}: {words}")));
    let text = files::read_text(path).map_err(|why| {
        if let Some(instead) = instead() {
            return instead;
        }
        let near = if path.exists() { None } else { files::near(path) };
        let meant = near.map(|near| format!("; did you mean {}?", near.display())).unwrap_or_default();
        exit::Error::fault(format!("{shown}: {why}{meant}"))
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let site = Site::from_toml(&text, folder).map_err(|faults| {
        let told = || exit::Error::Faults(faults.iter().map(|fault| format!("{shown}:{fault}")).collect());
        instead().unwrap_or_else(told)
    })?;
    let known = catalogue().iter().map(|requirement| requirement.id);
    let waivers = site.waivers.iter().filter_map(|waiver| unknown_requirement(waiver, known.clone()));
    exit::Error::all(waivers.map(|fault| format!("{shown}:{fault}")).collect())?;
    Ok((site, Definition { path: path.to_owned(), text }))
}

impl Definition {
    /// A file's name as the definition writes it, the same wherever the definition lies.
    fn shown(&self, file: &Path) -> String {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        file.strip_prefix(folder).unwrap_or(file).to_string_lossy().into_owned()
    }

    /// What reports tell of it: where it is, and where it says what.
    pub(crate) fn report(&self, site: &Site) -> DefinitionReport {
        DefinitionReport::new(&self.path, site, &outline(&self.text))
    }

    /// A place in it, to stand before a complaint.
    pub(crate) fn place(&self, at: Position) -> String {
        format!("{}:{}: ", self.path.display(), at.line)
    }

    /// A complaint about a file the definition names, with the line that names it.
    fn complaint(&self, file: &Path, why: &str) -> String {
        let written = self.shown(file);
        let quoted = [format!("\"{written}\""), format!("'{written}'")];
        let line = self.text.lines().position(|line| quoted.iter().any(|quoted| line.contains(quoted)));
        let place = line.map_or(String::new(), |line| format!(":{}", line + 1));
        // A definition may come from Windows; there it would have been found.
        let separates = if cfg!(unix) && written.contains('\\') { "; on this machine / separates folders" } else { "" };
        format!("{}{place}: {}: {why}{separates}", self.path.display(), file.display())
    }
}

/// Complains about a file: with the line of the definition that names it, or as named on the command line.
fn complaint(definition: Option<&Definition>, file: &Path, why: &str) -> String {
    definition.map_or_else(|| format!("{}: {why}", file.display()), |definition| definition.complaint(file, why))
}

/// Files of certificates given on the command line.
#[derive(Clone, Copy, Default)]
pub(crate) struct GivenFiles<'a> {
    /// What clients trust, too.
    pub(crate) roots: &'a [PathBuf],
    /// What may be trusted for what may have a public certificate.
    pub(crate) public_roots: &'a [PathBuf],
    /// What must be presented everywhere.
    pub(crate) expected: &'a [PathBuf],
}

impl<'a> GivenFiles<'a> {
    /// Those that say how is judged.
    pub(crate) fn of(args: &'a JudgingArgs) -> Self {
        Self { roots: &args.ca_file, public_roots: &args.public_ca_file, expected: &[] }
    }
}

/// Reads every certificate the site's parties trust, and those given on the command line.
pub(crate) fn trust(
    site: &Site,
    definition: Option<&Definition>,
    given: GivenFiles<'_>,
    faults: &mut Vec<String>,
) -> TrustStore {
    let mut read = |definition: Option<&Definition>, file: &Path| {
        files::certificates(file).unwrap_or_else(|why| {
            faults.push(complaint(definition, file, &why));
            Vec::new()
        })
    };
    let mut all = |files: &[PathBuf]| files.iter().flat_map(|file| read(definition, file)).collect::<Vec<_>>();
    let (mut roots, mut client_roots) = (all(&site.trust.roots), all(&site.trust.client_roots));
    let intermediates = all(&site.trust.intermediates);
    let mut public_roots = all(&site.trust.public_roots);
    public_roots.extend(given.public_roots.iter().flat_map(|file| read(None, file)));
    let expected = given.expected.iter().flat_map(|file| read(None, file).into_iter().next()).collect::<Vec<_>>();
    let given: Vec<_> = given.roots.iter().flat_map(|file| read(None, file)).collect();
    if !client_roots.is_empty() {
        client_roots.extend(given.iter().cloned());
    }
    roots.extend(given);
    let mut signing = site.signing_certificate.iter().flat_map(|file| read(definition, file));
    let (signing_certificate, signing_authorities) = (signing.next(), signing.collect());
    let proxy_certificates = site
        .proxies
        .iter()
        .filter_map(|proxy| {
            let file = proxy.client_certificate.as_deref()?;
            Some((Arc::clone(&proxy.name), read(definition, file).into_iter().next()?))
        })
        .collect();
    let mut expected_certificates = Vec::new();
    for system in &site.systems {
        let Some(expected) = &system.expected_certificate else { continue };
        let fingerprint = match expected {
            ExpectedCertificate::Thumbprint(digits) => Some(digits.clone()),
            ExpectedCertificate::File(file) => read(definition, file).first().map(|read| read.thumbprint_sha1()),
        };
        let system = Some(Arc::clone(&system.name));
        expected_certificates.extend(fingerprint.map(|fingerprint| ExpectedLeaf { system, fingerprint }));
    }
    // By the thumbprint that Windows shows: the two sides are compared by people, too.
    let everywhere = expected.iter().map(|read| read.thumbprint_sha1());
    expected_certificates.extend(everywhere.map(|fingerprint| ExpectedLeaf { system: None, fingerprint }));
    let mut trust =
        TrustStore::new(roots, client_roots, intermediates, signature::ALGORITHMS).with_public_roots(public_roots);
    trust.expected_certificates = expected_certificates;
    trust.signing_certificate = signing_certificate;
    trust.signing_authorities = signing_authorities;
    trust.proxy_certificates = proxy_certificates;
    trust
}

/// The authorities' certificates in files of clients.
pub(crate) fn client_authorities(files: &[CertificateFile]) -> Vec<Arc<cmprobe::certificate::Certificate>> {
    let of_clients = files.iter().filter(|file| file.of.is_client());
    of_clients.flat_map(|file| file.facts.others.iter().cloned()).collect()
}

/// Every file a definition names, whether it is read or not.
pub(crate) fn files_named(site: &Site) -> Vec<PathBuf> {
    let Trust { roots, client_roots, public_roots, intermediates } = &site.trust;
    let mut files: Vec<PathBuf> =
        [roots, client_roots, public_roots, intermediates].into_iter().flatten().cloned().collect();
    files.extend(site.systems.iter().filter_map(|system| match &system.expected_certificate {
        Some(ExpectedCertificate::File(file)) => Some(file.clone()),
        Some(ExpectedCertificate::Thumbprint(_)) | None => None,
    }));
    files.extend(site.signing_certificate.iter().cloned());
    files.extend(site.proxies.iter().filter_map(|proxy| proxy.client_certificate.clone()));
    for client in &site.clients {
        let (first, key) = files_of(client);
        files.extend(std::iter::once(first).chain(key).map(Path::to_owned));
        if let Some(SecretSource::File(secret)) = &client.secret {
            files.push(secret.clone());
        }
    }
    files
}

/// Opens the roots, the signing certificate and the proxies' separate certificates a definition names, to be judged as
/// files. What cannot be read was complained of by [`trust`].
pub(crate) fn trusted_files(site: &Site, definition: &Definition) -> Vec<CertificateFile> {
    let mut roots: Vec<&PathBuf> = Vec::new();
    for file in site.trust.roots.iter().chain(&site.trust.client_roots) {
        if !roots.contains(&file) {
            roots.push(file);
        }
    }
    let roots = roots.into_iter().map(|file| (Use::Root, file));
    let signing = site.signing_certificate.iter().map(|file| (Use::SiteServer, file));
    let of_proxies =
        site.proxies.iter().filter_map(|proxy| Some((Use::ProxyClient, proxy.client_certificate.as_ref()?)));
    let named = signing.chain(roots).chain(of_proxies);
    named
        .filter_map(|(kind, file)| {
            let facts = file::open(&files::read(file).ok()?, None, None).ok()?;
            Some(CertificateFile {
                of: kind,
                name: definition.shown(file),
                facts,
                dialled: None,
                is_clusters: false,
                presented: None,
            })
        })
        .collect()
}

/// Opens those of the files given as roots' that hold something else than roots, to be judged as files: nothing else would
/// say that what is trusted is no root. What cannot be read was complained of by [`trust`].
pub(crate) fn given_files(given: &[PathBuf]) -> Vec<CertificateFile> {
    let opened = given.iter().filter_map(|file| {
        let facts = file::open(&files::read(file).ok()?, None, None).ok()?;
        Some((file, facts))
    });
    opened
        .filter(|(_, facts)| facts.certificate.iter().chain(&facts.others).any(|one| !one.is_self_issued()))
        .map(|(file, facts)| CertificateFile {
            of: Use::Root,
            name: file.display().to_string(),
            facts,
            dialled: None,
            is_clusters: false,
            presented: None,
        })
        .collect()
}

/// Opens the files of a definition's clients without a word to anybody, for judging what was seen elsewhere: a password
/// that is not at hand leaves a file closed. Gives what the user should know, too.
pub(crate) fn client_files(site: &Site, definition: &Definition) -> (Vec<CertificateFile>, Vec<String>) {
    let (mut opened, mut notes) = (Vec::new(), Vec::new());
    for client in &site.clients {
        let (first, key) = files_of(client);
        let secret = client.secret.as_ref().and_then(|source| match source {
            SecretSource::Prompt => None,
            SecretSource::Environment(_) | SecretSource::File(_) => secret(source, &client.name).ok(),
        });
        let facts = read_both(first, key)
            .and_then(|(bytes, key)| facts(client, first, &bytes, key.as_ref().map(|key| key.as_slice()), &secret));
        match facts {
            Ok(facts) => opened.extend(client_file(client, Some(definition), first, facts)),
            Err((file, why)) => notes.push(complaint(Some(definition), &file, &format!("{why}; it is not judged"))),
        }
    }
    (opened, notes)
}

/// What a client's file is judged as; `None`: nothing.
fn client_file(
    client: &Client,
    definition: Option<&Definition>,
    file: &Path,
    facts: FileFacts,
) -> Option<CertificateFile> {
    let kind = match client.kind {
        ClientKind::Computer => Use::Client,
        ClientKind::MobileDevice => Use::MobileDevice,
        ClientKind::Deployment => Use::Deployment,
        ClientKind::Monitoring => Use::Monitoring,
        ClientKind::DistributionPointClient => Use::DistributionPointClient,
        // Of another authority by design: nothing the site demands of its clients is demanded of it.
        ClientKind::Outsider => return None,
    };
    let name = definition.map_or_else(|| file.display().to_string(), |definition| definition.shown(file));
    Some(CertificateFile { of: kind, name, facts, dialled: None, is_clusters: false, presented: None })
}

/// The file of a client's certificate, and that of its key where it is another.
fn files_of(client: &Client) -> (&Path, Option<&Path>) {
    match &client.source {
        IdentitySource::Pfx(pfx) => (pfx, None),
        IdentitySource::Pair { certificate, key } => (certificate, key.as_deref()),
    }
}

/// Bytes that may hold a key.
type Secret = Zeroizing<Vec<u8>>;

fn read_both(first: &Path, key: Option<&Path>) -> Result<(Secret, Option<Secret>), (PathBuf, String)> {
    let read = |file: &Path| files::read_secret(file).map_err(|why| (file.to_owned(), why));
    Ok((read(first)?, key.map(read).transpose()?))
}

/// What a client's file holds.
fn facts(
    client: &Client,
    first: &Path,
    bytes: &[u8],
    key: Option<&[u8]>,
    secret: &Option<Zeroizing<String>>,
) -> Result<FileFacts, (PathBuf, String)> {
    let (_, key_file) = files_of(client);
    let at_fault = |error: &FileError| match (error, key_file) {
        (FileError::Key(_), Some(key)) => key.to_owned(),
        _ => first.to_owned(),
    };
    file::open(bytes, key, secret.as_ref().map(|secret| secret.as_str()))
        .map_err(|error| (at_fault(&error), error.to_string()))
}

/// What a site's clients are to the probe.
#[derive(Default)]
pub(crate) struct Identities {
    /// What it may present.
    pub(crate) identities: Vec<Arc<ClientIdentity>>,
    /// The files, to be judged.
    pub(crate) files: Vec<CertificateFile>,
    /// What the user should know.
    pub(crate) notes: Vec<String>,
}

/// Opens every identity the probe may present, and every client's file to be judged.
pub(crate) fn identities(site: &Site, definition: Option<&Definition>, faults: &mut Vec<String>) -> Identities {
    let mut all = Identities::default();
    for client in &site.clients {
        match identity(client) {
            Ok(Opened { identity, facts, unused }) => {
                all.identities.extend(identity.map(Arc::new));
                let (file, key) = files_of(client);
                if unused {
                    let why = "its key opens without a password; the one that is named is not used";
                    all.notes.push(complaint(definition, key.unwrap_or(file), why));
                }
                all.files.extend(client_file(client, definition, file, facts));
            }
            Err((file, why)) => {
                let wanted = match &client.source {
                    IdentitySource::Pfx(_) => Wanted::Pkcs12,
                    IdentitySource::Pair { key: Some(key), .. } if *key == file => Wanted::Key,
                    IdentitySource::Pair { .. } => Wanted::Certificate,
                };
                let why = kind::instead(&file, wanted).unwrap_or(why);
                faults.push(complaint(definition, &file, &why));
            }
        }
    }
    all
}

/// A client's files, opened.
struct Opened {
    /// What the probe may present.
    identity: Option<ClientIdentity>,
    /// What is judged.
    facts: FileFacts,
    /// Whether the password that is named was not needed.
    unused: bool,
}

/// Opens one identity; without it: a file of a mobile device or for deployment that can be judged but not presented. Of a
/// file for deployment, that it is PKCS #12, opens with its password and holds its key is a requirement.
fn identity(client: &Client) -> Result<Opened, (PathBuf, String)> {
    let file = match &client.source {
        IdentitySource::Pfx(file) => file,
        IdentitySource::Pair { certificate, key } => key.as_ref().unwrap_or(certificate),
    };
    let at_file = |why: String| (file.clone(), why);
    let (first_file, key_file) = files_of(client);
    let (first, key) = read_both(first_file, key_file)?;
    let key_bytes = key.as_ref().map(|key| key.as_slice());
    // To unlock a file is what costs: what can be judged of a PKCS #12 file comes with it.
    let open = |secret: Option<&str>| match &client.source {
        IdentitySource::Pfx(_) => {
            let (identity, facts) = file::identity_with_facts(&client.name, &first, secret);
            (identity, Some(facts))
        }
        IdentitySource::Pair { .. } => (ClientIdentity::from_pair(&client.name, &first, key_bytes, secret), None),
    };
    let mut secret = client.secret.as_ref().map(|source| secret(source, &client.name)).transpose().map_err(at_file)?;
    let (mut opened, mut known) = open(secret.as_ref().map(|secret| secret.as_str()));
    if opened.as_ref().err() == Some(&IdentityError::SecretMissing) && crate::secret::can_ask() {
        secret = Some(crate::secret::ask(&client.name).map_err(at_file)?);
        (opened, known) = open(secret.as_ref().map(|secret| secret.as_str()));
    }
    let facts = || match known {
        Some(facts) => facts.map_err(|error| (first_file.to_owned(), error.to_string())),
        None => facts(client, first_file, &first, key_bytes, &secret),
    };
    // A PKCS #12 file is always opened with a password, be it an empty one: only a key by itself may have none.
    let keyed = matches!(client.source, IdentitySource::Pair { .. });
    let unused = keyed && client.secret.is_some() && open(None).0.is_ok();
    let with = |identity, facts| Opened { identity, facts, unused };
    match opened {
        Ok(identity) => Ok(with(Some(identity), facts()?)),
        Err(IdentityError::NoKey) if client.kind != ClientKind::Computer => Ok(with(None, facts()?)),
        Err(IdentityError::WrongSecret | IdentityError::NotPkcs12 | IdentityError::KeyDoesNotFit)
            if client.kind == ClientKind::Deployment =>
        {
            Ok(with(None, facts()?))
        }
        Err(IdentityError::SecretMissing) => Err(at_file(
            "is protected by a password; name it by --pass-env, --pass-file, password_env or password_file".into(),
        )),
        Err(error @ IdentityError::WrongSecret) => {
            let odd = client.secret.as_ref().zip(secret.as_ref()).and_then(|(source, secret)| odd(source, secret));
            Err(at_file(odd.map_or_else(|| error.to_string(), |odd| format!("{error}; {odd}"))))
        }
        // These are the certificate's, whatever the key is.
        Err(error @ (IdentityError::NoCertificate | IdentityError::UnreadableCertificate)) => {
            let looks = file::open(&first, None, None).err().map(|looks| looks.to_string());
            Err((first_file.to_owned(), looks.unwrap_or_else(|| error.to_string())))
        }
        Err(error) => Err(at_file(error.to_string())),
    }
}
