//! How a device ends, and when an end takes the place of an earlier one.

use super::standing::Standing;

/// Whether ending a device as `asked` changes anything of one that has ended as `stored` (`None`:
/// by itself, when nothing of it was good any more). A phone that was replaced can turn out to be
/// stolen; the other way round nothing gets better.
pub(crate) fn ends_worse(stored: Option<Standing>, asked: Standing) -> bool {
    asked == Standing::Revoked && stored != Some(Standing::Revoked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_revoked_takes_the_place_of_an_earlier_end() {
        use Standing::{Revoked, Superseded};
        assert!(ends_worse(Some(Superseded), Revoked));
        assert!(ends_worse(None, Revoked));
        assert!(!ends_worse(Some(Revoked), Revoked));
        for stored in [None, Some(Superseded), Some(Revoked)] {
            assert!(!ends_worse(stored, Superseded));
        }
    }
}
