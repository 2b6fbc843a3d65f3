//! The claims of a credential as CBOR, both ways (profile, section 1).

use super::{CredentialClaims, MAX_BYTES, StatusRef};
use crate::birth_date::{BirthDate, Year, YearMonth};
use crate::cbor::{CborReader, CborWriter, MapKey};
use crate::key::VerifyingKey;
use crate::license::{Category, Country, License, LicenseFields};
use crate::text::{self, check_field};
use crate::time::{Day, UnixTime, UtcOffset};
use crate::{Error, Field};

const VCT: &str = "urn:vidimus:dl:1";
const CLAIM_LICENSE: i64 = -70_001;
const CLAIM_STATUS: i64 = 65_535;
const REDACTED_KEYS: u8 = 59;

pub(super) fn write_claims(claims: &CredentialClaims, portrait: &[u8; 32]) -> Vec<u8> {
    let mut writer = CborWriter::with_capacity(MAX_BYTES);
    writer
        .map(8)
        .int(1)
        .text(&claims.iss)
        .int(2)
        .bytes(&claims.sub);
    writer
        .int(4)
        .uint(claims.exp.seconds())
        .int(6)
        .uint(claims.iat.seconds());
    writer.int(8).map(1).int(1);
    claims.holder_key.write(&mut writer);
    writer.int(11).text(VCT);
    writer.int(CLAIM_STATUS).map(1).text("status_list").map(2);
    writer
        .text("idx")
        .uint(claims.status.idx.into())
        .text("uri")
        .text(&claims.status.uri);
    writer.int(CLAIM_LICENSE);
    write_license(&mut writer, &claims.license, portrait);
    writer.into_bytes()
}

fn write_license(writer: &mut CborWriter, license: &License, portrait: &[u8; 32]) {
    let offset = license.utc_offset();
    writer.map(if offset == UtcOffset::UTC { 9 } else { 10 });
    writer.int(1).text(license.family_name());
    writer.int(2).text(license.given_names());
    writer.int(3);
    write_birth_date(writer, license.birth_date());
    writer.int(4).text(license.license_number());
    writer.int(5);
    write_categories(writer, license.categories());
    writer.int(6).int(license.issue_date().days().into());
    writer.int(7);
    write_day(writer, license.expiry_date());
    writer.int(8).text(license.issuing_country().as_str());
    if offset != UtcOffset::UTC {
        writer.int(10).int(offset.minutes().into());
    }
    writer.simple(REDACTED_KEYS).array(1).bytes(portrait);
}

fn write_birth_date(writer: &mut CborWriter, birth: BirthDate) {
    match birth {
        BirthDate::Day(day) => writer.int(day.days().into()),
        BirthDate::YearMonth(month) => writer
            .array(2)
            .uint(month.year().get().into())
            .uint(month.month().into()),
        BirthDate::Year(year) => writer.array(1).uint(year.get().into()),
    };
}

fn write_day(writer: &mut CborWriter, day: Option<Day>) {
    match day {
        Some(day) => writer.int(day.days().into()),
        None => writer.null(),
    };
}

pub(super) fn write_categories(writer: &mut CborWriter, categories: &[Category]) {
    writer.array(categories.len());
    for category in categories {
        let restrictions = category.restrictions();
        writer.array(if restrictions.is_empty() { 3 } else { 4 });
        match category.codes() {
            [code] => {
                writer.text(code);
            }
            codes => write_texts(writer, codes),
        }
        write_day(writer, category.from());
        write_day(writer, category.until());
        if !restrictions.is_empty() {
            write_texts(writer, restrictions);
        }
    }
}

fn write_texts(writer: &mut CborWriter, texts: &[String]) {
    writer.array(texts.len());
    for text in texts {
        writer.text(text);
    }
}

pub(super) fn read_claims(payload: &[u8]) -> Result<(CredentialClaims, [u8; 32]), Error> {
    let (mut iss, mut sub, mut exp, mut iat) = (None, None, None, None);
    let (mut holder_key, mut vct, mut status, mut license) = (None, None, None, None);
    CborReader::new(payload, Field::Credential).map(|key, reader| {
        match key {
            MapKey::Int(1) => iss = Some(reader.text()?),
            MapKey::Int(2) => sub = Some(reader.bytes_of::<16>()?),
            MapKey::Int(4) => exp = Some(UnixTime::new(reader.uint()?)?),
            MapKey::Int(6) => iat = Some(UnixTime::new(reader.uint()?)?),
            MapKey::Int(8) => holder_key = Some(read_confirmation(reader)?),
            MapKey::Int(11) => vct = Some(reader.text()?),
            MapKey::Int(CLAIM_STATUS) => status = Some(read_status_ref(reader)?),
            MapKey::Int(CLAIM_LICENSE) => license = Some(read_license(reader)?),
            _ => return Err(Error::Layout(Field::Credential)),
        }
        Ok(())
    })?;
    let (Some(iss), Some(sub), Some(exp), Some(iat)) = (iss, sub, exp, iat) else {
        return Err(Error::Layout(Field::Credential));
    };
    let (Some(holder_key), Some(VCT), Some(status), Some((license, digest))) =
        (holder_key, vct, status, license)
    else {
        return Err(Error::Layout(Field::Credential));
    };
    check_field(Field::Issuer, iss, text::MAX_ISS, false)?;
    let iss = iss.to_owned();
    Ok((
        CredentialClaims {
            iss,
            sub,
            exp,
            iat,
            holder_key,
            license,
            status,
        },
        digest,
    ))
}

/// `cnf` (RFC 8747): a COSE_Key and nothing else.
fn read_confirmation(reader: &mut CborReader<'_>) -> Result<VerifyingKey, Error> {
    let mut holder_key = None;
    reader.map(|key, reader| match key {
        MapKey::Int(1) => {
            holder_key = Some(VerifyingKey::read(reader)?);
            Ok(())
        }
        _ => Err(Error::Layout(Field::Credential)),
    })?;
    holder_key.ok_or(Error::Layout(Field::Credential))
}

fn read_status_ref(reader: &mut CborReader<'_>) -> Result<StatusRef, Error> {
    let mut status = None;
    reader.map(|key, reader| {
        if key != MapKey::Text("status_list") {
            return Err(Error::Layout(Field::Credential));
        }
        let (mut idx, mut uri) = (None, None);
        reader.map(|key, reader| {
            match key {
                MapKey::Text("idx") => idx = Some(reader.uint()?),
                MapKey::Text("uri") => uri = Some(reader.text()?),
                _ => return Err(Error::Layout(Field::Credential)),
            }
            Ok(())
        })?;
        let (Some(idx), Some(uri)) = (idx, uri) else {
            return Err(Error::Layout(Field::Credential));
        };
        check_field(Field::StatusUri, uri, text::MAX_URI, false)?;
        let idx = u8::try_from(idx).map_err(|_| Error::OutOfBounds(Field::StatusIndex))?;
        status = Some(StatusRef {
            idx,
            uri: uri.to_owned(),
        });
        Ok(())
    })?;
    status.ok_or(Error::Layout(Field::Credential))
}

fn read_license(reader: &mut CborReader<'_>) -> Result<(License, [u8; 32]), Error> {
    let (mut family, mut given, mut birth, mut number) = (None, None, None, None);
    let (mut categories, mut issue, mut expiry, mut country) = (None, None, None, None);
    let (mut offset, mut portrait) = (UtcOffset::UTC, None);
    reader.map(|key, reader| {
        match key {
            MapKey::Int(1) => family = Some(reader.text()?),
            MapKey::Int(2) => given = Some(reader.text()?),
            MapKey::Int(3) => birth = Some(read_birth_date(reader)?),
            MapKey::Int(4) => number = Some(reader.text()?),
            MapKey::Int(5) => categories = Some(read_categories(reader)?),
            MapKey::Int(6) => issue = Some(read_day(reader)?),
            MapKey::Int(7) => expiry = Some(reader.nullable(read_day)?),
            MapKey::Int(8) => country = Some(Country::parse(reader.text()?)?),
            MapKey::Int(10) => offset = read_offset(reader)?,
            MapKey::Simple(REDACTED_KEYS) => {
                reader.array_of(1)?;
                portrait = Some(reader.bytes_of::<32>()?);
            }
            _ => return Err(Error::Layout(Field::Credential)),
        }
        Ok(())
    })?;
    let (Some(family), Some(given), Some(birth_date), Some(number), Some(categories)) =
        (family, given, birth, number, categories)
    else {
        return Err(Error::Layout(Field::Credential));
    };
    let (Some(issue_date), Some(expiry_date), Some(issuing_country), Some(portrait)) =
        (issue, expiry, country, portrait)
    else {
        return Err(Error::Layout(Field::Credential));
    };
    let license = License::new(LicenseFields {
        family_name: family.to_owned(),
        given_names: given.to_owned(),
        birth_date,
        license_number: number.to_owned(),
        categories,
        issue_date,
        expiry_date,
        issuing_country,
        utc_offset: offset,
    })?;
    Ok((license, portrait))
}

fn read_day(reader: &mut CborReader<'_>) -> Result<Day, Error> {
    Day::new(reader.int()?)
}

/// A day, `[year]` or `[year, month]`.
fn read_birth_date(reader: &mut CborReader<'_>) -> Result<BirthDate, Error> {
    if !reader.is_array() {
        return read_day(reader).map(BirthDate::Day);
    }
    let parts = reader.array()?;
    if !(1..=2).contains(&parts) {
        return Err(Error::Layout(Field::Credential));
    }
    let year = Year::new(reader.int()?)?;
    if parts == 1 {
        return Ok(BirthDate::Year(year));
    }
    YearMonth::new(year, reader.int()?).map(BirthDate::YearMonth)
}

/// Absent means 0: a 0 that is written would be a second way to say the same.
fn read_offset(reader: &mut CborReader<'_>) -> Result<UtcOffset, Error> {
    match UtcOffset::new(reader.int()?)? {
        UtcOffset::UTC => Err(Error::Layout(Field::Credential)),
        offset => Ok(offset),
    }
}

fn read_categories(reader: &mut CborReader<'_>) -> Result<Vec<Category>, Error> {
    let mut categories = Vec::new();
    for _ in 0..reader.array()? {
        let parts = reader.array()?;
        if !(3..=4).contains(&parts) {
            return Err(Error::Layout(Field::Credential));
        }
        let codes = read_codes(reader)?;
        let from = reader.nullable(read_day)?;
        let until = reader.nullable(read_day)?;
        let restrictions = if parts == 4 {
            let restrictions = read_texts(reader)?;
            // Absent or at least one: an empty array would be a second way to say the same.
            if restrictions.is_empty() {
                return Err(Error::Layout(Field::Credential));
            }
            restrictions
        } else {
            Vec::new()
        };
        categories.push(Category::of_codes(codes, from, until, restrictions)?);
    }
    Ok(categories)
}

/// One code, or an array of at least two.
fn read_codes(reader: &mut CborReader<'_>) -> Result<Vec<String>, Error> {
    if !reader.is_array() {
        return Ok(vec![reader.text()?.to_owned()]);
    }
    let codes = read_texts(reader)?;
    if codes.len() < 2 {
        return Err(Error::Layout(Field::Credential));
    }
    Ok(codes)
}

fn read_texts(reader: &mut CborReader<'_>) -> Result<Vec<String>, Error> {
    let count = reader.array()?;
    (0..count).map(|_| Ok(reader.text()?.to_owned())).collect()
}
