//! What an edit changes: whether it takes something from the driver, which must not wait forever.

use std::collections::BTreeMap;

use vidimus_credential::License;

/// An old credential is superseded this long after the wallet acknowledged the new one, in seconds:
/// an hour, in which the new one's status reaches the phone.
pub(crate) const AFTER_ACKNOWLEDGEMENT: i64 = 3_600;
/// After an edit that took something away the old credentials are superseded this long after it, in
/// seconds, whether a wallet acknowledged or not: a day.
pub(crate) const AFTER_TAKING_AWAY: i64 = 86_400;

/// When a credential of an older content becomes Superseded.
///
/// `taken_away`: when an edit since that content took something away. `acknowledged`: when the same
/// device's wallet acknowledged a newer content. `None`: it runs out by itself.
pub(crate) fn supersede_at(taken_away: Option<i64>, acknowledged: Option<i64>) -> Option<i64> {
    let taken_away = taken_away.map(|at| at.saturating_add(AFTER_TAKING_AWAY));
    let acknowledged = acknowledged.map(|at| at.saturating_add(AFTER_ACKNOWLEDGEMENT));
    match (taken_away, acknowledged) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Whether the new content allows less than the old one: a category is gone, a date of the license
/// or of a category leaves fewer days, or a restriction is new.
pub(crate) fn takes_away(old: &License, new: &License) -> bool {
    let began = |license: &License| license.issue_date().start_at(license.utc_offset());
    if began(new) > began(old) || ends_earlier(end_of(old), end_of(new)) {
        return true;
    }
    let new_rows = rows(new);
    rows(old).into_iter().any(|(code, old_rows)| {
        let Some(new_rows) = new_rows.get(code) else {
            return true;
        };
        // Each old right must be covered by one of the new rows.
        !old_rows
            .iter()
            .all(|old| new_rows.iter().any(|new| covers(new, old)))
    })
}

/// What one row of the license allows for one code. Times are seconds, at the seat of the
/// authority.
struct Row<'a> {
    from: Option<i64>,
    until: Option<i64>,
    restrictions: &'a [String],
}

fn rows(license: &License) -> BTreeMap<&str, Vec<Row<'_>>> {
    let offset = license.utc_offset();
    let mut rows: BTreeMap<&str, Vec<Row<'_>>> = BTreeMap::new();
    for (code, category) in license.codes() {
        rows.entry(code).or_default().push(Row {
            from: category.from().map(|day| day.start_at(offset)),
            until: category.until().map(|day| day.end_at(offset)),
            restrictions: category.restrictions(),
        });
    }
    rows
}

fn covers(new: &Row<'_>, old: &Row<'_>) -> bool {
    let begins_later = match (old.from, new.from) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(old), Some(new)) => new > old,
    };
    let restricted = new
        .restrictions
        .iter()
        .any(|restriction| !old.restrictions.contains(restriction));
    !begins_later && !ends_earlier(old.until, new.until) && !restricted
}

fn end_of(license: &License) -> Option<i64> {
    let last = license.expiry_date()?;
    Some(last.end_at(license.utc_offset()))
}

/// Whether `new` ends before `old`; `None` is without an end.
fn ends_earlier(old: Option<i64>, new: Option<i64>) -> bool {
    match (old, new) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(old), Some(new)) => new < old,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::application_form;

    fn file() -> Value {
        json!({
            "family_name": "Okonkwo", "given_names": "Adaeze", "birth_date": "1991-02-28",
            "license_number": "ZZ-1", "issue_date": "2024-05-01", "expiry_date": "2034-04-30",
            "issuing_country": "ZZ",
            "categories": [
                { "code": "B", "from": "2010-03-01", "until": null, "restrictions": ["01.06"] },
                { "code": "C", "from": "2015-03-01", "until": "2030-02-28", "restrictions": null }
            ]
        })
    }

    fn license(file: &Value) -> License {
        application_form::parse(file.to_string().as_bytes()).unwrap()
    }

    fn changed(pointer: &str, value: Value) -> bool {
        let mut new = file();
        *new.pointer_mut(pointer).unwrap() = value;
        takes_away(&license(&file()), &license(&new))
    }

    #[test]
    fn names_more_days_more_categories_and_fewer_restrictions_take_nothing_away() {
        assert!(!takes_away(&license(&file()), &license(&file())));
        assert!(!changed("/family_name", json!("Okonkwo-Berg")));
        assert!(!changed("/expiry_date", json!("2044-04-30")));
        assert!(!changed("/expiry_date", Value::Null));
        assert!(!changed("/issue_date", json!("2024-04-01")));
        assert!(!changed("/categories/1/until", json!("2035-02-28")));
        assert!(!changed("/categories/1/until", Value::Null));
        assert!(!changed("/categories/1/from", Value::Null));
        assert!(!changed("/categories/0/restrictions", Value::Null));
        let mut new = file();
        new["categories"]
            .as_array_mut()
            .unwrap()
            .push(json!({ "code": "A", "from": null, "until": null }));
        new["categories"].as_array_mut().unwrap().reverse();
        assert!(!takes_away(&license(&file()), &license(&new)));
    }

    #[test]
    fn a_lost_category_a_shorter_date_and_a_new_restriction_take_something_away() {
        assert!(changed("/categories/1/code", json!("C1")));
        assert!(changed("/expiry_date", json!("2034-04-29")));
        assert!(changed("/issue_date", json!("2024-05-02")));
        assert!(changed("/categories/1/until", json!("2030-02-27")));
        assert!(changed("/categories/0/until", json!("2040-01-01")));
        assert!(changed("/categories/0/from", json!("2010-03-02")));
        assert!(changed("/categories/1/restrictions", json!(["78"])));
        assert!(changed(
            "/categories/0/restrictions",
            json!(["01.06", "78"])
        ));
    }

    #[test]
    fn the_old_credential_ends_an_hour_after_the_new_one_was_acknowledged_or_a_day_after_it_took_away()
     {
        assert_eq!(supersede_at(None, None), None);
        assert_eq!(supersede_at(None, Some(100)), Some(3_700));
        assert_eq!(supersede_at(Some(100), None), Some(86_500));
        assert_eq!(supersede_at(Some(100), Some(200)), Some(3_800));
        assert_eq!(supersede_at(Some(100), Some(86_400)), Some(86_500));
    }
}
