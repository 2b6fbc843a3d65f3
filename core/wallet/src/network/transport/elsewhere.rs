//! Name look-up for requests that must not reach this device: the owner of any name may point it at
//! loopback.

use std::io::Result as IoResult;
use std::net::{SocketAddr, ToSocketAddrs as _};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::network::address;

/// How a name is looked up: by the system, or by a test's function.
pub(super) type LookUp = fn(&str) -> IoResult<Vec<SocketAddr>>;

/// Looks a name up by the system. It blocks on the network.
pub(super) fn by_the_system(name: &str) -> IoResult<Vec<SocketAddr>> {
    Ok((name, 0).to_socket_addrs()?.collect())
}

/// A resolver that leaves out each address of this device. Names that stand for this device (RFC
/// 6761, section 6.3) are exempt: they were checked as names.
pub(super) struct Elsewhere(pub(super) LookUp);

/// All addresses of a name belong to this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name leads to this device")]
pub(super) struct LeadsHere;

impl Resolve for Elsewhere {
    fn resolve(&self, name: Name) -> Resolving {
        let look_up = self.0;
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let stands_for_it = address::is_name_of_this_device(&name);
            let found = tokio::task::spawn_blocking(move || look_up(&name)).await??;
            let is_meant =
                |found: &SocketAddr| stands_for_it || !address::is_of_this_device(found.ip());
            let (meant, here): (Vec<_>, Vec<_>) = found.into_iter().partition(is_meant);
            if meant.is_empty() && !here.is_empty() {
                return Err(LeadsHere.into());
            }
            let meant: Addrs = Box::new(meant.into_iter());
            Ok(meant)
        })
    }
}
