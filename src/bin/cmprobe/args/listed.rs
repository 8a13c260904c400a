//! Values out of a list: read by a function, and told to shells, which complete them.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command};
use cmprobe::plan::engine::EngineId;
use cmprobe::report::Format;
use cmprobe::request::certificate_use::CertificateUse;
use cmprobe::rule::usage::Use;
use cmprobe::site::profile::Profile;
use cmprobe::site::role::Role;
use cmprobe::verdict::severity::Severity;

use super::value;

/// One of several names.
#[derive(Clone)]
pub(super) struct Listed<T> {
    read: fn(&str) -> Result<T, String>,
    names: Vec<&'static str>,
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for Listed<T> {
    type Value = T;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<T, clap::Error> {
        StringValueParser::new().try_map(self.read_owned()).parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.names.iter().map(PossibleValue::new)))
    }
}

impl<T: 'static> Listed<T> {
    fn read_owned(&self) -> impl Fn(String) -> Result<T, String> + Clone + Send + Sync + 'static {
        let read = self.read;
        move |text| read(&text)
    }
}

pub(super) fn format() -> Listed<Format> {
    Listed { read: value::format, names: Format::ALL.map(Format::name).into() }
}

pub(super) fn severity() -> Listed<Severity> {
    Listed { read: value::severity, names: Severity::ALL.map(Severity::name).into() }
}

pub(super) fn profile() -> Listed<Profile> {
    Listed { read: value::profile, names: Profile::ALL.map(Profile::name).into() }
}

pub(super) fn file_kind() -> Listed<Use> {
    Listed { read: value::file_kind, names: Use::ALL.map(Use::name).into() }
}

pub(super) fn certificate_use() -> Listed<CertificateUse> {
    Listed { read: value::certificate_use, names: CertificateUse::ALL.map(CertificateUse::name).into() }
}

pub(super) fn https_role() -> Listed<Role> {
    let names = Role::ALL.into_iter().filter(|role| role.uses_https()).map(Role::name).collect();
    Listed { read: value::https_role, names }
}

pub(super) fn engine() -> Listed<EngineId> {
    let names = [EngineId::Rustls, EngineId::Openssl, EngineId::HelloReader].map(EngineId::name).into();
    Listed { read: value::engine, names }
}
