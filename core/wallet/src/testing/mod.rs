//! What the tests of issuance and refresh stand on: a scripted server on loopback, and an authority
//! that signs what it is told to.

mod authority;
mod server;

pub(crate) use authority::{Authority, NOW, credential_reply, key, proof, proven_key, time};
pub(crate) use server::{Reply, Request, Server};
