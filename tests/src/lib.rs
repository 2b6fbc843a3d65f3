//! What the end-to-end tests share: the vectors of `tests/vectors/`.

pub mod vectors;
