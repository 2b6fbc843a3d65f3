//! Accounts after a backup is put back, and after the end of a license.

use super::*;

fn count(office: &Office, table: &str) -> i64 {
    let query = format!("SELECT count(*) FROM {table}");
    let connection = rusqlite::Connection::open(office.home().join("authority.sqlite")).unwrap();
    connection.query_row(&query, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_letter_of_a_backup_that_was_put_back_is_void() {
    let office = Office::new();
    office.add("D-1");
    office.open().make_letter("D-1", office.now()).unwrap();
    let backup = office.backup("backup");
    office.publish();
    office.restore(&backup);
    office.reconcile();
    assert_eq!(count(&office, "letters"), 0, "it may have been used since");
    let made = office.open().make_letter("D-1", office.now()).unwrap();
    assert!(!made.replaced && !made.renews);
}

#[test]
fn letters_that_ran_out_are_forgotten_and_one_of_a_stranger_is_none() {
    let office = Office::new();
    office.add("D-1");
    let first = office.open().make_letter("D-1", office.now()).unwrap();
    let second = office.open().make_letter("D-1", office.now()).unwrap();
    assert!(second.replaced && !first.replaced && first.code != second.code);
    assert_eq!(second.expires, office.now().saturating_add(30 * DAY));
    let unknown = office.open().make_letter("D-2", office.now());
    assert_eq!(unknown.err(), Some(Error::UnknownLicense));
    // A jump of the clock deletes nothing; days that pass do.
    for _ in 0..36 {
        office.pass(DAY - HOUR);
        office.publish();
    }
    assert_eq!(count(&office, "letters"), 0);
}
