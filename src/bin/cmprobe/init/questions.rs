//! Asks somebody at the terminal for what an export would have said. An empty answer takes what stands in brackets; a wrong
//! one is told what would be right, and asked again.

use std::io::{self, BufRead, ErrorKind, Write};

use cmprobe::import::definition::ByHand;
use cmprobe::import::inventory::{Inventory, Scope, SiteType, System};
use cmprobe::import::role::of_definition;
use cmprobe::report::wrapped;
use cmprobe::site::ClientConnections;
use cmprobe::site::address::name_server;
use cmprobe::site::name::HostName;
use cmprobe::site::profile::Profile;

/// How wide what is said is at the most.
const WIDTH: usize = 80;

/// Puts the questions; what the answers describe.
pub(super) fn ask(input: &mut impl BufRead, prompts: &mut impl Write) -> io::Result<(Inventory, ByHand)> {
    let mut asker = Asker { input, prompts };
    asker.say(
        "A definition by answers; cmprobe init --help has the commands by which the console says all this itself.",
    )?;
    let code = asker.until("Site code", None, |text| {
        let is_one = text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if is_one { Ok(text.to_owned()) } else { Err("three letters or digits, case as in the console".into()) }
    })?;
    let name = asker.until("What you call the site", Some(&code), |text| Ok(text.to_owned()))?;
    let profile = asker.until("Profile: current-branch or native-mode-2007", Some("current-branch"), |text| {
        let known = Profile::ALL.into_iter().find(|profile| profile.name() == text);
        known.ok_or_else(|| "current-branch or native-mode-2007".into())
    })?;
    let site_type = asker.until("Kind: primary or secondary", Some("primary"), |text| match text {
        "primary" => Ok(SiteType::Primary),
        "secondary" => Ok(SiteType::Secondary),
        _ => Err("primary or secondary".into()),
    })?;
    let mut systems: Vec<System> = Vec::new();
    while let Some(fqdn) = asker.fqdn(&systems)? {
        systems.push(asker.system(fqdn, &systems)?);
    }
    let by_hand = ByHand {
        name: Some(name),
        profile: Some(profile),
        roots: asker.list("Files of the roots clients trust, separated by blanks (empty: later)")?,
        client: asker.client()?,
        dns_inside: asker.resolvers("Resolvers inside, ADDR[:PORT] (empty: this machine's)")?,
        dns_outside: if systems.iter().any(|system| system.internet_fqdn.is_some()) {
            asker.resolvers("Resolvers outside, ADDR[:PORT] (empty: later)")?
        } else {
            Vec::new()
        },
    };
    let roles = systems.iter().map(|system| system.roles.len()).sum();
    let inventory = Inventory {
        source: "answers at the terminal".into(),
        code: Some(code),
        site_type: Some(site_type),
        release: None,
        only_in_2007: None,
        checks_revocation: None,
        enhanced_http: false,
        systems,
        others: Vec::new(),
        remarks: Vec::new(),
        roles,
        scope: Scope::CONSOLE,
    };
    Ok((inventory, by_hand))
}

struct Asker<'a, I, P> {
    input: &'a mut I,
    prompts: &'a mut P,
}

impl<I: BufRead, P: Write> Asker<'_, I, P> {
    fn say(&mut self, words: &str) -> io::Result<()> {
        let indent = words.len() - words.trim_start().len();
        for line in wrapped(words, WIDTH, indent) {
            writeln!(self.prompts, "{line}")?;
        }
        Ok(())
    }

    /// One answer; empty where nothing was typed.
    fn line(&mut self, question: &str, default: Option<&str>) -> io::Result<String> {
        match default {
            Some(default) => write!(self.prompts, "{question} [{default}]: ")?,
            None => write!(self.prompts, "{question}: ")?,
        }
        self.prompts.flush()?;
        let mut line = String::new();
        if self.input.read_line(&mut line)? == 0 {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "no more answers came"));
        }
        let answer = line.trim();
        Ok(if answer.is_empty() { default.unwrap_or_default() } else { answer }.to_owned())
    }

    /// Asks until an answer can be read.
    fn until<T>(
        &mut self,
        question: &str,
        default: Option<&str>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> io::Result<T> {
        loop {
            let answer = self.line(question, default)?;
            match read(&answer) {
                Ok(value) => return Ok(value),
                Err(right) => self.say(&format!("  {right}"))?,
            }
        }
    }

    /// The next system's FQDN; `None`: there is no other.
    fn fqdn(&mut self, known: &[System]) -> io::Result<Option<HostName>> {
        let question = if known.is_empty() {
            "FQDN of a site system inside"
        } else {
            "FQDN of another site system (empty: no more)"
        };
        let is_first = known.is_empty();
        let taken: Vec<HostName> = known.iter().filter_map(|system| system.intranet_fqdn.clone()).collect();
        self.until(question, None, |text| {
            let name = HostName::new(text);
            match name.syntax_fault() {
                _ if text.is_empty() && !is_first => Ok(None),
                Some(fault) => Err(fault),
                None if !name.is_fully_qualified() => Err("an FQDN, as in mp01.corp.contoso.com".into()),
                None if taken.contains(&name) => Err("that one is there already".into()),
                None => Ok(Some(name)),
            }
        })
    }

    fn system(&mut self, fqdn: HostName, known: &[System]) -> io::Result<System> {
        let label: String = fqdn.as_str().split('.').next().unwrap_or_default().to_ascii_uppercase();
        let default: String = label.chars().take(15).collect();
        let names: Vec<String> = known.iter().map(|system| system.name.to_lowercase()).collect();
        let name = self.until("  Its computer (NetBIOS) name", Some(&default), |text| {
            match HostName::new(text).syntax_fault() {
                Some(fault) => Err(fault),
                None if names.contains(&text.to_lowercase()) => Err("another system has that name".into()),
                None => Ok(text.to_owned()),
            }
        })?;
        let roles = self.until("  Its roles, by name or as mp dp sup smp", Some("mp"), |text| {
            let mut roles = Vec::new();
            for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
                let role = of_definition(&word.to_lowercase()).ok_or_else(|| {
                    format!("{word} is no role: management-point (mp), distribution-point (dp), software-update-point (sup), state-migration-point (smp)")
                })?;
                if !roles.contains(&role) {
                    roles.push(role);
                }
            }
            if roles.is_empty() { Err("one role at least".to_owned()) } else { Ok(roles) }
        })?;
        let internet_fqdn = self.until("  Its FQDN on the Internet (empty: none)", None, |text| {
            let name = HostName::new(text);
            match name.syntax_fault() {
                _ if text.is_empty() => Ok(None),
                Some(fault) => Err(fault),
                None => Ok(Some(name)),
            }
        })?;
        let connections = match &internet_fqdn {
            None => ClientConnections::Intranet,
            Some(_) => {
                self.until("  Which clients connect: intranet, internet or both", Some("both"), |text| match text {
                    "intranet" => Ok(ClientConnections::Intranet),
                    "internet" => Ok(ClientConnections::Internet),
                    "both" => Ok(ClientConnections::Both),
                    _ => Err("intranet, internet or both".into()),
                })?
            }
        };
        Ok(System {
            name,
            intranet_fqdn: Some(fqdn),
            internet_fqdn,
            connections: Some(connections),
            roles,
            https_port: None,
            update_port: None,
            idle: Vec::new(),
            remarks: Vec::new(),
        })
    }

    fn list(&mut self, question: &str) -> io::Result<Vec<String>> {
        Ok(self.line(question, None)?.split_whitespace().map(str::to_owned).collect())
    }

    fn client(&mut self) -> io::Result<Option<(String, Option<String>)>> {
        let pfx = self.line("A client's certificate, a .pfx file (empty: later)", None)?;
        if pfx.is_empty() {
            return Ok(None);
        }
        let variable = self.until("  The environment variable with its password (empty: none)", None, |text| {
            if text.contains(['=', ' ']) {
                Err("the variable's name alone, never the password".into())
            } else {
                Ok(text.to_owned())
            }
        })?;
        Ok(Some((pfx, Some(variable).filter(|variable| !variable.is_empty()))))
    }

    fn resolvers(&mut self, question: &str) -> io::Result<Vec<String>> {
        self.until(question, None, |text| {
            let all: Vec<String> = text.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
            match all.iter().find_map(|one| name_server(one).err()) {
                Some(wrong) => Err(wrong.to_string()),
                None => Ok(all),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use cmprobe::import::definition;
    use cmprobe::site::Site;

    #[test]
    fn answers_become_a_definition_and_wrong_ones_are_asked_again() {
        let answers = "PRIME\nPRI\n\n2012\nnative-mode-2007\n\nmp01\nmp01.corp.contoso.com\n\nmp, dpp\nMP dp\nmp.contoso.com\n\n\
                       sup01.corp.contoso.com\nMP01\nSUP01\nsup\n\n\npki/root.cer pki/other.cer\npki/ws.pfx\nPFX=x\nPFX\n10.1.0.10\ndns\n198.51.100.53\n";
        let mut prompts = Vec::new();
        let (inventory, by_hand) =
            super::ask(&mut answers.as_bytes(), &mut prompts).expect("answers to every question");
        let text = definition::text(&inventory, &by_hand);
        let site = Site::from_toml(&text, Path::new("")).unwrap_or_else(|faults| panic!("{faults:?}\n{text}"));
        assert_eq!((site.systems.len(), site.vantages.len(), site.clients.len()), (2, 2, 1));
        assert_eq!(site.trust.roots.len(), 2);
        assert!(!text.contains("TODO"), "{text}");
        let prompts = String::from_utf8(prompts).expect("text");
        for told in [
            "three letters",
            "an FQDN",
            "dpp is no role",
            "another system has",
            "never the password",
            "not a name server",
        ] {
            assert!(prompts.contains(told), "{told}: {prompts}");
        }
        assert!(super::ask(&mut "PRI\n".as_bytes(), &mut Vec::new()).is_err());
    }
}
