//! For the tests of issuance and refresh: a scripted server on loopback, and an authority that
//! signs what a test asks for.

mod authority;
#[cfg(unix)]
mod disk;
mod phone;
mod register;
mod server;
mod sign_ins;
mod tls;

pub(crate) use authority::{
    Authority, Listed, NOW, credential_reply, jwt, key, proof, proven_key, time, trust_entry,
};
#[cfg(unix)]
pub(crate) use disk::{ReadOnlyDisk, SmallDisk};
pub(crate) use phone::Phone;
pub(crate) use register::{Offered, Register};
pub(crate) use server::{Reply, Request, Server};
pub(crate) use sign_ins::{Browser, Review, form_of};
pub(crate) use tls::{Certificate, TLS_ROOT, TlsFront};
