//! Everything that is tested from outside: the library by its public interface, the program as a user runs it.

mod bad_input; // whatever can be wrong with what is given: told clearly, exit 2, nothing probed
mod check; // `check` and `assess` over a small site: reports, exit codes, saved observations
mod definitions; // definitions: every fault with its message, every starter with its plan
mod demo; // the simulated site, healthy and with every fault, under the real prober
mod explain; // `explain` and `schema`: pages, lists, suggestions, and that what is printed is valid
mod plan; // `plan`: told without the network, and what `check` then does
mod program; // running the program, for the other modules
mod readme; // what the README shows: its table, its definition
mod reports; // the documents: their schema, and every format over one fixed example
mod small_site; // a management point on loopback with its definition, for the other modules
mod tidy; // the house rules: who may name whom, where the outside world is touched, what a file may be
