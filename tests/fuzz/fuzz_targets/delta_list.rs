//! Runs one function of the library on bytes the fuzzer makes up.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    cmprobe_fuzz::delta_list(bytes);
});
