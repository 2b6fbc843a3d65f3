//! Two sides of a ratio, measured in turns.

use std::time::Instant;

/// Measures both sides alternately and prints their medians: on a busy machine, a ratio of 1.1
/// would be lost in the noise if one were measured after the other.
pub(crate) fn side_by_side(
    name: &str,
    rounds: usize,
    mut ours: impl FnMut(),
    mut limit: impl FnMut(),
) {
    let time = |work: &mut dyn FnMut()| {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        times[0].push(time(&mut ours));
        times[1].push(time(&mut limit));
    }
    let [ours, limit] = times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1e6
    });
    println!("measure: {name} | {ours:.1} | {limit:.1} | us");
}
