//! What does not fit the roadside code: how many bytes too many, and which field to shorten.

use vidimus_credential::sd_cwt::{LicensePart, Measure};

use super::{FormError, FormFault};

/// A name that has this many bytes more than must go is still a name afterwards.
const LEFT_OF_A_NAME: usize = 24;

/// What to tell a clerk whose license is too long; `None` where it fits.
///
/// Measure the longest credential that the license can ever need: the longest status `uri`, a P-256
/// holder key.
#[must_use]
pub fn too_much(measure: &Measure) -> Option<FormError> {
    let excess = measure.excess();
    if excess == 0 {
        return None;
    }
    let of = |part| {
        let mut parts = measure.parts().into_iter();
        let found = parts.find(|(name, _)| *name == part);
        found.map_or(0, |(_, bytes)| bytes)
    };
    let family_name = of(LicensePart::FamilyName);
    let given_names = of(LicensePart::GivenNames);
    Some(FormError {
        field: to_shorten(family_name, given_names, excess).to_owned(),
        fault: FormFault::TooMuch {
            excess,
            family_name,
            given_names,
            license_number: of(LicensePart::LicenseNumber),
            categories: of(LicensePart::Categories),
        },
    })
}

/// A name can be shortened by a clerk, categories are what a court or an examiner gave: so a name,
/// as long as enough of it stays.
fn to_shorten(family_name: usize, given_names: usize, excess: usize) -> &'static str {
    let longest = family_name.max(given_names);
    if longest < excess + LEFT_OF_A_NAME {
        "categories"
    } else if given_names == longest {
        "given_names"
    } else {
        "family_name"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_name_is_shortened_while_enough_of_it_stays() {
        for (family_name, given_names, excess, field) in [
            (66, 66, 10, "given_names"),
            (66, 30, 10, "family_name"),
            (66, 66, 42, "given_names"),
            (66, 66, 43, "categories"),
            (8, 7, 1, "categories"),
        ] {
            assert_eq!(to_shorten(family_name, given_names, excess), field);
        }
    }
}
