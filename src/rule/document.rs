//! The documents requirements rest on, each once.

/// A document.
#[derive(Debug)]
pub struct Document {
    /// Short name, as the catalogue's table uses it.
    pub short: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Where it can be read, or what stands in its place.
    pub place: &'static str,
}

macro_rules! documents {
    ($($name:ident = $short:literal, $title:literal, $place:literal;)+) => {
        $(#[doc = $title] pub static $name: Document = Document { short: $short, title: $title, place: $place };)+
        /// Every document cited.
        pub static ALL: &[&Document] = &[$(&$name),+];
    };
}

documents! {
    CRNM = "CRNM", "Certificate Requirements for Native Mode", "Configuration Manager 2007 documentation, bb680733";
    DNS07 = "DNS07", "Configuring DNS for Configuration Manager Site System Roles", "Configuration Manager 2007 documentation, bb632341";
    FQDN = "FQDN", "Determine If You Will Use FQDN Server Names", "Configuration Manager 2007 documentation";
    PROXY = "PROXY", "Determine Requirements for Proxy Web Servers to Use With Internet-Based Client Management", "Configuration Manager 2007 documentation";
    CRL = "CRL", "Determine If You Need to Enable Certificate Revocation Checking (CRL) On Clients (Native Mode)", "Configuration Manager 2007 documentation, bb680463";
    CTL = "CTL", "Determine If You Need to Configure a Certificate Trust List (CTL) with IIS (Native Mode)", "Configuration Manager 2007 documentation, bb693699";
    RENEW = "RENEW", "Renewing or Changing the Site Server Signing Certificate", "Configuration Manager 2007 documentation";
    MPT = "MPT", "Troubleshooting management points", "Configuration Manager 2007 documentation";
    NLB = "NLB", "How to configure Network Load Balancing for site systems; Site Properties: Site Mode Tab", "Configuration Manager 2007 documentation, bb633031";
    SUP08 = "SUP08", "Revision: Native Mode Certificate Requirements for Internet-based Software Update Point", "the documentation team's note of October 2008";
    CB = "CB", "PKI certificate requirements for Configuration Manager", "Configuration Manager Current Branch documentation";
    CBTLS = "CBTLS", "Software update point with TLS/SSL; Cryptographic controls technical reference", "Configuration Manager Current Branch documentation";
    CNG = "CNG", "CNG v3 certificates overview", "Configuration Manager Current Branch documentation";
    PLAN = "PLAN", "Plan for PKI certificates", "Configuration Manager Current Branch documentation";
    IBCM = "IBCM", "Plan for internet-based client management in Configuration Manager", "Configuration Manager Current Branch documentation";
    FIND = "FIND", "Understand how clients find site resources and services", "Configuration Manager Current Branch documentation";
    CRYPTO = "CRYPTO", "Cryptographic controls technical reference", "Configuration Manager Current Branch documentation";
    CMGCERT = "CMGCERT", "CMG server authentication certificate", "Configuration Manager Current Branch documentation";
    ADMSVC = "ADMSVC", "Set up the administration service", "Configuration Manager Current Branch documentation";
    IDENT = "IDENT", "How to Identify Client Certificate Issues in Native Mode", "Configuration Manager 2007 documentation";
    SCAN = "SCAN", "Troubleshoot software update scan failures", "KB 3090184";
    KB1024 = "KB1024", "Update for minimum certificate key length", "KB 2661254";
    KBIIS = "KBIIS", "Client certificate revocation checking by Internet Information Services", "KB 294305, KB 884115, CertCheckMode";
    BPA = "BPA", "How Certificate Revocation Works", "Windows Server documentation, dd379478 and ee619754";
    SQLCERT = "SQLCERT", "Certificate requirements for SQL Server", "SQL Server documentation";
    TOOL = "TOOL", "no document says so", "it follows from TLS, X.509 or what a Windows client does";
}
