//! An authority from outside: its commands in a home folder, and its server on a loopback port.

#[cfg(test)]
mod commands;
#[cfg(test)]
mod common;
#[cfg(test)]
mod debug;
#[cfg(test)]
mod decisions;
#[cfg(test)]
mod devices;
#[cfg(test)]
mod edits;
#[cfg(test)]
mod issuance;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod public;
#[cfg(test)]
mod recovery;
