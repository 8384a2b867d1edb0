#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rtc_doctor_fuzz::targets::dump(data));
libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    rtc_doctor_fuzz::json::mutate(data, size, most, seed)
});
