//! What if the program itself is at fault? One line that says where, without the data it happened on, and exit code 70.

use crate::cli::exit;
use crate::cli::io::printer::Printer;
use std::panic::{self, AssertUnwindSafe};

/// Runs the program. A panic anywhere in it becomes an internal error; its message is not shown, since it may hold
/// what must not be seen.
pub(crate) fn catch(run: impl FnOnce() -> u8) -> u8 {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        Printer::of_process().tell(&format!("rtc-doctor: internal error at {place}; please report this line"));
    }));
    // Nothing of what `run` holds is looked at after a panic.
    panic::catch_unwind(AssertUnwindSafe(run)).unwrap_or(exit::INTERNAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_the_program_is_an_exit_code_and_no_crash() {
        let ended = catch(|| panic!("what it happened on"));
        assert_eq!(ended, exit::INTERNAL);
        assert_eq!(catch(|| 3), 3);
        // Other tests of this process have the usual hook again.
        drop(panic::take_hook());
    }
}
