//! The flags that decide what is probed: common to `check`, `plan` and `assess`.

use super::{listed, value};
use cmprobe::plan::build::{Options, ServerName};
use cmprobe::plan::engine::EngineId;

/// Which part of a definition.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Which part")]
pub(crate) struct NarrowArgs {
    /// Stand at this vantage of the definition; repeatable [default: all]
    #[arg(long, value_name = "NAME")]
    pub(crate) vantage: Vec<String>,
    /// Probe only this role or system of the definition; repeatable
    #[arg(long, value_name = "ROLE|SYSTEM")]
    pub(crate) only: Vec<String>,
}

impl NarrowArgs {
    /// Whether anything is left out.
    pub(crate) const fn is_narrowed(&self) -> bool {
        !self.vantage.is_empty() || !self.only.is_empty()
    }

    /// What is planned of a definition, with nothing changed in what is offered.
    pub(crate) fn options(&self) -> Options {
        Options { vantages: self.vantage.clone(), only: self.only.clone(), ..Options::default() }
    }
}

/// What is offered to each endpoint.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Offering")]
pub(crate) struct OfferArgs {
    /// Send this server name instead of the name dialled
    #[arg(long, value_name = "NAME", conflicts_with = "no_sni", value_parser = value::server_name)]
    pub(crate) sni: Option<String>,
    /// Send no server name
    #[arg(long)]
    pub(crate) no_sni: bool,
    /// Make handshakes only, no HTTP requests
    #[arg(long)]
    pub(crate) no_http: bool,
    /// Skip the proof that a stranger's certificate is refused
    #[arg(long)]
    pub(crate) no_stranger: bool,
    /// Present the client's certificate to any server, not only where its certificate leads to the roots and carries the name
    #[arg(long)]
    pub(crate) present_always: bool,
    /// Offer each protocol version, and what Windows clients offer, by itself too, for endpoints of a list as for others
    #[arg(long, conflicts_with = "no_tls_versions")]
    pub(crate) tls_versions: bool,
    /// Leave those offers out
    #[arg(long)]
    pub(crate) no_tls_versions: bool,
    /// Use this engine only: rustls, openssl, hello-reader [default: as the plan says]
    #[arg(long, value_parser = listed::engine(), hide_possible_values = true)]
    pub(crate) engine: Option<EngineId>,
}

impl OfferArgs {
    /// What is planned.
    pub(crate) fn options(&self, narrow: &NarrowArgs) -> Options {
        Options {
            http: !self.no_http,
            stranger: !self.no_stranger,
            tls_versions: !self.no_tls_versions,
            engine: self.engine,
            server_name: match (&self.sni, self.no_sni) {
                (Some(name), _) => ServerName::Other(name.clone()),
                (None, true) => ServerName::Off,
                (None, false) => ServerName::Dialled,
            },
            ..narrow.options()
        }
    }
}
