#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rtc_doctor_fuzz::targets::source(data));
