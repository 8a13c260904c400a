//! Codes that administrators meet in logs, in any spelling, and the causes and requirements they lead to: errors of
//! WinHTTP, CryptoAPI, Schannel, Windows Update and Configuration Manager, sub-statuses of IIS, alerts of TLS, events.

mod client;
mod declare;
mod server;
mod spelling;
#[cfg(test)]
mod tests;
mod windows;

use std::fmt;
use std::sync::LazyLock;

use super::catalogue::CAUSES;
use super::{Cause, Symptom};

/// A code.
#[derive(Debug)]
pub struct Code {
    /// What tells it from others.
    pub number: Number,
    /// Its name; empty: it has none.
    pub name: &'static str,
    /// What it says, in a sentence.
    pub meaning: &'static str,
    /// The symptoms it is a sign of: every cause with one of them comes into question.
    pub symptoms: &'static [&'static Symptom],
    /// The causes to think of first.
    pub causes: &'static [&'static Cause],
    /// What else to look at. Empty: the causes say it.
    pub look: &'static str,
}

/// What tells a code from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// An error of Windows or of WinHTTP; as a result it is 0x80070000 and itself.
    Windows(u16),
    /// A result (HRESULT).
    Result(u32),
    /// A bit of the flags with which WinHTTP tells what is wrong with a certificate.
    Flag(u32),
    /// An HTTP status, and IIS's sub-status.
    Status(u16, Option<u8>),
    /// An alert of TLS.
    Alert(u8),
    /// An event of Windows' event log, and its source.
    Event(&'static str, u32),
    /// It has a name only.
    Word,
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Windows(number) => write!(f, "{number} (0x{:08X})", spelling::result_of(*number)),
            Self::Result(result) => write!(f, "0x{result:08X}"),
            Self::Flag(flag) => write!(f, "0x{flag:X}"),
            Self::Status(status, None) => write!(f, "{status}"),
            Self::Status(status, Some(sub)) => write!(f, "{status}.{sub}"),
            Self::Alert(alert) => write!(f, "alert {alert}"),
            Self::Event(source, id) => write!(f, "{source} {id}"),
            Self::Word => Ok(()),
        }
    }
}

impl Number {
    /// How it is mostly written, each way by itself.
    pub fn spellings(&self) -> Vec<String> {
        match self {
            Self::Windows(number) => vec![number.to_string(), format!("0x{:08X}", spelling::result_of(*number))],
            Self::Result(_) | Self::Flag(_) | Self::Status(..) | Self::Alert(_) | Self::Event(..) => {
                vec![self.to_string()]
            }
            Self::Word => Vec::new(),
        }
    }
}

impl Code {
    /// How it is written elsewhere too: as a signed and an unsigned decimal.
    pub fn other_spellings(&self) -> Vec<String> {
        let result = match self.number {
            Number::Windows(number) => spelling::result_of(number),
            Number::Result(result) => result,
            Number::Flag(_) | Number::Status(..) | Number::Alert(_) | Number::Event(..) | Number::Word => {
                return Vec::new();
            }
        };
        vec![result.to_string(), result.cast_signed().to_string()]
    }

    /// Every cause it leads to: those to think of first, then those that show by one of its symptoms.
    pub fn leads_to(&self) -> Vec<&'static Cause> {
        let by_symptom = CAUSES
            .iter()
            .copied()
            .filter(|cause| cause.symptoms.iter().any(|of| self.symptoms.iter().any(|symptom| symptom.key == of.key)));
        let mut causes: Vec<&'static Cause> = Vec::new();
        for cause in self.causes.iter().copied().chain(by_symptom) {
            if !causes.contains(&cause) {
                causes.push(cause);
            }
        }
        causes
    }

    /// The requirements to look at, as patterns: its symptoms' first, then those of the causes to think of first.
    pub fn rows(&self) -> Vec<&'static str> {
        let mut rows: Vec<&'static str> = Vec::new();
        let of_symptoms = self.symptoms.iter().flat_map(|symptom| symptom.rows);
        for row in of_symptoms.chain(self.causes.iter().flat_map(|cause| cause.rows)) {
            if !rows.contains(row) {
                rows.push(row);
            }
        }
        rows
    }
}

/// Every code, in the order in which lists show them.
pub static CODES: LazyLock<Vec<&'static Code>> = LazyLock::new(|| {
    [client::WINHTTP, client::FLAGS, windows::RESULTS, windows::ALERTS, client::MANAGER, client::UPDATE]
        .into_iter()
        .chain([server::STATUSES, server::EVENTS])
        .flatten()
        .collect()
});

/// The codes a text means: one, the several that a spelling stands for, or all those a line of a log names. Empty: none
/// that is known.
pub fn find(text: &str) -> Vec<&'static Code> {
    spelling::read(text)
}

/// The codes that lead to a cause first of all.
pub fn of_cause(cause: &Cause) -> impl Iterator<Item = &'static Code> {
    CODES.iter().copied().filter(move |code| code.causes.contains(&cause))
}
