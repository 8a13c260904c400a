//! A management point's answers and certificates for real servers, and the definition of the site it belongs to.

use std::net::Ipv4Addr;

use cmprobe::lab::pki::{LAB_EPOCH, Minted, Pki, Recipe, pem};
use time::Duration;

use crate::servers::{Folder, Pair};

pub(crate) const INTRANET: &str = "mp01.corp.contoso.com";
pub(crate) const INTERNET: &str = "mp.contoso.com";

/// The management point's certificate.
pub(crate) fn certificate() -> Minted {
    lasting(Pki::lab().unwrap().web_server(&[INTRANET, INTERNET]))
}

/// The certificate of a client of the site.
pub(crate) fn client() -> Minted {
    lasting(Pki::lab().unwrap().client("pc0001.corp.contoso.com"))
}

/// The certificate of a bridging proxy, for both its legs.
pub(crate) fn proxy() -> Minted {
    lasting(Pki::lab().unwrap().bridging_proxy(&[INTERNET]))
}

/// Real servers go by the machine's clock: what they verify is valid as long as its issuer.
fn lasting(recipe: Recipe) -> Minted {
    let pki = Pki::lab().unwrap();
    pki.issue(&recipe.valid(LAB_EPOCH - Duration::days(30), pki.issuing.recipe.not_after)).unwrap()
}

/// The files a server needs to be the management point.
pub(crate) struct Files {
    pub(crate) pair: Pair,
    /// The authorities of clients, as PEM.
    pub(crate) roots: String,
    /// The folder of the answers, named after the questions: `MPLIST`, `MPCERT`, `SITESIGNCERT`.
    pub(crate) answers: String,
}

/// Writes them.
pub(crate) fn write(folder: &Folder) -> Files {
    let pki = Pki::lab().unwrap();
    let own = certificate();
    let signing = pki.issue(&pki.site_signing("PRI")).unwrap();
    let hex = |der: &[u8]| data_encoding::HEXUPPER.encode(der);
    folder.write(
        "MPLIST",
        format!(
            "<MPList><MP Name=\"MP01\" FQDN=\"{INTRANET}\" SiteCode=\"PRI\"><Version>6487</Version>\
             <Capabilities SchemaVersion=\"1.0\"/></MP></MPList>"
        ),
    );
    folder.write("MPCERT", format!("<X509Certificate>{}</X509Certificate>", hex(&own.der)));
    folder.write(
        "SITESIGNCERT",
        format!("<SiteSigningCert><X509Certificate>{}</X509Certificate></SiteSigningCert>", hex(&signing.der)),
    );
    Files {
        pair: folder.write_pair("mp", &own),
        roots: folder.write("roots.crt", pem("CERTIFICATE", &pki.root.der)),
        answers: folder.arg("").trim_end_matches('/').to_owned(),
    }
}

/// Where something listens.
#[derive(Clone, Copy)]
pub(crate) struct At {
    pub(crate) address: Ipv4Addr,
    pub(crate) https: u16,
    pub(crate) http: u16,
}

/// The definition of a site with this one management point, seen from inside only or from both sides; `further` tables
/// follow. Its files are written beside it.
pub(crate) fn definition(folder: &Folder, inside: At, outside: Option<Ipv4Addr>, further: &str) -> String {
    let client = client();
    folder.write("client.crt", client.chain_pem());
    folder.write("client.key", client.key_pem());
    folder.write("root.cer", pem("CERTIFICATE", &Pki::lab().unwrap().root.der));
    let At { address, https, http } = inside;
    let connections = if outside.is_some() { "both" } else { "intranet" };
    let vantage = |network: &str, name: &str, address: Ipv4Addr| {
        format!(
            "[[vantage]]\nname = \"{network}\"\nnetwork = \"{network}\"\nprivate_addresses = true\n\
             [vantage.hosts]\n\"{name}\" = [\"{address}\"]\n"
        )
    };
    let vantages = vantage("intranet", INTRANET, address)
        + &outside.map_or_else(String::new, |at| vantage("internet", INTERNET, at));
    let internet = outside.map_or_else(String::new, |_| format!("internet_fqdn = \"{INTERNET}\"\n"));
    let text = format!(
        "[site]\ncode = \"PRI\"\nname = \"Real servers\"\nprofile = \"native-mode-2007\"\nclients_check_revocation = false\n\
         [trust]\nroots = [\"root.cer\"]\n\
         [[client]]\nname = \"pc\"\ncertificate = \"client.crt\"\nkey = \"client.key\"\n\
         {vantages}\
         [[system]]\nname = \"MP01\"\nintranet_fqdn = \"{INTRANET}\"\n{internet}client_connections = \"{connections}\"\n\
         roles = [\"management-point\"]\n[system.ports]\nhttps = {https}\nhttp = {http}\n{further}"
    );
    folder.write("site.toml", text)
}
