//! The office as plain values and rules: its roles, its calls, and the lines of its audit.
//!
//! Nothing here reads a clock, a database or a file. [`crate::register::office`] is the port to
//! what is kept, and `http/office` is how people and programs reach it.

mod audit;
mod author;
mod calls;
mod fault;
mod roles;

pub(crate) use audit::{AuditEvent, Begin, Chain, START, end, line_of, next_chain, sealed};
pub use audit::{AuditFault, Checked, check_audit};
pub(crate) use author::By;
pub(crate) use calls::{Call, Method, Row, TABLE};
pub use fault::OfficeFault;
pub use roles::{Role, Roles};
