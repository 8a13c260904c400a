//! `completions` and `man`: shells load the completions and offer what they should, and troff sets every page of the manual
//! without a complaint.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::run;

/// Runs a script in a shell that reads nobody's settings; what it printed. A complaint fails the test.
fn shell(program: &str, args: &[&str], script: &str) -> String {
    let output = Command::new(program)
        .args(args)
        .args(["-c", script])
        .env("TERM", "dumb")
        .env("HOME", "/nonexistent")
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && complaints.is_empty(), "{program}: {complaints}");
    String::from_utf8(output.stdout).unwrap()
}

/// The completions of a shell, in a file.
fn script(folder: &Path, shell: &str) -> String {
    let (script, complaints, code) = run(&["completions", shell]);
    assert_eq!((complaints.as_str(), code), ("", 0), "{shell}");
    let path = folder.join(format!("_cmprobe.{shell}"));
    fs::write(&path, script).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn bash_loads_the_completions_and_offers_commands_flags_and_values() {
    let folder = tempfile::tempdir().unwrap();
    let script = script(folder.path(), "bash");
    let offers = |words: &str, at: usize| {
        let ask = format!(
            "source {script}; COMP_WORDS=({words}); COMP_CWORD={at}; _cmprobe cmprobe \"${{COMP_WORDS[{at}]}}\" \
             \"${{COMP_WORDS[{}]}}\"; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            at - 1
        );
        shell("bash", &["--norc", "--noprofile"], &ask)
    };
    assert_eq!(offers("cmprobe chec", 1), "check\n");
    assert_eq!(offers("cmprobe check --pass-", 2), "--pass-env\n--pass-file\n");
    assert_eq!(offers("cmprobe check --revocation s", 3), "soft\n");
    assert_eq!(offers("cmprobe explain --mat", 2), "--matrix\n");
}

#[test]
fn zsh_and_fish_load_the_completions() {
    let folder = tempfile::tempdir().unwrap();
    let zsh = script(folder.path(), "zsh");
    let told = shell(
        "zsh",
        &["-f"],
        &format!("autoload -U compinit && compinit -D && source {zsh} && print $_comps[cmprobe]"),
    );
    assert_eq!(told, "_cmprobe\n");
    let fish = script(folder.path(), "fish");
    let told = shell("fish", &["--no-config"], &format!("source {fish}; complete -C 'cmprobe chec'"));
    assert!(told.starts_with("check\tResolves, connects"), "{told}");
}

#[test]
fn other_shells_have_theirs_and_an_unknown_one_is_told_which_there_are() {
    for (shell, begins) in [("powershell", "Register-ArgumentCompleter"), ("elvish", "set edit:completion")] {
        assert!(run(&["completions", shell]).0.contains(begins), "{shell}");
    }
    let (_, complaints, code) = run(&["completions", "tcsh"]);
    assert_eq!(code, 2);
    assert!(complaints.contains("[possible values: bash, elvish, fish, powershell, zsh]"), "{complaints}");
}

/// Sets a page as a terminal of 80 columns shows it; what is complained of fails the test.
fn set(page: &str) -> String {
    use std::io::Write as _;
    let mut troff = Command::new("groff")
        .args(["-man", "-Tutf8", "-ww", "-rLL=80n", "-P-c"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("groff");
    troff.stdin.take().unwrap().write_all(page.as_bytes()).unwrap();
    let output = troff.wait_with_output().unwrap();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && complaints.is_empty(), "{complaints}\n{page}");
    // Bold is a letter struck twice.
    let mut text = String::new();
    for letter in String::from_utf8(output.stdout).unwrap().chars() {
        if letter == '\u{8}' {
            text.pop();
        } else {
            text.push(letter);
        }
    }
    text
}

#[test]
fn the_program_and_every_command_have_a_page_that_is_set_without_a_complaint() {
    let folder = tempfile::tempdir().unwrap();
    let (names, complaints, code) = run(&["man", folder.path().to_str().unwrap()]);
    assert_eq!((complaints.as_str(), code), ("", 0));
    let (help, _, _) = run(&["--help"]);
    let commands = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let commands = commands.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    for command in commands.filter(|command| !command.is_empty() && *command != "help") {
        assert!(names.lines().any(|name| name == format!("cmprobe-{command}.1")), "{command}: {names}");
        let (page, _, code) = run(&["man", command]);
        assert_eq!(code, 0, "{command}");
        assert_eq!(page, fs::read_to_string(folder.path().join(format!("cmprobe-{command}.1"))).unwrap());
        let text = set(&page);
        assert!(text.contains(&format!("cmprobe-{command} - ")), "{text}");
        assert!(text.contains("EXAMPLES") || command == "schema", "{text}");
    }
    let (page, _, code) = run(&["man"]);
    assert_eq!(code, 0);
    assert_eq!(page, fs::read_to_string(folder.path().join("cmprobe.1")).unwrap());
    let text = set(&page);
    for part in ["\nEXAMPLES\n         cmprobe check site.toml  ", "\nEXIT CODES\n", "cmprobe-check(1)"] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}

#[test]
fn what_is_neither_a_command_nor_a_folder_has_no_page() {
    let (out, complaints, code) = run(&["man", "chekc"]);
    assert_eq!((out.as_str(), code), ("", 2));
    assert!(complaints.contains("chekc: neither a command nor a folder"), "{complaints}");
}
