//! The office: its listener, its users and its audit.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use vidimus_authority::Role;

/// The second listener of `vidimus authority serve`.
#[derive(Args, Debug, Default)]
pub(crate) struct OfficeArguments {
    /// Serve the office too, its pages and its API: plain http on loopback, elsewhere with TLS
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) office: Option<SocketAddr>,
    /// A name by which browsers and programs reach the office, with its port where it is another
    #[arg(long, value_name = "HOST[:PORT]", requires = "office")]
    pub(crate) office_name: Vec<String>,
    /// The office's certificate and those up to its root, in PEM
    #[arg(long, value_name = "FILE", requires_all = ["office", "tls_key"])]
    pub(crate) tls_cert: Option<PathBuf>,
    /// The private key of the certificate, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Authorities whose client certificates stand for users, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) client_ca: Option<PathBuf>,
}

/// The arguments of `vidimus authority user`.
#[derive(Debug, Subcommand)]
pub(crate) enum UserAction {
    /// Add a user, and print the code with which they set up their sign-in
    #[command(after_help = "\
Roles: clerk (add, edit, offer, letter, photos), officer (unresolved), judge (suspend, lift), chief
(revoke with another chief; users, readers, settings), auditor (reads, audit), system (decides, but for
what is final). A chief is made here alone. The user opens /set-up on the office's pages with the code.

With --json: {\"user\", \"id\", \"roles\", \"set_up_code\", \"expires\"}.")]
    Add {
        /// Small letters a to z, digits, and . - _ in between
        name: String,
        /// What the user may do; may be given several times
        #[arg(long, value_name = "ROLE", required = true, value_parser = role)]
        role: Vec<Role>,
    },
    /// The users, their roles and tokens
    List,
    /// Give a user other roles
    Roles {
        /// The user's name, as `user list` prints it
        name: String,
        /// What the user may do from now on; may be given several times
        #[arg(long, value_name = "ROLE", required = true, value_parser = role)]
        role: Vec<Role>,
    },
    /// End a user's sessions and refuse their tokens from now on
    Disable {
        /// The user's name, as `user list` prints it
        name: String,
    },
    /// Let a disabled user in again
    Enable {
        /// The user's name, as `user list` prints it
        name: String,
    },
    /// Print a code with which a user sets up passphrase and one-time codes anew
    SetUp {
        /// The user's name, as `user list` prints it
        name: String,
    },
    /// Print a bearer token of a user, for a program; it is shown once
    Token {
        /// The user's name, as `user list` prints it
        name: String,
        /// Which program it is for
        #[arg(long, value_name = "TEXT", default_value = "command line")]
        label: String,
    },
    /// End a bearer token
    RevokeToken {
        /// The user's name, as `user list` prints it
        name: String,
        /// The token's number, as `user list` prints it
        token: i64,
    },
    /// Let a client certificate stand for a user
    #[command(group = ArgGroup::new("which").required(true).args(["sha256", "none"]))]
    Certificate {
        /// The user's name, as `user list` prints it
        name: String,
        /// SHA-256 of the certificate, as `openssl x509 -noout -fingerprint -sha256` prints it
        #[arg(long, value_name = "HEX")]
        sha256: Option<String>,
        /// Take the user's certificate away
        #[arg(long)]
        none: bool,
    },
}

/// The arguments of `vidimus authority audit`.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditAction {
    /// Print the audit as lines, with a signature at the end
    Export {
        /// The first event's number; left out, the very first
        #[arg(long, value_name = "N", default_value_t = 1)]
        from: i64,
    },
    /// Check an export: no line was removed, changed or put elsewhere
    #[command(after_help = "\
The key is audit.cose beside root.cose: keep a copy of it away from the authority. To see that nothing is
missing between two exports, compare the `before` of the later one with the `chain` of the earlier one.

With --json: {\"authority\", \"first\", \"last\", \"before\", \"chain\", \"unsealed\", \"exported_at\"}.")]
    Verify {
        /// The export; `-` reads it from standard input
        file: PathBuf,
        /// The public key of the audit; left out, HOME/audit.cose
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// Write the public key of the audit to HOME/audit.cose, and print its id
    Key,
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_name(text).ok_or_else(|| {
        let names = Role::ALL.map(Role::name).join(", ");
        format!("a role is one of {names}")
    })
}
