//! What does a file tell of a call that somebody else had? Pure readers, one a format, and the form that all of them
//! give.
//!
//! | file | answers |
//! |---|---|
//! | capture | what does a capture show? |
//! | session | what can any such file know of a call? |
//! | description | what of a session description is kept? |
//! | detect | what is this file? |
//! | wrapping | what was put around it on its way, and what is missing at its end? |
//! | internals | what does a dump of chrome://webrtc-internals tell? |
//! | rtcstats | what do the lines of rtcstats tell, Chrome's and jitsi's? |
//! | firefox_page, firefox_report, firefox_log | what do the page, a report and the log of about:webrtc tell? |
//! | tags | which tags and texts stand in a page? |
//! | ticket | which descriptions and candidates stand in a text? |
//! | getstats | what do statistics tell that a page had saved? |
//! | older, goog | what did browsers before 2021, and their first statistics, call what is told today? |
//! | numbered | what do the numbers of rtcstats-js stand for? |
//! | changes | what did reports say of which only the changes are written? |
//! | unclear | is a connection told in a form that is not known? |
//! | events, reports, values | what does one event, one report of statistics, one value of a browser's say? |
//! | choice | which of its connections matters? |
//! | two_ends | are two files those of one call? |
//! | facts | what was observed, in the words of the house? |
//!
//! A reader keeps what its file says, in that form, and judges nothing. What is secret in a file (passwords, user names
//! and tokens of servers, the page's address) is dropped where it is read. What cannot be read is passed over and
//! counted: half a file tells half of a call.

pub mod capture;
mod changes;
pub mod choice;
pub mod description;
pub mod detect;
mod events;
pub mod facts;
mod firefox_log;
mod firefox_page;
mod firefox_report;
mod getstats;
mod goog;
mod internals;
mod numbered;
mod older;
mod reports;
mod rtcstats;
pub mod session;
mod tags;
#[cfg(test)]
mod tests;
mod ticket;
pub mod two_ends;
mod unclear;
mod values;
mod wrapping;
