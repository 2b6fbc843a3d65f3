//! The whole run of `docs/legibility.md`: `cargo xtask bench legibility` starts it.
//!
//! Arguments: how many pictures each case has, and the command that starts ZXing, where that is to
//! read too. The tables go to the standard output. `draw FOLDER` draws `legibility.png` there from
//! the table in the folder's `legibility.md`.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measuring program: a fault in it must stop it"
)]

use std::path::Path;
use std::time::Instant;
use vidimus_legibility::{chart, measure, report};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [draw, folder] = &words[..]
        && draw == "draw"
    {
        let folder = Path::new(folder);
        let page = std::fs::read_to_string(folder.join("legibility.md")).unwrap();
        return std::fs::write(folder.join("legibility.png"), chart::png(&page)).unwrap();
    }
    let [pictures, zxing @ ..] = &words[..] else {
        eprintln!("type: cargo xtask bench legibility");
        std::process::exit(64);
    };
    // Pictures that prove a reader wrong are counted, not told of.
    std::panic::set_hook(Box::new(|_| ()));
    let zxing = zxing.join(" ");
    let zxing = (!zxing.is_empty()).then_some(zxing.as_str());
    let cases = measure::whole(pictures.parse().unwrap());
    let begun = Instant::now();
    let outcomes = measure::run(&cases, zxing).unwrap();
    println!("{}", report::whole(&outcomes));
    let seconds = begun.elapsed().as_secs();
    println!("\n{} pictures in {seconds} s", outcomes.len());
}
