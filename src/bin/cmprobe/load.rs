//! What a run needs, read and understood before anything is probed: the site, whom it trusts, whom the probe can be. Every
//! fault of every file is found before one is complained of.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cmprobe::identity::{ClientIdentity, IdentityError};
use cmprobe::requirement::basis::TrustStore;
use cmprobe::requirement::catalogue::CATALOGUE;
use cmprobe::signature;
use cmprobe::site::definition::unknown_requirement;
use cmprobe::site::{Client, ClientKind, IdentitySource, Site};

use crate::secret::secret;
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
    let text = files::read_text(path).map_err(|why| exit::Error::fault(format!("{shown}: {why}")))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let site = Site::from_toml(&text, folder)
        .map_err(|faults| exit::Error::Faults(faults.iter().map(|fault| format!("{shown}:{fault}")).collect()))?;
    let known = CATALOGUE.iter().map(|requirement| requirement.id);
    let waivers = site.waivers.iter().filter_map(|waiver| unknown_requirement(waiver, known.clone()));
    exit::Error::all(waivers.map(|fault| format!("{shown}:{fault}")).collect())?;
    Ok((site, Definition { path: path.to_owned(), text }))
}

impl Definition {
    /// A complaint about a file the definition names, with the line that names it.
    fn complaint(&self, file: &Path, why: &str) -> String {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        let written = file.strip_prefix(folder).unwrap_or(file).to_string_lossy().into_owned();
        let quoted = [format!("\"{written}\""), format!("'{written}'")];
        let line = self.text.lines().position(|line| quoted.iter().any(|quoted| line.contains(quoted)));
        let place = line.map_or(String::new(), |line| format!(":{}", line + 1));
        format!("{}{place}: {}: {why}", self.path.display(), file.display())
    }
}

/// Complains about a file: with the line of the definition that names it, or as named on the command line.
fn complaint(definition: Option<&Definition>, file: &Path, why: &str) -> String {
    definition.map_or_else(|| format!("{}: {why}", file.display()), |definition| definition.complaint(file, why))
}

/// Reads every certificate the site's parties trust, and those given on the command line.
pub(crate) fn trust(
    site: &Site,
    definition: Option<&Definition>,
    ca_files: &[PathBuf],
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
    let given: Vec<_> = ca_files.iter().flat_map(|file| read(None, file)).collect();
    if !client_roots.is_empty() {
        client_roots.extend(given.iter().cloned());
    }
    roots.extend(given);
    let signing_certificate =
        site.signing_certificate.as_deref().and_then(|file| read(definition, file).into_iter().next());
    let proxy_certificates = site
        .proxies
        .iter()
        .filter_map(|proxy| {
            let file = proxy.client_certificate.as_deref()?;
            Some((Arc::clone(&proxy.name), read(definition, file).into_iter().next()?))
        })
        .collect();
    let mut trust = TrustStore::new(roots, client_roots, intermediates, signature::ALGORITHMS);
    trust.signing_certificate = signing_certificate;
    trust.proxy_certificates = proxy_certificates;
    trust
}

/// Opens every identity the probe may present.
pub(crate) fn identities(
    site: &Site,
    definition: Option<&Definition>,
    faults: &mut Vec<String>,
) -> Vec<Arc<ClientIdentity>> {
    let mut opened = Vec::new();
    for client in &site.clients {
        match identity(client) {
            Ok(Some(identity)) => opened.push(Arc::new(identity)),
            Ok(None) => {}
            Err((file, why)) => faults.push(complaint(definition, &file, &why)),
        }
    }
    opened
}

/// Opens one identity; `None`: a mobile device's certificate without its key, which can be judged but not presented.
fn identity(client: &Client) -> Result<Option<ClientIdentity>, (PathBuf, String)> {
    let file = match &client.source {
        IdentitySource::Pfx(file) => file,
        IdentitySource::Pair { certificate, key } => key.as_ref().unwrap_or(certificate),
    };
    let at_file = |why: String| (file.clone(), why);
    let read = |file: &Path| files::read_secret(file).map_err(|why| (file.to_owned(), why));
    let (first, key) = match &client.source {
        IdentitySource::Pfx(pfx) => (read(pfx)?, None),
        IdentitySource::Pair { certificate, key } => (read(certificate)?, key.as_deref().map(read).transpose()?),
    };
    let open = |secret: Option<&str>| match &client.source {
        IdentitySource::Pfx(_) => ClientIdentity::from_pkcs12(&client.name, &first, secret),
        IdentitySource::Pair { .. } => {
            ClientIdentity::from_pair(&client.name, &first, key.as_ref().map(|key| key.as_slice()), secret)
        }
    };
    let mut opened = match &client.secret {
        Some(source) => open(Some(&secret(source, &client.name).map_err(at_file)?)),
        None => open(None),
    };
    if opened.as_ref().err() == Some(&IdentityError::SecretMissing) && crate::secret::can_ask() {
        let secret = crate::secret::ask(&client.name).map_err(at_file)?;
        opened = open(Some(&secret));
    }
    match opened {
        Ok(identity) => Ok(Some(identity)),
        Err(IdentityError::NoKey) if client.kind == ClientKind::MobileDevice => Ok(None),
        Err(IdentityError::SecretMissing) => Err(at_file(
            "is protected by a password; name it by --pass-env, --pass-file, password_env or password_file".into(),
        )),
        Err(error) => Err(at_file(error.to_string())),
    }
}
