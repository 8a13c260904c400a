//! What can be written on the command line.

use clap::{ColorChoice, Parser, Subcommand, ValueEnum};

use crate::exit;

/// Verifies, from where clients stand, that a Configuration Manager site's HTTPS endpoints are what Microsoft's documents
/// demand.
#[derive(Debug, Parser)]
#[command(name = "cmprobe", version, after_help = exit::TABLE, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Args {
    /// When to use colour; NO_COLOR is honoured
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Display")]
    pub(crate) color: ColorChoice,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Explain(ExplainArgs),
    Schema(SchemaArgs),
}

/// Says what a requirement asks, why, who is hurt, and what to do; without an id, lists them all
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  cmprobe explain
  cmprobe explain web-server
  cmprobe explain web-server/server-auth-eku
  cmprobe explain --format json")]
pub(crate) struct ExplainArgs {
    /// A requirement's id (`web-server/server-auth-eku`), or a subject (`web-server`)
    pub(crate) id: Option<String>,
    /// How to write it
    #[arg(short, long, value_enum, default_value_t = ExplainFormat::Text)]
    pub(crate) format: ExplainFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// The table of the README
    Markdown,
}

/// Prints the JSON Schema of what cmprobe writes and reads
#[derive(Debug, clap::Args)]
pub(crate) struct SchemaArgs {
    /// Of what
    #[arg(value_enum, default_value_t = SchemaOf::Report)]
    pub(crate) of: SchemaOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// `check --format json`; the lines of `jsonl` are its `#/$defs/Line`
    Report,
    /// A line of what `check --save` writes
    Observation,
}
