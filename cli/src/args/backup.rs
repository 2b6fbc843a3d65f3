//! The arguments of `vidimus authority backup|restore|reconcile`.

use std::path::PathBuf;

use clap::Args;

/// The arguments of `vidimus authority backup`.
#[derive(Args, Debug)]
pub(crate) struct BackupArguments {
    /// An empty folder, or one to make; readable by its owner alone
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// Leave the private keys out: keep them elsewhere then
    #[arg(long)]
    pub(crate) without_keys: bool,
}

/// The arguments of `vidimus authority restore`.
#[derive(Args, Debug)]
pub(crate) struct RestoreArguments {
    /// A folder that `backup` made, or a copy of a home
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
    /// The lost home's issued.log, where it was saved elsewhere
    #[arg(long, value_name = "FILE")]
    pub(crate) issued: Option<PathBuf>,
}

/// The arguments of `vidimus authority reconcile`.
#[derive(Args, Debug)]
pub(crate) struct ReconcileArguments {
    /// A head that was kept elsewhere, or the URL of one: then the lists beside it are fetched too
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) head: Option<String>,
    /// A copy of the home's folder `public`, its `head` copied first; may be given more than once
    #[arg(long, value_name = "DIR")]
    pub(crate) published: Vec<PathBuf>,
    /// Go on where published lists, or the newest of them, are nowhere to be found: what was
    /// decided is lost
    #[arg(long)]
    pub(crate) without_lists: bool,
    /// Refuse the license of this id, which was registered after the backup and is not in the
    /// register
    #[arg(long, value_name = "ID", conflicts_with_all = ["head", "published", "without_lists"])]
    pub(crate) refuse: Option<String>,
}
