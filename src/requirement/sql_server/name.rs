//! `sql-server/name`

use super::SQL_FILES;
use crate::rule::subject::FileSubject;
use crate::rule::{Check, Citation, EvidenceSource, document, requirement};
use crate::site::name::HostName;
use crate::verdict::cause::catalogue as cause;
use crate::verdict::severity::{Severity, SeverityByProfile};
use crate::verdict::{Evidence, Verdict};

requirement! {
    /// The Subject of the site database server's certificate is its intranet FQDN; where the database is on a cluster, the
    /// cluster's.
    ///
    /// Who is hurt: the site server and the management points, which speak to the database over TLS: they find another name
    /// than the one they dialled, and the site stands still.
    ///
    /// How it is seen: the common names of the Subject against `--name`. Without a name to hold them against, that one of
    /// them is a full name is all that can be asked.
    NAME {
        id: "sql-server/name",
        title: "The Subject of the site database server's certificate is its intranet FQDN",
        severity: SeverityByProfile::both(Severity::Error),
        citation: Citation { document: &document::CB, place: "Site systems that run Microsoft SQL Server, Subject name" },
        scope: SQL_FILES,
        evidence: &[EvidenceSource::File],
        remedy: "Issue a certificate with the SQL Server's intranet FQDN as its Subject.",
        check: Check::File(check),
    }
}

fn check(subject: &FileSubject<'_>) -> Verdict {
    subject.judge(|facts| {
        let names: Vec<&str> = facts.subject.common_names.iter().map(|cn| cn.text.as_str()).collect();
        let fits = |name: &&&str| match subject.dialled {
            Some(dialled) => HostName::new(name) == HostName::new(dialled),
            None => HostName::new(name).is_fully_qualified() && HostName::new(name).syntax_fault().is_none(),
        };
        if let Some(name) = names.iter().find(fits) {
            return Verdict::pass_with(*name);
        }
        let found = if names.is_empty() { vec!["no common name"] } else { names };
        Evidence::new("The Subject is not the SQL Server's intranet FQDN.")
            .expected(subject.dialled.unwrap_or("a full name, with its domain"))
            .observed_all(found.into_iter().map(str::to_owned))
            .because(&cause::NAME)
            .fail()
    })
}

#[cfg(test)]
mod cases {
    use crate::requirement::case::{Case, INTERNET, INTRANET, World};
    use crate::rule::usage::Use::SqlServer;
    use crate::site::profile::Profile;

    pub(super) fn all() -> Vec<Case> {
        vec![
            Case::passes("its FQDN", World::of(SqlServer, |r| r)),
            Case::passes("in capitals", World::of(SqlServer, |r| r.cn("MP01.CORP.contoso.com"))),
            Case::fails("another's", World::of(SqlServer, |r| r.cn(INTERNET).dns(&[INTRANET])), INTERNET),
            Case::fails("the computer's name alone", World::of(SqlServer, |r| r.cn("MP01")), "MP01"),
            Case::fails("none", World::of(SqlServer, |r| r.no_cn()), "no common name"),
            Case::not_applicable("a site of 2007", World::of(SqlServer, |r| r).profile(Profile::NativeMode2007)),
        ]
    }
}
