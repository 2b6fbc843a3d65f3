//! Questions to a verifier, and the verdicts that the profile gives.

mod accepted;
mod forged;
mod held;
mod licenses;
mod malformed;
mod retired;
mod sources;
mod staples;
mod times;
mod trust_lists;
mod unusable;

pub(super) use licenses::{changed, codes, issued_in_auckland, longest_name, shared_rows};
pub(super) use malformed::{filled, of_length};

use super::case::{Case, World};

/// Every case, in the order of the index.
pub(super) fn all(world: &World) -> Vec<Case> {
    [
        accepted::accepted(world),
        malformed::malformed(world),
        forged::forged(world),
        times::times(world),
        licenses::licenses(world),
        staples::staples(world),
        unusable::unusable(world),
        sources::sources(world),
        trust_lists::trust_lists(world),
        retired::retired(world),
        held::held(world),
    ]
    .into_iter()
    .flatten()
    .collect()
}
