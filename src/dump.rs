//! What does a file tell of a call that somebody else had? Pure readers, one a format, and the form that all of them
//! give.
//!
//! | file | answers |
//! |---|---|
//! | session | what can any such file know of a call? |
//! | description | what of a session description is kept? |
//!
//! A reader keeps what its file says, in that form, and judges nothing. What is secret in a file (passwords, user names
//! and tokens of servers, the page's address) is dropped where it is read. What cannot be read is passed over and
//! counted: half a file tells half of a call.

pub mod description;
pub mod session;
