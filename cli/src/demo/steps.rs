//! What happens, in order. Everything is real: the authority serves HTTP, the wallet keeps a sealed
//! vault on disk, the reader sees nothing but the rendered picture and its own clock.

use std::path::Path;
use std::time::{Duration, Instant};

use vidimus_credential::qr::{self, TOKEN_PREFIX, base45};
use vidimus_credential::qr::{Symbol, SymbolOptions};
use vidimus_credential::{LicenseStatus, UnixTime};
use vidimus_wallet::present::{Frame, Presentation};

use super::narrator::Narrator;
use super::parties::{self, Driver, Office, Reader};
use crate::failure::{Failure, Outcome};
use crate::terminal::Canvas;
use crate::{live, runtime, verify, wallet};

/// How far the second officer's clock is set ahead, in seconds.
const LATER: u64 = 120;

/// Runs all steps; returns the authority and the phone, so that the caller can go on.
pub(super) async fn tell(narrator: &mut Narrator, folder: &Path) -> Outcome<(Office, Driver)> {
    narrator.open(
        "Vidimus: a driver's license from its issue to the roadside",
        "A real authority on this machine, a real wallet in a temporary folder, a reader without network.",
    )?;
    let (office, driver) = issue(narrator, folder).await?;
    let root = verify::read_root(&office.root_file())?;
    let trust = driver.trust_list()?;
    let load = || Reader::load(root.clone(), &trust);

    let mut officer = load()?;
    let mut showing = Showing::begin(&driver)?;
    let (first, second) = show(narrator, &mut officer, &mut showing).await?;
    screenshot(narrator, &first, &mut officer, &mut load()?).await?;
    forge(narrator, &second, &driver, &mut load()?)?;
    narrator.breathe().await;
    copy(narrator, &driver, folder).await?;
    narrator.breathe().await;

    lose(narrator, &office, &mut showing, load()?).await?;
    showing.end().await?;
    let driver = replace(narrator, &office, &driver.license_id, folder).await?;
    let mut showing = Showing::begin(&driver)?;
    welcome(narrator, &office, &mut showing, load()?).await?;
    suspend(narrator, &office, &mut showing, &mut officer, load()?).await?;
    showing.end().await?;
    narrator.close("Nothing of this is kept.")?;
    Ok((office, driver))
}

/// An authority, a registered driver, an enrolled phone with a fresh status.
async fn issue(narrator: &mut Narrator, folder: &Path) -> Outcome<(Office, Driver)> {
    let office = Office::open(folder).await?;
    narrator.step(
        "authority",
        &format!("A licensing authority opens at {}", office.issuer()),
        "It has three keys. The root names the other two, one for licenses and one for their status, so a phone or a reader needs to trust the root alone.",
    )?;
    narrator.breathe().await;

    let added = office.register()?;
    narrator.step(
        "register",
        &format!("A clerk registers a driver from driver.json and a JPEG of {} bytes", parties::portrait_length()),
        &format!(
            "The answer is an offer for the driver's phone, and the code {} by another way: a thief of the offer lacks the code.",
            added.tx_code
        ),
    )?;
    narrator.breathe().await;

    let driver = Driver::enroll(folder.join("phone"), &office, &added).await?;
    narrator.step(
        "enroll",
        &format!("{} enrolls over HTTP (OpenID4VCI 1.0)", driver.name()),
        "The phone made its own key and proved it; the license is bound to that key, was checked against the root, and lies encrypted in the vault.",
    )?;
    narrator.breathe().await;

    let report = driver.refresh_whole().await?;
    narrator.step(
        "refresh",
        &format!("The phone refreshes: {} requests, and the status is signed anew every hour", report.requests),
        "It fetches a list of 256 licenses, so the authority cannot tell whose phone asked, and staples the list's signature to each QR: no network at the roadside. The authority dates what it signs 150 s back, so that no honest clock is behind it.",
    )?;
    narrator.breathe().await;
    Ok((office, driver))
}

/// Two QRs, each read back from its picture.
async fn show(
    narrator: &mut Narrator,
    officer: &mut Reader,
    showing: &mut Showing<'_>,
) -> Outcome<(Frame, Frame)> {
    let first = showing.next().await?;
    let rotates = Instant::now() + live::rotation(&first);
    let verdict = officer.look_at(&Narrator::picture(&first), runtime::now())?;
    let words = (
        "show",
        "The phone shows a QR, and an officer's reader without network reads it from the picture",
        "Three signatures hold: the authority's on the license, the authority's on its status, and this phone's on a proof that lives for 30 seconds.",
    );
    narrator.first_qr(words, &first, &verdict, rotates).await?;

    let second = showing.next().await?;
    let verdict = officer.look_at(&Narrator::picture(&second), runtime::now())?;
    let words = (
        "rotate",
        "Ten seconds later there is a new QR in the same place, and the reader accepts it too",
        "Each one is signed anew, so a picture of it is worth nothing soon after.",
    );
    narrator.next_qr(words, &second, &verdict)?;
    narrator.breathe().await;
    Ok((first, second))
}

/// A picture of the first QR, at the same reader now, and at another one later.
async fn screenshot(
    narrator: &mut Narrator,
    first: &Frame,
    officer: &mut Reader,
    other: &mut Reader,
) -> Outcome {
    let picture = Narrator::picture(first);
    let verdict = officer.look_at(&picture, runtime::now())?;
    narrator.judged(
        "replay",
        "A friend shows a screenshot of the first QR to the same officer",
        "The reader remembers what it has seen for as long as it could still be good.",
        &verdict,
    )?;
    narrator.breathe().await;

    let later = runtime::now().saturating_add(LATER);
    let verdict = other.look_at(&picture, later)?;
    narrator.judged(
        "screenshot",
        &format!("The friend tries another officer two minutes later (this reader's clock is set ahead by {LATER} s)"),
        "The proof's 30 seconds are over, and so are the 30 that clocks may differ by.",
        &verdict,
    )?;
    narrator.breathe().await;
    Ok(())
}

/// The phone is lost and ended; who finds it still has its screen.
async fn lose(
    narrator: &mut Narrator,
    office: &Office,
    showing: &mut Showing<'_>,
    officer: Reader,
) -> Outcome {
    office.end_lost_phone(&showing.driver.license_id)?;
    let found = showing.next().await?;
    let mut informed = officer.with_bundle(&office.bundle().await?)?;
    let verdict = informed.look_at(&Narrator::picture(&found), runtime::now())?;
    narrator.judged(
        "lost",
        "The driver loses the phone, a clerk ends it as lost, and someone finds it and shows the license",
        "This phone's copy alone is revoked. The officer's reader has loaded the authority's newest status bundle, so it knows, and needs no network.",
        &verdict,
    )?;
    narrator.breathe().await;
    Ok(())
}

/// Another offer of the same license, taken up by another phone.
async fn replace(
    narrator: &mut Narrator,
    office: &Office,
    license_id: &str,
    folder: &Path,
) -> Outcome<Driver> {
    let offer = office.offer_again(license_id)?;
    let driver = Driver::enroll(folder.join("second-phone"), office, &offer).await?;
    let report = driver.refresh_whole().await?;
    narrator.step(
        "offer",
        &format!(
            "The clerk makes another offer of the same license, with the code {}, and a new phone enrolls",
            offer.tx_code
        ),
        &format!(
            "Nothing is registered twice. The new phone has its own key and its own status, which it fetches at once ({} requests).",
            report.requests
        ),
    )?;
    narrator.breathe().await;
    Ok(driver)
}

/// The new phone before an officer who knows of the lost one.
async fn welcome(
    narrator: &mut Narrator,
    office: &Office,
    showing: &mut Showing<'_>,
    officer: Reader,
) -> Outcome {
    let mut informed = officer.with_bundle(&office.bundle().await?)?;
    let frame = showing.next().await?;
    let verdict = informed.look_at(&Narrator::picture(&frame), runtime::now())?;
    narrator.judged(
        "another",
        "The driver shows the license on the new phone, and a reader with the newest bundle accepts it",
        "The end of one phone says nothing about the driver: the license itself was valid all the time.",
        &verdict,
    )?;
    narrator.breathe().await;
    Ok(())
}

/// The authority suspends; who learns of it, and when.
async fn suspend(
    narrator: &mut Narrator,
    office: &Office,
    showing: &mut Showing<'_>,
    officer: &mut Reader,
    other: Reader,
) -> Outcome {
    office.set_status(&showing.driver.license_id, LicenseStatus::Suspended)?;
    let stale = showing.next().await?;
    let picture = Narrator::picture(&stale);
    let verdict = officer.look_at(&picture, runtime::now())?;
    let age = verdict.age_s.unwrap_or(0);
    narrator.judged(
        "suspend",
        "The authority suspends the license, and the new phone has not asked since",
        &format!(
            "A reader that knows only the stapled status accepts, and says how old that is: {age} s. Past a day it would say caution, past a week unknown."
        ),
        &verdict,
    )?;
    narrator.breathe().await;

    let mut informed = other.with_bundle(&office.bundle().await?)?;
    let verdict = informed.look_at(&picture, runtime::now())?;
    narrator.judged(
        "bundle",
        "Another reader has loaded the authority's status bundle since then",
        "The newest signed status counts, wherever it comes from: the same QR is refused, still without a network.",
        &verdict,
    )?;
    narrator.breathe().await;

    let report = showing.driver.refresh_whole().await?;
    let fresh = showing.next().await?;
    let verdict = officer.look_at(&Narrator::picture(&fresh), runtime::now())?;
    narrator.judged(
        "refuse",
        &format!(
            "The new phone refreshes ({} requests), and its next QR carries the suspension",
            report.requests
        ),
        "The phone shows every status, also a bad one: it is the reader who refuses.",
        &verdict,
    )?;
    narrator.breathe().await;
    Ok(())
}

/// A token in which someone has written another name.
fn forge(
    narrator: &mut Narrator,
    genuine: &Frame,
    driver: &Driver,
    officer: &mut Reader,
) -> Outcome {
    let forged = with_another_name(&genuine.text, driver.name()).and_then(|text| {
        let symbol = Symbol::encode(&text, SymbolOptions::default()).ok()?;
        Some(Canvas::new(&symbol).to_png(4))
    });
    let picture =
        forged.ok_or_else(|| Failure::not_done("the forger could not change the token"))?;
    let verdict = officer.look_at(&picture, runtime::now())?;
    narrator.judged(
        "forge",
        "A forger writes another name into a QR",
        "One changed letter breaks the authority's signature, and only the authority can make another.",
        &verdict,
    )
}

/// The token's text with the first letter of the family name changed.
fn with_another_name(text: &str, name: &str) -> Option<String> {
    let mut bytes = base45::decode(text.strip_prefix(TOKEN_PREFIX)?).ok()?;
    let family = name.rsplit(' ').next()?.as_bytes();
    let at = bytes
        .windows(family.len())
        .position(|window| window == family)?;
    *bytes.get_mut(at)? = b'E';
    Some(qr::token_text(&bytes))
}

/// The vault's files on another phone.
async fn copy(narrator: &mut Narrator, driver: &Driver, folder: &Path) -> Outcome {
    let error = match driver.copy_to(&folder.join("thief")).await? {
        Err(error) => error,
        Ok(()) => {
            return Err(Failure::not_done(
                "the copied vault opened, which it must not",
            ));
        }
    };
    narrator.refused(
        "copy",
        "A thief copies the vault's files to another phone",
        "They are encrypted under a key that the first phone's key store guards and never gives away.",
        &error.to_string(),
    )
}

/// The license on the phone's screen.
struct Showing<'a> {
    driver: &'a Driver,
    presentation: Presentation,
    last: Option<UnixTime>,
}

impl<'a> Showing<'a> {
    /// The driver opens the license.
    fn begin(driver: &'a Driver) -> Outcome<Self> {
        Ok(Self {
            driver,
            presentation: driver.present()?,
            last: None,
        })
    }

    /// The driver closes the license.
    async fn end(self) -> Outcome {
        self.presentation
            .end()
            .await
            .map_err(|error| wallet::failure(&error))
    }

    /// The next frame, in another second than the last: a token's times are whole seconds, and what
    /// is signed twice in one second is one token, which a reader takes for a replay.
    async fn next(&mut self) -> Outcome<Frame> {
        while self.last.is_some_and(|last| runtime::now() <= last) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let reading = self.driver.wallet().reading();
        let frame = self
            .presentation
            .frame(reading)
            .await
            .map_err(|error| wallet::failure(&error))?;
        self.last = Some(frame.issued_at);
        Ok(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forger_changes_one_letter_and_nothing_else() {
        let genuine = qr::token_text(b"...gOkonkwofAdaeze...");
        let forged = with_another_name(&genuine, "Adaeze Okonkwo").unwrap();
        let bytes = base45::decode(forged.strip_prefix(TOKEN_PREFIX).unwrap()).unwrap();
        assert_eq!(bytes, b"...gEkonkwofAdaeze...");
    }

    #[test]
    fn the_later_hour_is_past_the_proof_and_the_skew() {
        let policy = vidimus_credential::Policy::default();
        assert!(LATER > policy.max_life_s + policy.skew_s);
    }
}
