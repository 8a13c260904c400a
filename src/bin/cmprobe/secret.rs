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
            let bytes = files::read_password(path)
                .map_err(|why| format!("cannot be opened: the password's file {}: {why}", path.display()))?;
            let text = text::decode(&bytes)
                .map_err(|why| format!("cannot be opened: the password's file {}: {why}", path.display()))?;
            let text = Zeroizing::new(text.into_owned());
            let line = text.lines().next().unwrap_or_default();
            let line = line.strip_suffix('\r').unwrap_or(line);
            // Nothing at all is the empty password; what stands further down is none.
            if line.is_empty() && !text.trim().is_empty() {
                return Err(format!(
                    "cannot be opened: the password's file {} has an empty first line, and the password stands in that line",
                    path.display()
                ));
            }
            if line.contains('\0') {
                return Err(format!(
                    "cannot be opened: the password's file {} holds a NUL character in its first line, as no password does; \
                     save the password as text",
                    path.display()
                ));
            }
            Ok(Zeroizing::new(line.to_owned()))
        }
        SecretSource::Prompt => ask(client),
    }
}

/// What is odd about a password that does not open its file; nothing of it is told. `None`: nothing, or it is not from a file.
pub(crate) fn odd(source: &SecretSource, secret: &str) -> Option<String> {
    let SecretSource::File(path) = source else { return None };
    let is_quote = |c: char| matches!(c, '"' | '\'');
    if secret.is_empty() {
        return Some(format!("the password's file {} is empty", path.display()));
    }
    if secret.trim() != secret {
        return Some(
            "the first line of the password's file begins or ends with white space, which counts (cmd's `echo` writes a \
             space that stands before `>`)"
                .into(),
        );
    }
    let quoted = secret.len() > 1 && secret.starts_with(is_quote) && secret.ends_with(is_quote);
    quoted.then(|| "the first line of the password's file stands in quotes, which count".into())
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
    let guarded = guard::Guarded::begin();
    let asked = rpassword::prompt_password(format!("Password of client {}: ", cmprobe::report::escape(client)));
    drop(guarded);
    asked.map(Zeroizing::new).map_err(|error| format!("cannot be opened: its password could not be asked for: {error}"))
}

/// Whoever ends the program at a prompt gets the terminal back as it was.
#[cfg(unix)]
pub(crate) mod guard {
    use std::io::stdin;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::{Mutex, Once, PoisonError, mpsc};

    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
    use tokio::signal::unix::{SignalKind, signal};

    /// The terminal as it was before the prompt that is open; `None`: none is.
    static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);
    /// Whether somebody else ends the program when it is to end.
    static ENDED_ELSEWHERE: AtomicBool = AtomicBool::new(false);
    static WATCH: Once = Once::new();

    /// An open prompt.
    pub(crate) struct Guarded;

    impl Guarded {
        pub(crate) fn begin() -> Self {
            *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = tcgetattr(stdin()).ok();
            WATCH.call_once(watch);
            Self
        }
    }

    impl Drop for Guarded {
        fn drop(&mut self) {
            *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }

    /// A run that ends itself when it is to end has begun.
    pub(crate) fn ended_elsewhere() {
        ENDED_ELSEWHERE.store(true, Ordering::Relaxed);
    }

    /// Waits, beside everything else, for the wish to end the program; returns when it would be heard.
    fn watch() {
        let (ready, heard) = mpsc::channel();
        std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            runtime.block_on(async {
                let wanted =
                    [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup(), SignalKind::quit()];
                let [Ok(mut interrupt), Ok(mut terminate), Ok(mut hang_up), Ok(mut quit)] = wanted.map(signal) else {
                    return;
                };
                let _ = ready.send(());
                loop {
                    tokio::select! {
                        _ = interrupt.recv() => {},
                        _ = terminate.recv() => {},
                        _ = hang_up.recv() => {},
                        _ = quit.recv() => {},
                    }
                    end();
                }
            });
        });
        // Without a listener the channel closes, and the prompt is as it would be anyway.
        let _ = heard.recv();
    }

    fn end() {
        let before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(before) = &before {
            let _ = tcsetattr(stdin(), OptionalActions::Now, before);
        }
        if before.is_some() || !ENDED_ELSEWHERE.load(Ordering::Relaxed) {
            std::process::exit(130);
        }
    }
}

/// Nothing is to be given back.
#[cfg(not(unix))]
pub(crate) mod guard {
    pub(crate) struct Guarded;

    impl Guarded {
        pub(crate) fn begin() -> Self {
            Self
        }
    }

    pub(crate) fn ended_elsewhere() {}
}
