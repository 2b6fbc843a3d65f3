//! The rows of categories: one code each in the file, grouped in the license.

use serde_json::{Value, json};
use vidimus_credential::text::{MAX_CATEGORY, MAX_RESTRICTION};
use vidimus_credential::{Category, Day, License};

use super::fields::Fields;
use super::{FormError, FormFault, fault};

/// Reads the rows and joins those of equal dates and restrictions (profile, "Categories").
pub(super) fn read(file: &Fields<'_>) -> Result<Vec<Category>, FormError> {
    let list = file.array("categories", 1, License::MAX_CATEGORIES)?;
    let rows: Vec<Category> = list
        .iter()
        .enumerate()
        .map(|(index, value)| row(file, &format!("categories[{index}]"), value))
        .collect::<Result<_, _>>()?;
    if file.reading.desk.is_some()
        && let Some((index, other)) = first_overlap(&rows)
    {
        return fault(
            &format!("categories[{index}]"),
            FormFault::Overlap { other },
        );
    }
    Ok(Category::group(&rows))
}

fn row(file: &Fields<'_>, name: &str, value: &Value) -> Result<Category, FormError> {
    let Value::Object(map) = value else {
        return fault(
            name,
            FormFault::Type("an object such as {\"code\": \"B\", \"from\": null, \"until\": null}"),
        );
    };
    let prefix = format!("{name}.");
    let fields = Fields {
        reading: file.reading,
        prefix: &prefix,
        map,
    };
    let code = fields.text("code", MAX_CATEGORY, false)?;
    let from = fields.optional_date("from")?;
    let until = fields.optional_date("until")?;
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        return fault(&fields.name("until"), FormFault::Before("from"));
    }
    let restrictions = fields.texts("restrictions", Category::MAX_RESTRICTIONS, MAX_RESTRICTION)?;
    Category::new(code, from, until, restrictions).map_err(|error| FormError {
        field: name.to_owned(),
        fault: FormFault::Profile(error),
    })
}

/// The first row whose code is in an earlier row that is in force on some day of it: their indexes,
/// the later one first.
fn first_overlap(rows: &[Category]) -> Option<(usize, usize)> {
    rows.iter().enumerate().find_map(|(index, row)| {
        let earlier = rows.iter().take(index);
        let other = earlier
            .enumerate()
            .find(|(_, other)| other.codes() == row.codes() && meet(other, row));
        other.map(|(other, _)| (index, other))
    })
}

/// Whether two rows share a day.
fn meet(one: &Category, other: &Category) -> bool {
    let from = |row: &Category| row.from().unwrap_or(Day::MIN);
    let until = |row: &Category| row.until().unwrap_or(Day::MAX);
    from(one) <= until(other) && from(other) <= until(one)
}

/// The rows of a license, one code each.
pub(super) fn to_json(license: &License) -> Vec<Value> {
    let date = |day: Option<Day>| day.map(|day| day.to_string());
    let rows = license.codes().map(|(code, row)| {
        let mut value =
            json!({ "code": code, "from": date(row.from()), "until": date(row.until()) });
        if let (Value::Object(map), false) = (&mut value, row.restrictions().is_empty()) {
            map.insert("restrictions".to_owned(), json!(row.restrictions()));
        }
        value
    });
    rows.collect()
}
