//! The flags of `completions` and `man`: what is made once, where the program is installed.

use clap_complete::Shell;

/// Prints the completions of a shell: commands, flags, their values
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cmprobe completions bash > /etc/bash_completion.d/cmprobe
  cmprobe completions zsh > /usr/local/share/zsh/site-functions/_cmprobe
  cmprobe completions fish > ~/.config/fish/completions/cmprobe.fish
  cmprobe completions powershell >> $PROFILE")]
pub(crate) struct CompletionsArgs {
    /// Of which shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// Prints a page of the manual, or writes all of them into a folder
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cmprobe man | man -l -
  cmprobe man check | man -l -
  cmprobe man /usr/local/share/man/man1")]
pub(crate) struct ManArgs {
    /// The command whose page to print, or the folder to write a page for each command into [default: the program's page,
    /// printed]
    #[arg(value_name = "COMMAND|DIR")]
    pub(crate) what: Option<String>,
}
