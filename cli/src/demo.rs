//! `vidimus demo`: the whole story, with everything real but its driver.

mod narrator;
mod parties;
mod steps;

use std::fs;
use std::time::{Duration, Instant};

use vidimus_credential::LicenseStatus;
use vidimus_wallet::present::Frame;

use crate::args::DemoArguments;
use crate::failure::{Failure, Outcome};
use crate::live::{self, Caption, End};
use crate::terminal::Canvas;
use crate::{files, output, runtime};
use narrator::Narrator;
use parties::{Driver, Office};

/// Tells the story, and with `--interactive` keeps showing the license after it.
pub(crate) fn run(asked: &DemoArguments, json: bool) -> Outcome {
    let folder = tempfile::Builder::new()
        .prefix("vidimus-demo-")
        .tempdir()
        .map_err(|error| Failure::not_done(format!("cannot make a temporary folder: {error}")))?;
    let outcome = runtime::block_on(tell(folder.path(), asked.interactive, json));
    // The folder goes before the outcome is told: nothing is kept, also after a failure.
    drop(folder);
    outcome
}

async fn tell(folder: &std::path::Path, interactive: bool, json: bool) -> Outcome {
    let mut narrator = Narrator::new(json, folder.join("qr.png"));
    // Ctrl-C must not leave the folder behind, so the process ends by itself.
    let (office, driver) = tokio::select! {
        told = steps::tell(&mut narrator, folder) => told?,
        () = nobody_reads() => return Ok(()),
        _ = tokio::signal::ctrl_c() => return Err(Failure::not_done("stopped; nothing was kept")),
    };
    if interactive {
        keep_showing(&mut narrator, &office, &driver, folder).await?;
    }
    office.close().await
}

/// Ends once no one reads standard output any more (`| head -1`).
async fn nobody_reads() {
    while !output::reader_is_gone() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Lifts the suspension and shows the license until Ctrl-C. What a reader needs lies in the folder,
/// so that `verify` can be tried in another window.
async fn keep_showing(
    narrator: &mut Narrator,
    office: &Office,
    driver: &Driver,
    folder: &std::path::Path,
) -> Outcome {
    office.set_status(&driver.license_id, LicenseStatus::Valid)?;
    driver.refresh().await?;
    let (trust, picture) = (folder.join("trust.cwt"), folder.join("qr.png"));
    fs::write(&trust, driver.trust_list()?).map_err(|error| Failure::unwritable(&trust, &error))?;
    narrator.step(
        "interactive",
        "The suspension is lifted, and the phone shows the license until you press Ctrl-C",
        &format!(
            "Play the officer in another window: vidimus verify --root {} --trust {} --image {}",
            office.root_file().display(),
            trust.display(),
            picture.display()
        ),
    )?;
    narrator.pause(Duration::from_secs(4)).await;
    let caption = Caption {
        title: driver.name(),
        png: &picture,
        keep_png: true,
    };
    let write = |frame: &Frame| files::replace(&picture, &Canvas::new(&frame.symbol).to_png(8));
    loop {
        let presentation = driver.present()?;
        let end = if narrator.is_json() || !output::is_terminal() {
            frames(narrator, driver, presentation, &write).await?
        } else {
            live::show(driver.wallet(), presentation, &caption, write).await?
        };
        if end == End::Stopped {
            return Ok(());
        }
    }
}

/// One object or line a frame, where there is no terminal to draw in.
async fn frames(
    narrator: &mut Narrator,
    driver: &Driver,
    mut presentation: vidimus_wallet::present::Presentation,
    write: &impl Fn(&Frame) -> Outcome,
) -> Outcome<End> {
    let mut signals = live::Signals::new()?;
    loop {
        let frame = match presentation.frame(driver.wallet().reading()).await {
            Ok(frame) => frame,
            Err(vidimus_wallet::Error::PresentationEnded) => return Ok(End::TimeUp),
            Err(error) => return Err(crate::wallet::failure(&error)),
        };
        let rotates = Instant::now() + live::rotation(&frame);
        write(&frame)?;
        narrator.frame(&frame)?;
        if output::reader_is_gone() || signals.within(rotates).await {
            return Ok(End::Stopped);
        }
    }
}
