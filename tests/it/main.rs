//! Everything that is tested from outside: the library by its public interface, the program as a user runs it.

mod reports; // the documents: their schema, and every format over one fixed example
