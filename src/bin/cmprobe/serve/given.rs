//! What `check` would have been given, had it been asked for what the exporter does.

use crate::args::{CheckArgs, OutputArgs, ProbeArgs, ServeArgs};

/// The arguments of a `check` of this, with what the exporter was given.
pub(super) fn check_args(args: &ServeArgs, what: String, output: OutputArgs) -> CheckArgs {
    CheckArgs {
        discover: false,
        what: vec![what],
        list: None,
        narrow: args.narrow.clone(),
        offer: args.offer.clone(),
        probe: ProbeArgs { way: args.way.clone(), ..ProbeArgs::default() },
        limits: args.limits.clone(),
        expect: Vec::new(),
        judging: args.judging(),
        output,
        save: None,
    }
}
