//! The program, run as a user runs it, in an environment that says nothing of the machine the tests run on.

use assert_cmd::Command;

/// The program with its arguments.
pub(crate) fn cmprobe(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cmprobe"));
    command.args(args).env_clear().timeout(std::time::Duration::from_secs(120));
    command
}

/// What it printed, what it complained of, and its exit code.
pub(crate) fn run(args: &[&str]) -> (String, String, i32) {
    let output = cmprobe(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap_or(-1))
}
