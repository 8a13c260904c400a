//! Secrets: from the environment, a file, or the terminal; never from the command line, never shown, wiped after use.

use std::io::IsTerminal;

use cmprobe::site::SecretSource;
use cmprobe::wire::text;
use zeroize::Zeroizing;

use crate::files;

/// The secret that opens a client's identity.
///
/// # Errors
/// Why it cannot be had; never with a part of it.
pub(crate) fn secret(source: &SecretSource, client: &str) -> Result<Zeroizing<String>, String> {
    match source {
        SecretSource::Environment(name) => match std::env::var(name) {
            Ok(secret) => Ok(Zeroizing::new(secret)),
            // What is no variable's name may be the password itself.
            Err(std::env::VarError::NotPresent) if !is_variable(name) => {
                Err("cannot be opened: what is given is no environment variable's name; give the name, never its value"
                    .into())
            }
            Err(std::env::VarError::NotPresent) => {
                Err(format!("cannot be opened: the environment variable {name} is not set"))
            }
            Err(std::env::VarError::NotUnicode(_)) => {
                Err(format!("cannot be opened: the environment variable {name} is not UTF-8 text"))
            }
        },
        SecretSource::File(path) => {
            let bytes = files::read_secret(path)
                .map_err(|why| format!("cannot be opened: the password's file {} {why}", path.display()))?;
            let text = text::decode(&bytes)
                .map_err(|why| format!("cannot be opened: the password's file {} {why}", path.display()))?;
            let text = Zeroizing::new(text.into_owned());
            let line = text.lines().next().unwrap_or_default();
            Ok(Zeroizing::new(line.to_owned()))
        }
        SecretSource::Prompt => ask(client),
    }
}

/// Whether a text is what environment variables are called.
fn is_variable(text: &str) -> bool {
    !text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether somebody can be asked.
pub(crate) fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks at the terminal, without showing what is typed.
///
/// # Errors
/// Nobody is there to be asked.
pub(crate) fn ask(client: &str) -> Result<Zeroizing<String>, String> {
    if !can_ask() {
        return Err("cannot be opened: its password is to be asked for, and there is no terminal to ask at".into());
    }
    rpassword::prompt_password(format!("Password of client {}: ", cmprobe::report::escape(client)))
        .map(Zeroizing::new)
        .map_err(|error| format!("cannot be opened: its password could not be asked for: {error}"))
}
