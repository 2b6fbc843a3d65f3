//! The tests that provoke faults, in their long form. `cargo xtask test` runs the same tests in a
//! short one.

use crate::shell::{cargo, succeeds};
use crate::trial::Trial;

/// What is done to the programs; the variable and the value that make it long; the folder of the
/// crate, and the test.
const LONG: [(&str, &str, &str, &str, &str); 3] = [
    (
        "serve killed at random instants under enrolling wallets and a deciding clerk",
        "VIDIMUS_KILLS",
        "200",
        "cli",
        "kills",
    ),
    (
        "each file call of each command failing once",
        "VIDIMUS_FAILING_CALLS",
        "all",
        "cli",
        "failing_calls",
    ),
    (
        "connections cut at random bytes",
        "VIDIMUS_CUTS",
        "500",
        "tests",
        "nothing_lost",
    ),
];

/// `cargo xtask torture`.
pub(crate) fn command() -> bool {
    let trials: Vec<Trial> = LONG
        .iter()
        .map(|(what, variable, value, _, test)| {
            let command =
                format!("{variable}={value} cargo test --workspace --all-features --test {test}");
            Trial::of(&format!("{what}: {command}"), || {
                let test =
                    format!("test --quiet --locked --workspace --all-features --test {test}");
                if succeeds(cargo(&test).env(variable, value)) {
                    Ok(())
                } else {
                    Err("it failed; what it said stands above".to_owned())
                }
            })
        })
        .collect();
    Trial::print(&trials, "torture")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folders::root;
    use std::fs;

    #[test]
    fn each_test_reads_the_variable_that_makes_it_long() {
        for (_, variable, _, folder, test) in LONG {
            let file = root().join(folder).join("tests").join(format!("{test}.rs"));
            let text = fs::read_to_string(&file).unwrap();
            assert!(
                text.contains(&format!("\"{variable}\"")),
                "{variable} in {}",
                file.display()
            );
        }
    }
}
