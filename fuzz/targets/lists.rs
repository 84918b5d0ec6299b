#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| satback::fuzz::lists(data));
